//! The product engine does not forget the failures that it had come to when it is cut short.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tellers::engine::product::{Limits, Reduction, product};
use tellers::engine::{Engine, Extent, Failure, Program, Report, Verdict};
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

/// The only failure of a report, which the real code shows again.
fn only_failure(program: &Program<()>, report: &Report<()>) -> Failure {
    assert_eq!(report.verdict(), Verdict::Failed);
    let failures: Vec<_> = report.failures.iter().collect();
    let [(&failure, found)] = failures[..] else { panic!("{failures:?}") };
    assert!(!found.minimal, "there may be a simpler one");
    let outcomes: Vec<_> = report.outcomes.values().map(|seen| &seen.failures[..]).collect();
    assert_eq!(outcomes, [[failure]]);
    assert_eq!(Engine::reproduced(program, &found.trace, 1), Some(1));
    failure
}

fn cut_short(report: &Report<()>) -> &str {
    match &report.extent {
        Extent::CutShort { reason } => reason,
        other => panic!("{other:?}"),
    }
}

/// Two threads with many steps of their own race for a cell, and one waits for the other in a loop.
fn race_with_a_loop() {
    let (x, done) = (Arc::new(Cell::named("x", 0)), Arc::new(Event::named("done")));
    let others = (Arc::clone(&x), Arc::clone(&done));
    let other = thread::spawn(move || {
        let own = Cell::named("theirs", 0);
        (1..9).for_each(|i| own.store(i));
        others.0.store(others.0.load() + 1);
        others.1.set();
    });
    let own = Cell::named("own", 0);
    (1..9).for_each(|i| own.store(i));
    x.store(x.load() + 1);
    while !done.is_set() {
        checkpoint(0);
        thread::yield_now();
    }
    other.join().unwrap();
    assert_eq!(x.load(), 2, "an update is lost");
}

#[test]
fn what_a_search_that_took_steps_together_found_is_not_forgotten_at_a_higher_limit() {
    let program = Program::new(race_with_a_loop);
    let whole = product(&program, &Limits::default()).unwrap().proof.unwrap().states;
    let fails = |states| {
        let report = product(&program, &Limits { states, ..Limits::default() }).unwrap();
        assert!(cut_short(&report).starts_with("at the limit of states: "), "{:?}", report.extent);
        (report.verdict() == Verdict::Failed).then(|| only_failure(&program, &report))
    };
    let found: Vec<_> = (1..whole).map(fails).collect();
    let first =
        found.iter().position(Option::is_some).expect("some limit lets it find the failure");
    assert!(first < whole / 2, "steps that are taken together lead there sooner: {first}");
    assert!(found[first..].iter().all(|&failure| failure == Some(Failure::Panic)), "{found:?}");
}

/// Two locks in either order; one thread goes on for long if it gets both.
fn long_inversion() {
    let locks = [Lock::named("a"), Lock::named("b")].map(Arc::new);
    let theirs = locks.clone();
    let other = thread::spawn(move || {
        theirs[1].acquire();
        theirs[0].acquire();
    });
    locks[0].acquire();
    locks[1].acquire();
    let own = Cell::named("own", 0);
    (0..200).for_each(|i| own.store(i));
    locks.iter().for_each(|lock| lock.release().unwrap());
    other.join().unwrap();
}

#[test]
fn a_failure_found_before_a_limit_is_not_forgotten() {
    let program = Program::new(long_inversion);
    for reduction in [Reduction::Never, Reduction::Always] {
        let limits = Limits { states: 30, reduction, ..Limits::default() };
        let report = product(&program, &limits).unwrap();
        assert!(cut_short(&report).starts_with("at the limit of states: "), "{:?}", report.extent);
        assert_eq!(only_failure(&program, &report), Failure::Deadlock);
    }
}

/// A lock is never released, so whoever comes second waits for ever; what one thread counts at a certain
/// moment keeps the other from any operation.
fn deadlocks_or_blocks() {
    let (lock, done) = (Arc::new(Lock::named("lock")), Arc::new(Cell::named("done", 0)));
    let theirs = (Arc::clone(&lock), Arc::clone(&done));
    let other = thread::spawn(move || {
        theirs.0.acquire();
        (0..20).for_each(|i| theirs.1.store(i));
    });
    if done.load() == 7 {
        block();
    }
    lock.acquire();
    other.join().expect("it does not panic");
}

fn block() -> ! {
    loop {
        std::thread::park();
    }
}

/// What is found out about a program that blocks after a while.
fn until_it_blocks(body: fn()) -> Report<()> {
    let program = Program::new(body).stuck_after(Duration::from_millis(200));
    let report = product(&program, &Limits::default()).unwrap();
    let why = "by a thread that blocks or loops outside of tellers::sync";
    assert!(cut_short(&report).starts_with(why), "{:?}", report.extent);
    report
}

#[test]
fn a_failure_found_before_a_thread_blocks_is_not_forgotten() {
    let report = until_it_blocks(deadlocks_or_blocks);
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Deadlock]);
}

/// The failure that it had found by then is shown by one run more.
#[test]
fn what_a_search_covered_is_told_even_if_a_thread_blocks_again_when_it_is_shown() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let report = until_it_blocks(|| {
        if RUNS.fetch_add(1, Ordering::Relaxed) >= 6 {
            block();
        }
        deadlocks_or_blocks();
    });
    assert_eq!((report.failures.len(), report.coverage.executions), (0, 7));
    assert_eq!(RUNS.load(Ordering::Relaxed), 8);
}
