//! What happens on real threads, and that the record of it is true.
#![cfg(all(not(loom), not(feature = "shuttle")))]

#[path = "common/found.rs"]
mod found;
mod primitives;

use crate::common::reference::reference;
use crate::common::{
    Instr, Main, Shape, Told, body, for_random_programs, lines, nameless, outcomes, program,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::{Conclusion, Ending, Extent, Failure, Program, Verdict, threads};
use tellers::sync::{Cell, Event, Lock, thread};
use tellers::trace::{Replay, Trace};
use tellers::world::{LockId, ThreadId};

const SHORT: Duration = Duration::from_millis(1);
/// Longer than any test takes.
const LONG: Duration = Duration::from_secs(600);

/// Two threads that take two locks in opposite order.
fn inverted() -> Program<()> {
    Program::new(|| {
        let a = Arc::new(Lock::named("lock_acc1"));
        let b = Arc::new(Lock::named("lock_acc2"));
        let take = |first: &Arc<Lock>, second: &Arc<Lock>| {
            let (first, second) = (Arc::clone(first), Arc::clone(second));
            thread::spawn(move || {
                let _first = first.guard();
                let _second = second.guard();
            })
        };
        for thread in [take(&a, &b), take(&b, &a)] {
            thread.join().expect("no panic");
        }
    })
}

#[test]
fn inverted_order_deadlocks_and_the_process_goes_on() {
    let report = threads(&inverted(), 2_000, 1);
    assert_eq!(report.extent, Extent::Sampled { seed: 1 });
    assert_eq!(report.verdict(), Verdict::Failed);
    assert_eq!(report.coverage.executions, 2_000);
    assert!(report.coverage.contended > 0, "the threads met");
    let trace = &report.failures[&Failure::Deadlock].trace;
    assert_eq!(trace.pending.len(), 3, "main waits for Thread-1, and they for each other");
    assert_eq!(trace.names.of(LockId::new(0)), "lock_acc1");
    assert_replays(trace);
    let outcomes: Vec<_> = report.outcomes.keys().collect();
    assert!(outcomes.iter().any(|ending| ending.conclusion == Conclusion::Returned(())));
    assert!(outcomes.iter().any(|ending| ending.is_deadlock() && ending.locked == [true, true]));
    assert!(report.outcomes.keys().all(|ending| ending.panics.is_empty()));
}

/// Two threads that add to a cell without a lock.
fn race() -> Program<i64> {
    Program::new(|| {
        let cell = Arc::new(Cell::named("acc1", 0));
        let add = |amount| {
            let cell = Arc::clone(&cell);
            thread::spawn(move || cell.store(cell.load() + amount))
        };
        for thread in [add(1), add(2)] {
            thread.join().expect("no panic");
        }
        cell.load()
    })
}

#[test]
fn an_unlocked_update_is_lost() {
    let report = threads(&race(), 2_000, 2);
    let results: Vec<_> = report.outcomes.keys().map(|ending| ending.conclusion.clone()).collect();
    assert_eq!(results, [1, 2, 3].map(Conclusion::Returned));
}

#[test]
fn a_real_timeout_fires_under_the_engine() {
    let program = Program::new(|| {
        let lock = Lock::new();
        lock.acquire();
        lock.acquire_timeout(SHORT)
    });
    let report = threads(&program, 3, 0);
    assert_eq!(report.coverage.timeouts, 3);
    assert_eq!(report.coverage.contended, 3);
    let conclusions: Vec<_> = report.outcomes.keys().map(|e| e.conclusion.clone()).collect();
    assert_eq!(conclusions, [Conclusion::Returned(false)]);
}

#[test]
fn a_release_ends_a_timed_wait_early_under_the_engine() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::new());
        lock.acquire();
        let theirs = Arc::clone(&lock);
        let waiter = thread::spawn(move || theirs.acquire_timeout(LONG));
        lock.release().expect("it is held");
        waiter.join().expect("no panic")
    });
    let report = threads(&program, 500, 0);
    let conclusions: Vec<_> = report.outcomes.keys().map(|e| e.conclusion.clone()).collect();
    assert_eq!(conclusions, [Conclusion::Returned(true)]);
    assert!(report.coverage.contended > 0, "some waits were waits");
    assert_eq!(report.coverage.timeouts, 0);
}

#[test]
fn a_panic_under_the_engine_is_an_outcome() {
    let program = Program::new(|| thread::spawn(|| panic!("lost")).join().is_err());
    let report = threads(&program, 2, 0);
    let ending = report.outcomes.keys().next().expect("an outcome");
    assert_eq!(ending.conclusion, Conclusion::Returned(true));
    let [(thread, message)] = &ending.panics[..] else { panic!("one thread panicked") };
    assert_eq!(*thread, ThreadId::new(1));
    assert!(message.starts_with("lost (tests/os_threads.rs:"), "{message}");
    assert_eq!(report.verdict(), Verdict::Failed);
}

