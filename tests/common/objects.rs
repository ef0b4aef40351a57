//! What the threads of a random program share.

use super::atomic::{AnyAtomic, atomic};
use super::instr::OBJECTS;
use super::ledger::kind_of_rwlock;
use super::mutex::{AnyMutex, mutex};
use super::once::{AnyOnceLock, once_lock};
use super::pointers::Pointer;
use super::rwlock::{AnyRwLock, rwlock};
use super::unguarded::{AnyUnguarded, unguarded};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tellers::sync::thread::{self, JoinHandle, Thread};
use tellers::sync::{Barrier, Cell, Condvar, Event, Lock, Once, Semaphore};

/// The objects as one thread knows them.
#[derive(Clone)]
pub struct Objects {
    pub locks: [Arc<Lock>; OBJECTS],
    pub cells: [Arc<Cell>; OBJECTS],
    pub mutexes: [Arc<dyn AnyMutex>; OBJECTS],
    pub condvars: [Arc<Condvar>; OBJECTS],
    pub atomics: [Arc<dyn AnyAtomic>; OBJECTS],
    pub rwlocks: [Arc<dyn AnyRwLock>; OBJECTS],
    pub barriers: [Arc<Barrier>; OBJECTS],
    pub onces: [Arc<Once>; OBJECTS],
    pub once_locks: [Arc<dyn AnyOnceLock>; OBJECTS],
    pub unguarded: [Arc<dyn AnyUnguarded>; OBJECTS],
    pub pointers: [Arc<Pointer>; OBJECTS],
    /// The type of the first of each kind that has data; those of the others follow.
    pub kinds: usize,
    pub event: Arc<Event>,
    pub permits: Arc<Semaphore>,
    /// What is shared without an operation.
    slot: Arc<AtomicI64>,
    /// The threads that this one knows, other than itself.
    known: Vec<Thread>,
    /// Which ones are no longer those of the beginning, by who made them: enough to tell which they are.
    pub made: Vec<Vec<usize>>,
}

/// Objects that are made outside of every run: each run begins with them as if it had made them.
#[derive(Clone)]
pub struct Outside {
    atomics: [Arc<dyn AnyAtomic>; OBJECTS],
    rwlocks: [Arc<dyn AnyRwLock>; OBJECTS],
    barriers: [Arc<Barrier>; OBJECTS],
    onces: [Arc<Once>; OBJECTS],
    once_locks: [Arc<dyn AnyOnceLock>; OBJECTS],
    pointers: [Arc<Pointer>; OBJECTS],
}

impl Outside {
    /// For every other program.
    pub fn of(kinds: usize) -> Option<Self> {
        (kinds % 2 == 1).then(|| Self::new(kinds))
    }

    fn new(kinds: usize) -> Self {
        Self {
            atomics: std::array::from_fn(|i| atomic(kinds + i, 0)),
            rwlocks: std::array::from_fn(|i| rwlock(kind_of_rwlock(kinds, i), 0)),
            barriers: std::array::from_fn(|i| Arc::new(Barrier::new(i + 1))),
            onces: std::array::from_fn(|_| Arc::new(Once::new())),
            once_locks: std::array::from_fn(|i| once_lock(kinds + i)),
            pointers: std::array::from_fn(|_| Arc::new(Pointer::new())),
        }
    }
}

impl Objects {
    /// These in place of those that a run makes.
    pub fn with(self, outside: Option<&Outside>) -> Self {
        let Some(outside) = outside.cloned() else { return self };
        let Outside { atomics, rwlocks, barriers, onces, once_locks, pointers } = outside;
        Self { atomics, rwlocks, barriers, onces, once_locks, pointers, ..self }
    }

    pub fn new(kinds: usize) -> Self {
        Self {
            locks: std::array::from_fn(|i| Arc::new(Lock::named(format!("lock{i}")))),
            cells: std::array::from_fn(|i| Arc::new(Cell::named(format!("cell{i}"), 0))),
            mutexes: std::array::from_fn(|i| mutex(kinds + i, 0)),
            condvars: std::array::from_fn(|i| Arc::new(Condvar::named(format!("condvar{i}")))),
            atomics: std::array::from_fn(|i| atomic(kinds + i, 0)),
            rwlocks: std::array::from_fn(|i| rwlock(kind_of_rwlock(kinds, i), 0)),
            barriers: std::array::from_fn(|i| Arc::new(Barrier::new(i + 1))),
            onces: std::array::from_fn(|_| Arc::new(Once::new())),
            once_locks: std::array::from_fn(|i| once_lock(kinds + i)),
            unguarded: std::array::from_fn(|i| unguarded(kind_of_rwlock(kinds, i), 0)),
            pointers: std::array::from_fn(|_| Arc::new(Pointer::new())),
            kinds,
            event: Arc::new(Event::named("event")),
            permits: Arc::new(Semaphore::named("permits", 1)),
            slot: Arc::default(),
            known: vec![],
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
        objects.known.push(thread::current());
        objects
    }

    #[track_caller]
    pub fn make(&mut self, i: usize) {
        self.locks[i] = Arc::new(Lock::new());
        self.cells[i] = Arc::new(Cell::new(1));
        self.mutexes[i] = mutex(self.kinds + OBJECTS + i, 1);
        self.condvars[i] = Arc::new(Condvar::new());
        self.atomics[i] = atomic(self.kinds + OBJECTS + i, 1);
        self.rwlocks[i] = rwlock(self.kinds + OBJECTS + i, 1);
        self.barriers[i] = Arc::new(Barrier::new(i + 1));
        self.onces[i] = Arc::new(Once::new());
        self.once_locks[i] = once_lock(self.kinds + OBJECTS + i);
        self.unguarded[i] = unguarded(self.kinds + OBJECTS + i, 1);
        self.pointers[i] = Arc::new(Pointer::new());
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

    /// From here on, this thread is known, too.
    pub fn met<T>(&mut self, handle: JoinHandle<T>) -> JoinHandle<T> {
        self.known.push(handle.thread().clone());
        handle
    }

    /// Unparks one of those that are known, of which the last is this thread.
    #[track_caller]
    pub fn unpark(&self, which: usize) {
        match self.known.get(which % (self.known.len() + 1)) {
            Some(thread) => thread.unpark(),
            None => thread::current().unpark(),
        }
    }

    fn note(&mut self, which: usize) {
        self.made.last_mut().expect("there is a list for each maker").push(which);
    }
}
