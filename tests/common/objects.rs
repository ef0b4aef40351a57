//! What the threads of a random program share.

use super::atomic::{AnyAtomic, atomic};
use super::instr::OBJECTS;
use super::mutex::{AnyMutex, mutex};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tellers::sync::{Cell, Condvar, Event, Lock, Semaphore};

/// The objects as one thread knows them.
#[derive(Clone)]
pub struct Objects {
    pub locks: [Arc<Lock>; OBJECTS],
    pub cells: [Arc<Cell>; OBJECTS],
    pub mutexes: [Arc<dyn AnyMutex>; OBJECTS],
    pub condvars: [Arc<Condvar>; OBJECTS],
    pub atomics: [Arc<dyn AnyAtomic>; OBJECTS],
    /// The type of the first mutex and the first atomic; those of the others follow.
    kinds: usize,
    pub event: Arc<Event>,
    pub permits: Arc<Semaphore>,
    /// What is shared without an operation.
    slot: Arc<AtomicI64>,
    /// Which ones are no longer those of the beginning, by who made them: enough to tell which they are.
    pub made: Vec<Vec<usize>>,
}

impl Objects {
    pub fn new(kinds: usize) -> Self {
        Self {
            locks: std::array::from_fn(|i| Arc::new(Lock::named(format!("lock{i}")))),
            cells: std::array::from_fn(|i| Arc::new(Cell::named(format!("cell{i}"), 0))),
            mutexes: std::array::from_fn(|i| mutex(kinds + i, 0)),
            condvars: std::array::from_fn(|i| Arc::new(Condvar::named(format!("condvar{i}")))),
            atomics: std::array::from_fn(|i| atomic(kinds + i, 0)),
            kinds,
            event: Arc::new(Event::named("event")),
            permits: Arc::new(Semaphore::named("permits", 1)),
            slot: Arc::default(),
            made: vec![vec![]],
        }
    }

    /// One more of each: a program that may make objects has it from the beginning, so that in each of
    /// its endings there are more than the usual ones.
    pub fn spare() -> (Lock, Cell, Arc<dyn AnyMutex>, Condvar, Arc<dyn AnyAtomic>) {
        let (lock, cell) = (Lock::named("spare"), Cell::named("spare", 0));
        (lock, cell, mutex(0, 0), Condvar::named("spare"), atomic(0, 0))
    }

    /// Those that a thread begins with.
    pub fn inherited(&self) -> Self {
        let mut objects = self.clone();
        objects.made.push(vec![]);
        objects
    }

    #[track_caller]
    pub fn make(&mut self, i: usize) {
        self.locks[i] = Arc::new(Lock::new());
        self.cells[i] = Arc::new(Cell::new(1));
        self.mutexes[i] = mutex(self.kinds + OBJECTS + i, 1);
        self.condvars[i] = Arc::new(Condvar::new());
        self.atomics[i] = atomic(self.kinds + OBJECTS + i, 1);
        self.note(i);
    }

    #[track_caller]
    pub fn make_event(&mut self) {
        self.event = Arc::new(Event::new());
        self.note(OBJECTS);
    }

    pub fn peek(&self) -> i64 {
        self.slot.load(Ordering::SeqCst)
    }

    pub fn poke(&self, value: i64) {
        self.slot.store(value, Ordering::SeqCst);
    }

    fn note(&mut self, which: usize) {
        self.made.last_mut().expect("there is a list for each maker").push(which);
    }
}
