//! After the step that is named every end that can still be reached is the failure, and before it one was not:
//! held against a search that does nothing but run the code along every continuation.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;
use std::sync::Arc;
use tellers::bank::Retries;
use tellers::engine::{Effort, Ending, Engine, Failure, Found, Program, replay};
use tellers::suite::{Setup, find, judge};
use tellers::sync::{Cell, Event, checkpoint, thread};
use tellers::trace::{Look, Picture, Replay, Trace};
use tellers::world::{Op, ThreadId, ThreadOp, ThreadState, World};

/// What tells two ways apart that need not both be gone on with.
type Key = fn(&Trace, &World) -> String;

/// What each thread did and was told.
fn histories(trace: &Trace, _: &World) -> String {
    let threads = 0..trace.names.threads().len();
    let own = |thread| trace.steps.iter().filter(move |step| step.thread == ThreadId::new(thread));
    let told = |thread| own(thread).map(|step| (step.op, step.outcome)).collect::<Vec<_>>();
    format!("{:?}", threads.map(told).collect::<Vec<_>>())
}

/// What is shared, and where each thread is: enough where a thread remembers nothing.
fn places(trace: &Trace, world: &World) -> String {
    format!("{world:?} {:?} {:?}", trace.pending, trace.ends.len())
}

fn last_world(trace: &Trace) -> World {
    let mut replay = Replay::new(trace);
    while replay.advance().is_some() {}
    replay.world().clone()
}

/// The threads that can move, or end where somebody asks whether they have.
fn movers(trace: &Trace, world: &World) -> Vec<ThreadId> {
    let able = trace.pending.iter().filter(|pending| world.certain(pending.thread, pending.op));
    let is_asked_for = |thread: ThreadId| {
        let question = Op::Thread(thread, ThreadOp::IsFinished);
        trace.pending.iter().any(|pending| pending.op == question)
    };
    let leaving = trace.ends.iter().map(|end| end.thread).filter(|&thread| {
        matches!(world.thread(thread), ThreadState::Leaving(_)) && is_asked_for(thread)
    });
    able.map(|pending| pending.thread).chain(leaving).collect()
}

/// In which ways the ends fail that these steps can still lead to, for each end.
fn ends_after<R: Clone + Ord + Hash + Send + 'static>(
    program: &Program<R>,
    steps: &[ThreadId],
    judge: fn(&Ending<R>) -> Vec<Failure>,
    key: Key,
) -> BTreeSet<Vec<Failure>> {
    let (mut ends, mut known) = (BTreeSet::new(), HashSet::new());
    let mut open = vec![steps.to_vec()];
    while let Some(steps) = open.pop() {
        let run = replay(program, &steps).expect("it can be run");
        let world = last_world(&run.trace);
        let next = movers(&run.trace, &world);
        if let Some(ending) = run.ending {
            ends.insert(judge(&ending));
        } else if next.is_empty() || run.trace.steps.len() < steps.len() {
            // A bound of the program's own has cut it off: nobody knows how it would end.
            ends.insert(Vec::new());
        } else if known.insert(key(&run.trace, &world)) {
            open.extend(next.into_iter().map(|mover| [&steps[..], &[mover]].concat()));
        }
    }
    ends
}

/// Holds what is said of a failure against all ends that it leaves, and those that it left before.
fn check<R: Clone + Ord + Hash + Send + 'static>(
    program: &Program<R>,
    (failure, found): (Failure, &Found),
    judge: fn(&Ending<R>) -> Vec<Failure>,
    key: Key,
) {
    let taken = found.no_return.expect("it is known");
    let steps: Vec<ThreadId> = found.trace.steps.iter().map(|step| step.thread).collect();
    let after = ends_after(program, &steps[..taken], judge, key);
    assert!(after.iter().all(|end| end.contains(&failure)), "{failure}: {after:?}");
    assert_eq!(after.is_empty(), failure == Failure::Livelock, "{failure}");
    let before = ends_after(program, &steps[..taken - 1], judge, key);
    assert!(before.iter().any(|end| !end.contains(&failure)), "{failure}: {before:?}");
}

fn check_all<R: Clone + Ord + Hash + Send + 'static>(
    program: &Program<R>,
    judge: fn(&Ending<R>) -> Vec<Failure>,
    key: Key,
) -> Vec<Failure> {
    let report = Engine::Product.run(program, Effort::default()).expect("it is answered");
    let failures = report.failures.iter();
    failures.for_each(|(&failure, found)| check(program, (failure, found), judge, key));
    report.failures.keys().copied().collect()
}

#[test]
fn every_failure_of_the_suite_is_inevitable_from_where_it_is_said() {
    let scenarios = [
        "race",
        "race-audit",
        "mislabelled",
        "inverted",
        "forced-release",
        "ring",
        "tellers-window",
    ];
    let mut seen = BTreeSet::new();
    for name in scenarios {
        let scenario = find(name).expect("the scenario exists");
        let setup = Setup { retries: Retries::at_most(1), ..scenario.setup };
        seen.extend(check_all(&scenario.program(setup), judge, histories));
    }
    let all =
        [Failure::LostUpdate, Failure::TornAudit, Failure::ReleaseUnlocked, Failure::Deadlock];
    assert_eq!(seen, BTreeSet::from(all));
}

#[test]
fn so_is_a_panic() {
    let program = Program::new(|| {
        let cell = Arc::new(Cell::named("cell", 0));
        let theirs = Arc::clone(&cell);
        let other = thread::spawn(move || theirs.store(theirs.load() + 1));
        cell.store(cell.load() + 1);
        other.join().unwrap();
        assert_eq!(cell.load(), 2);
    });
    assert_eq!(check_all(&program, Ending::failures, histories), [Failure::Panic]);
}

#[test]
fn after_the_step_from_which_it_goes_round_for_ever_there_is_no_end() {
    let program = Program::new(|| {
        let shared = Arc::new((Cell::named("taken", 0), Event::named("ready")));
        let theirs = Arc::clone(&shared);
        let waiter = thread::spawn(move || {
            theirs.0.store(1);
            while !theirs.1.is_set() {
                checkpoint("waiting");
                thread::yield_now();
            }
        });
        if shared.0.load() == 0 {
            shared.1.set();
        }
        waiter.join().unwrap();
    });
    assert_eq!(check_all(&program, Ending::failures, places), [Failure::Livelock]);
    let report = Engine::Product.run(&program, Effort::default()).expect("it is answered");
    let text = Picture::of("", Failure::Livelock, &report.failures[&Failure::Livelock]);
    let text = text.text(Look::default());
    assert!(text.contains("\nAfter step 1 no end can be reached.\n"), "{text}");
}
