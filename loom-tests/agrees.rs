//! Loom misses no outcome of a random program that some interleaving has.

use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::{Conclusion, LoomBounds, Program, loom};
use tellers::sync::{Cell, Event, Lock, thread};
use tellers::world::{CellId, EventId, LockId, Op, Outcome, ThreadId, World};

/// What each thread was told, or nothing if they got stuck.
type Told = Option<Vec<Vec<Outcome>>>;

/// Objects are numbered by their kind, in the order in which the program makes them.
fn op(cells: bool) -> BoxedStrategy<Op> {
    let lock = || (0..2usize).prop_map(LockId::new);
    let event = EventId::new(0);
    let plain = prop_oneof![
        3 => lock().prop_map(Op::Acquire),
        3 => lock().prop_map(Op::AcquireTimeout),
        4 => lock().prop_map(Op::Release),
        1 => lock().prop_map(Op::Locked),
        2 => Just(Op::Set(event)),
        1 => Just(Op::Clear(event)),
        2 => Just(Op::IsSet(event)),
        1 => Just(Op::Wait(event)),
        1 => Just(Op::Yield),
    ];
    if !cells {
        return plain.boxed();
    }
    let cell = || (0..2usize).prop_map(CellId::new);
    let access = prop_oneof![
        cell().prop_map(Op::Load),
        (cell(), 1..3i64).prop_map(|(cell, value)| Op::Store(cell, value)),
    ];
    prop_oneof![1 => plain, 3 => access].boxed()
}

fn threads(cells: bool) -> impl Strategy<Value = Vec<Vec<Op>>> {
    prop_oneof![
        prop::collection::vec(prop::collection::vec(op(cells), 1..=4), 2),
        prop::collection::vec(prop::collection::vec(op(cells), 1..=2), 3),
    ]
}

/// Every outcome of every interleaving.
fn enumerate(
    threads: &[Vec<Op>],
    told: &mut Vec<Vec<Outcome>>,
    world: &World,
    all: &mut BTreeSet<Told>,
) {
    let mut stuck = true;
    for (i, ops) in threads.iter().enumerate() {
        let Some(&op) = ops.get(told[i].len()).filter(|op| world.enabled(**op)) else { continue };
        stuck = false;
        let mut after = world.clone();
        told[i].push(after.apply(ThreadId::new(i + 1), op));
        enumerate(threads, told, &after, all);
        told[i].pop();
    }
    if stuck {
        let ended = threads.iter().zip(&*told).all(|(ops, told)| ops.len() == told.len());
        all.insert(ended.then(|| told.clone()));
    }
}

struct Shared {
    locks: [Lock; 2],
    cells: [Cell; 2],
    event: Event,
}

fn perform(op: Op, shared: &Shared) -> Outcome {
    match op {
        Op::Acquire(lock) => shared.locks[lock.index()].acquire(),
        Op::AcquireTimeout(lock) => {
            let acquired = shared.locks[lock.index()].acquire_timeout(Duration::ZERO);
            return if acquired { Outcome::Acquired } else { Outcome::TimedOut };
        }
        Op::Release(lock) if shared.locks[lock.index()].release().is_err() => {
            return Outcome::NotHeld;
        }
        Op::Release(_) => {}
        Op::Locked(lock) => return Outcome::Is(shared.locks[lock.index()].locked()),
        Op::Load(cell) => return Outcome::Value(shared.cells[cell.index()].load()),
        Op::Store(cell, value) => shared.cells[cell.index()].store(value),
        Op::Set(_) => shared.event.set(),
        Op::Clear(_) => shared.event.clear(),
        Op::IsSet(_) => return Outcome::Is(shared.event.is_set()),
        Op::Wait(_) => shared.event.wait(),
        Op::Yield => thread::yield_now(),
        Op::Spawn(_) | Op::Join(_) | Op::IsFinished(_) => unreachable!("the main thread does it"),
    }
    Outcome::Done
}

fn explored(threads: Vec<Vec<Op>>) -> BTreeSet<Told> {
    let program = Program::new(move || {
        let shared = Arc::new(Shared {
            locks: [Lock::new(), Lock::new()],
            cells: [Cell::new(0), Cell::new(0)],
            event: Event::new(),
        });
        let start = |ops: &Vec<Op>| {
            let (ops, shared) = (ops.clone(), Arc::clone(&shared));
            thread::spawn(move || ops.iter().map(|&op| perform(op, &shared)).collect())
        };
        let handles: Vec<thread::JoinHandle<Vec<Outcome>>> = threads.iter().map(start).collect();
        handles.into_iter().map(|handle| handle.join().expect("no thread panics")).collect()
    });
    let report = loom(&program, &LoomBounds::default());
    assert!(report.is_exhaustive(), "{:?}", report.extent);
    let told = |conclusion: &Conclusion<Vec<Vec<Outcome>>>| match conclusion {
        Conclusion::Returned(told) => Some(told.clone()),
        _ => None,
    };
    report.outcomes.keys().map(|ending| told(&ending.conclusion)).collect()
}

fn enumerated(threads: &[Vec<Op>]) -> BTreeSet<Told> {
    let mut all = BTreeSet::new();
    enumerate(threads, &mut vec![Vec::new(); threads.len()], &World::new(), &mut all);
    all
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("TELLERS_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn locks_and_events_have_the_outcomes_of_all_interleavings(threads in threads(false)) {
        prop_assert_eq!(explored(threads.clone()), enumerated(&threads));
    }

    #[test]
    fn cells_have_at_least_the_outcomes_of_all_interleavings(threads in threads(true)) {
        let explored = explored(threads.clone());
        let missed: Vec<_> = enumerated(&threads).difference(&explored).cloned().collect();
        prop_assert!(missed.is_empty(), "{missed:?}");
    }
}