#[test]
fn a_deadlock_of_the_main_thread_alone_is_found() {
    let program = Program::new(|| Event::new().wait());
    let report = threads(&program, 1, 0);
    assert!(report.outcomes.keys().all(Ending::is_deadlock));
    assert_eq!(report.outcomes.len(), 1);
}

#[test]
fn a_run_that_retries_for_ever_is_cut_off() {
    let program = Program::new(|| {
        let event = Event::new();
        while !event.is_set() {}
    });
    let report = threads(&program, 1, 0);
    assert!(report.outcomes.is_empty());
    let [bound] = &report.bounds[..] else { panic!("one bound") };
    assert_eq!((bound.limit.as_str(), bound.hits), ("100,000 steps a run", 1));
}

#[test]
fn what_no_run_made_is_not_recorded() {
    let outside = Arc::new((Lock::new(), Cell::new(0), Event::new()));
    let theirs = Arc::clone(&outside);
    let program = Program::new(move || {
        let (lock, cell, event) = &*theirs;
        let _held = lock.guard();
        cell.store(cell.load() + 1);
        event.set();
    });
    let report = threads(&program, 5, 0);
    assert_eq!(report.coverage.steps, 0);
    assert_eq!(outside.1.load(), 5, "the program did run");
}

#[test]
fn what_a_run_made_is_refused_outside_of_it() {
    let program = Program::new(|| {
        let cell = Arc::new(Cell::new(0));
        let foreign = std::thread::spawn(move || cell.load());
        foreign.join().is_err()
    });
    let report = threads(&program, 1, 0);
    let conclusions: Vec<_> = report.outcomes.keys().map(|e| e.conclusion.clone()).collect();
    assert_eq!(conclusions, [Conclusion::Returned(true)]);
}

/// Feeds a trace to a world, which must answer every step as it was recorded.
fn assert_replays(trace: &Trace) {
    let mut replay = Replay::new(trace);
    while let Some(step) = replay.next_step() {
        assert!(replay.world().enabled(step.thread, step.op), "{step:?}");
        assert_eq!(replay.advance(), Some(step.outcome), "{step:?}");
    }
    for pending in &trace.pending {
        assert!(
            !replay.world().certain(pending.thread, pending.op),
            "{pending:?} could have gone on"
        );
    }
}

/// A program with more states than this is left out.
const MAX_STATES: usize = 5_000;

/// A run that has been begun goes on, so no program leaves one out; and one that retries for ever
/// takes 100,000 steps. What a thread returns is dropped by it or by who drops its handle, whichever comes last,
/// and the reference has it dropped by the thread.
const SHAPE: Shape = Shape { assumes: false, endless: false, orphans: false, ..Shape::ALL };

#[test]
fn what_happens_on_real_threads_is_among_what_the_reference_says_and_on_the_record() {
    for_random_programs(150, SHAPE, |main| {
        let Some(known) = reference(main, MAX_STATES) else { return false };
        // Every ending is a failure, so that there is a trace of it.
        let program = program(main).judged_by(|_| vec![Failure::Panic]);
        let report = threads(&program, 3, 0);
        let (found, all) = (nameless(&outcomes(&report)), nameless(&known.all()));
        assert!(known.races() || found.is_subset(&all), "{:?}", found.difference(&all));
        assert_replays(&report.failures[&Failure::Panic].trace);
        true
    });
}

#[test]
fn alone_and_off_the_record_a_thread_is_told_what_the_reference_says() {
    for_random_programs(150, SHAPE, |main| {
        let child = main.iter().find_map(Instr::child).expect("a program has a thread");
        let is_sole = |instr: &&Instr| !instr.is_about_threads() && !instr.chooses();
        let alone: Vec<_> = child.iter().filter(is_sole).cloned().collect();
        let known = reference(&alone, MAX_STATES).expect("one thread has few states").all();
        let mut told = BTreeSet::new();
        for outcome in known {
            let Main::Returned(seen) = outcome.main else { return false };
            told.insert(seen);
        }
        // A wait with a timeout may end for no reason.
        assert!(told.contains(&body(&alone)), "{told:?}");
        true
    });
}

/// Holds real threads against the outcomes that a program is known to have.
fn agree(program: &Program<Told>, known: &[&str]) {
    let found = lines(&outcomes(&threads(program, 300, 0)));
    assert!(found.iter().all(|line| known.contains(&line.as_str())), "{found:?}");
}
