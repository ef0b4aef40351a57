//! Random programs over two locks, two cells and an event.

use proptest::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::{Conclusion, Ending, Failure, Program};
use tellers::sync::{Cell, Event, Lock, thread};

/// What a thread of a random program does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    Acquire(usize),
    Try(usize),
    Release(usize),
    Locked(usize),
    Load(usize),
    Store(usize, i64),
    Add(usize, i64),
    Transfer(i64),
    Sum,
    Set,
    Wait,
    Yield,
    Assert(usize),
}

pub(crate) type Script = Vec<Vec<Act>>;

/// Two or three threads of a few acts each.
pub(crate) fn scripts() -> impl Strategy<Value = Script> {
    let which = 0_usize..2;
    let amount = -50_i64..50;
    let act = prop_oneof![
        3 => which.clone().prop_map(Act::Acquire),
        1 => which.clone().prop_map(Act::Try),
        3 => which.clone().prop_map(Act::Release),
        1 => which.clone().prop_map(Act::Locked),
        1 => which.clone().prop_map(Act::Load),
        1 => (which.clone(), amount.clone()).prop_map(|(cell, value)| Act::Store(cell, value)),
        3 => (which.clone(), amount.clone()).prop_map(|(cell, by)| Act::Add(cell, by)),
        3 => amount.prop_map(Act::Transfer),
        3 => Just(Act::Sum),
        1 => Just(Act::Set),
        1 => Just(Act::Wait),
        1 => Just(Act::Yield),
        1 => which.prop_map(Act::Assert),
    ];
    prop::collection::vec(prop::collection::vec(act, 0..6), 2..4)
}

struct Shared {
    locks: [Lock; 2],
    cells: [Cell; 2],
    event: Event,
}

/// The program of a script. Whatever its end, it counts as a failure of every kind that needs no
/// deadlock, so that each kind's diagnosis is asked what it makes of it.
pub(crate) fn written(script: &Script) -> Program<()> {
    let script = script.clone();
    let main = move || {
        let shared = Arc::new(Shared {
            locks: [Lock::named("a"), Lock::new()],
            cells: [Cell::named("x", 1_000), Cell::new(1_000)],
            event: Event::named("go"),
        });
        let handles: Vec<_> = script
            .clone()
            .into_iter()
            .map(|acts| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || acts.into_iter().for_each(|act| perform(&shared, act)))
            })
            .collect();
        handles.into_iter().for_each(|handle| drop(handle.join()));
    };
    Program::new(main).judged_by(everything)
}

fn everything(ending: &Ending<()>) -> Vec<Failure> {
    let mut failures = ending.failures();
    if !matches!(ending.conclusion, Conclusion::Deadlocked(_)) {
        failures.extend([Failure::LostUpdate, Failure::TornAudit, Failure::ReleaseUnlocked]);
    }
    failures
}

fn perform(shared: &Shared, act: Act) {
    let Shared { locks, cells, event } = shared;
    let add = |cell: usize, by: i64| cells[cell].store(cells[cell].load() + by);
    match act {
        Act::Acquire(lock) => locks[lock].acquire(),
        Act::Try(lock) => drop(locks[lock].acquire_timeout(Duration::from_millis(1))),
        Act::Release(lock) => drop(locks[lock].release().is_ok()),
        Act::Locked(lock) => drop(locks[lock].locked()),
        Act::Load(cell) => drop(cells[cell].load()),
        Act::Store(cell, value) => cells[cell].store(value),
        Act::Add(cell, by) => add(cell, by),
        Act::Transfer(amount) => {
            add(0, -amount);
            add(1, amount);
        }
        Act::Sum => drop(cells.each_ref().map(|cell| cell.load())),
        Act::Set => event.set(),
        Act::Wait => event.wait(),
        Act::Yield => thread::yield_now(),
        Act::Assert(cell) => assert_eq!(cells[cell].load(), 1_000, "cell {cell}\nhas changed"),
    }
}
