//! The product engine does not forget the failures that it had come to when it is cut short.
#![cfg(all(not(loom), feature = "shuttle"))]

#[cfg(unix)]
#[path = "common/aborts.rs"]
mod aborts;

#[cfg(unix)]
use aborts::deadlocks_or_aborts;
use std::cell::RefCell;
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicUsize, Ordering};
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

#[cfg(unix)]
#[test]
fn a_failure_found_before_a_crash_is_not_forgotten() {
    let program = Program::new(deadlocks_or_aborts);
    let report = product(&program, &Limits::default()).unwrap();
    assert!(cut_short(&report).starts_with("by an abort: "), "{:?}", report.extent);
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Deadlock]);
}

#[cfg(unix)]
#[test]
fn a_failure_is_not_forgotten_if_only_the_destructor_of_a_thread_local_aborts() {
    struct Abort;
    impl Drop for Abort {
        fn drop(&mut self) {
            std::process::abort();
        }
    }
    thread_local! {
        static LEFT: RefCell<Option<Abort>> = const { RefCell::new(None) };
    }
    let program = Program::new(|| {
        LEFT.with_borrow_mut(|left| {
            left.get_or_insert_with(|| Abort);
        });
        Event::named("never").wait();
    });
    let report = product(&program, &Limits::default()).unwrap();
    assert!(cut_short(&report).starts_with("by an abort: "), "{:?}", report.extent);
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Deadlock]);
    assert!(report.proof.is_some(), "it had come to its end");
}

#[cfg(unix)]
#[test]
fn an_abort_of_who_judges_cuts_the_search_short() {
    let program = Program::new(|| Cell::named("x", 0).store(1));
    let report = product(&program.judged_by(|_| std::process::abort()), &Limits::default());
    let report = report.unwrap();
    assert!(cut_short(&report).starts_with("by an abort: "), "{:?}", report.extent);
    assert_eq!(report.verdict(), Verdict::NotProved);
}

/// The failure that it had found by then is shown by one run more.
#[cfg(unix)]
#[test]
fn what_a_search_covered_is_told_even_if_it_crashes_again_when_it_is_shown() {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let program = Program::new(|| {
        if RUNS.fetch_add(1, Ordering::Relaxed) >= 6 {
            std::process::abort();
        }
        deadlocks_or_aborts();
    });
    let report = product(&program, &Limits::default()).unwrap();
    assert!(cut_short(&report).starts_with("by an abort: "), "{:?}", report.extent);
    assert_eq!((report.failures.len(), report.coverage.executions), (0, 7));
    assert_eq!(RUNS.load(Ordering::Relaxed), 8);
}
