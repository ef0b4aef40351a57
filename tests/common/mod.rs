//! Random programs over `tellers::sync`.
#![allow(unreachable_pub, reason = "each test that includes this module is a crate of its own")]

use proptest::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::Program;
use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};

/// One instruction of a random thread. `acc` is what the thread last observed.
#[derive(Clone, Debug)]
pub enum Instr {
    Acquire(usize),
    AcquireTimeout(usize),
    Release(usize),
    Locked(usize),
    Load(usize),
    /// Stores `acc` plus this.
    Store(usize, i64),
    Set,
    Clear,
    IsSet,
    Wait,
    Yield,
    /// Starts a thread that does this.
    Spawn(Vec<Instr>),
    /// Joins the thread that was spawned last.
    Join,
    /// Asks whether the thread that was spawned last has ended.
    IsFinished,
    /// Promises that what was observed so far determines the rest.
    Checkpoint,
    /// Leaves the run out if `acc` is this.
    AssumeNot(i64),
    /// Panics if `acc` is this.
    PanicIf(i64),
}

/// What the threads of a program do; the main thread spawns them and joins them in order.
pub type Threads = Vec<Vec<Instr>>;

/// What a thread observed, and how the threads ended that it joined.
pub type Observed = Vec<i64>;

struct Shared {
    locks: Vec<Lock>,
    cells: Vec<Cell>,
    event: Event,
}

/// The program in which these threads run.
pub fn program(threads: Threads) -> Program<Vec<Option<Observed>>> {
    Program::new(move || {
        let shared = Arc::new(Shared {
            locks: (0..2).map(|i| Lock::named(format!("lock{i}"))).collect(),
            cells: (0..2).map(|i| Cell::named(format!("cell{i}"), 0)).collect(),
            event: Event::named("event"),
        });
        let handles: Vec<_> =
            threads.iter().cloned().map(|instrs| start(instrs, Arc::clone(&shared))).collect();
        handles.into_iter().map(|handle| handle.join().ok()).collect()
    })
}

fn start(instrs: Vec<Instr>, shared: Arc<Shared>) -> thread::JoinHandle<Observed> {
    thread::spawn(move || run(&instrs, &shared))
}

fn run(instrs: &[Instr], shared: &Arc<Shared>) -> Observed {
    let mut seen = Observed::new();
    let mut children = Vec::new();
    let acc = |seen: &Observed| seen.last().copied().unwrap_or(0);
    for (pc, instr) in instrs.iter().enumerate() {
        match *instr {
            Instr::Acquire(lock) => shared.locks[lock].acquire(),
            Instr::AcquireTimeout(lock) => {
                seen.push(shared.locks[lock].acquire_timeout(Duration::ZERO).into());
            }
            Instr::Release(lock) => seen.push(shared.locks[lock].release().is_ok().into()),
            Instr::Locked(lock) => seen.push(shared.locks[lock].locked().into()),
            Instr::Load(cell) => seen.push(shared.cells[cell].load()),
            Instr::Store(cell, more) => shared.cells[cell].store(acc(&seen) + more),
            Instr::Set => shared.event.set(),
            Instr::Clear => shared.event.clear(),
            Instr::IsSet => seen.push(shared.event.is_set().into()),
            Instr::Wait => shared.event.wait(),
            Instr::Yield => thread::yield_now(),
            Instr::Spawn(ref instrs) => children.push(start(instrs.clone(), Arc::clone(shared))),
            Instr::Join => match children.pop().map(thread::JoinHandle::join) {
                Some(Ok(more)) => seen.extend(more),
                Some(Err(_)) => seen.push(-1),
                None => {}
            },
            Instr::IsFinished => {
                if let Some(child) = children.last() {
                    seen.push(child.is_finished().into());
                }
            }
            Instr::Checkpoint => checkpoint((pc, &seen)),
            Instr::AssumeNot(value) => assume(acc(&seen) != value),
            Instr::PanicIf(value) => assert_ne!(acc(&seen), value, "told to panic"),
        }
    }
    seen
}

/// Threads that are small enough for a depth-first enumeration.
pub fn threads(
    count: std::ops::RangeInclusive<usize>,
    len: usize,
) -> impl Strategy<Value = Threads> {
    prop::collection::vec(prop::collection::vec(instr(true), 1..=len), count)
}

fn instr(may_spawn: bool) -> BoxedStrategy<Instr> {
    let plain = prop_oneof![
        4 => (0..2usize).prop_map(Instr::Acquire),
        3 => (0..2usize).prop_map(Instr::AcquireTimeout),
        5 => (0..2usize).prop_map(Instr::Release),
        1 => (0..2usize).prop_map(Instr::Locked),
        4 => (0..2usize).prop_map(Instr::Load),
        4 => (0..2usize, -1..2i64).prop_map(|(cell, more)| Instr::Store(cell, more)),
        2 => Just(Instr::Set),
        1 => Just(Instr::Clear),
        1 => Just(Instr::IsSet),
        1 => Just(Instr::Wait),
        1 => Just(Instr::Yield),
        2 => Just(Instr::Checkpoint),
        1 => (0..2i64).prop_map(Instr::AssumeNot),
        1 => (0..2i64).prop_map(Instr::PanicIf),
    ];
    if !may_spawn {
        return plain.boxed();
    }
    prop_oneof![
        20 => plain,
        1 => prop::collection::vec(instr(false), 0..=2).prop_map(Instr::Spawn),
        1 => Just(Instr::Join),
        1 => Just(Instr::IsFinished),
    ]
    .boxed()
}
