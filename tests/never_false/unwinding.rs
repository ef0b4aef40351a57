//! Who is being unwound is each thread's own affair.

use super::{fails_by, reports};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Conclusion, Failure, Program, dfs, replay_schedule, reproduced};
use tellers::sync::{Cell, Event, Lock, assume, thread};
use tellers::trace::Schedule;
use tellers::world::ThreadId;

#[test]
fn of_two_threads_that_panic_the_one_that_catches_it_goes_on() {
    fails_by(
        &[Failure::Panic],
        &Program::new(|| {
            let locks = Arc::new([Lock::named("a"), Lock::named("b"), Lock::named("c")]);
            let [theirs, others] = [Arc::clone(&locks), Arc::clone(&locks)];
            let panics = thread::spawn(move || {
                let _held = theirs[0].guard();
                panic!("on purpose");
            });
            let catches = thread::spawn(move || {
                let caught = catch_unwind(AssertUnwindSafe(|| {
                    let _held = others[1].guard();
                    panic!("caught");
                }));
                assert!(caught.is_err());
                let guard = others[2].guard();
                others[2].release().unwrap();
                guard.release().is_err()
            });
            assert!(panics.join().is_err());
            assert!(catches.join().unwrap());
        }),
    );
}

/// Waits as it is dropped.
struct Waits(Arc<Lock>);

impl Drop for Waits {
    fn drop(&mut self) {
        self.0.acquire();
        assert!(self.0.locked());
    }
}

/// Every engine finds this failure, and none goes on from a thread that it can neither answer nor leave.
fn is_lost_by(failures: &[Failure], program: &Program<()>) {
    for (engine, report) in super::reports(program) {
        let found: Vec<_> = report.failures.keys().copied().collect();
        assert_eq!(found, failures, "{engine}: {:?}", report.outcomes);
        let reason = report.extent.cut_short().expect("it is cut short");
        assert!(reason.contains("a thread that a panic unwinds"), "{engine}: {reason}");
    }
}

#[test]
fn to_wait_for_ever_while_a_panic_unwinds_is_a_deadlock() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("held"));
        lock.acquire();
        let theirs = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let _waits = Waits(theirs);
            panic!("on purpose");
        });
        let _ = child.join();
    });
    is_lost_by(&[Failure::Deadlock], &program);
    for (engine, report) in super::reports(&program) {
        assert!(report.outcomes.keys().all(|ending| ending.panics.is_empty()), "{engine}");
        let trace = &report.failures[&Failure::Deadlock].trace;
        assert_eq!(reproduced(&program, trace, 3), 3, "{engine}");
        let again = replay_schedule(&program, &Schedule::of(trace)).expect("it was told before");
        assert!(again.trace.is_same_as(trace) && again.ending.is_some(), "{engine}");
    }
}

/// Waits for its threads as it is dropped.
struct Pool(Vec<thread::JoinHandle<()>>);

impl Drop for Pool {
    fn drop(&mut self) {
        self.0.drain(..).for_each(|thread| thread.join().unwrap());
    }
}

#[test]
fn a_pool_that_is_dropped_while_its_workers_wait_for_ever_ends_no_process() {
    let program = Program::new(|| {
        let go = Arc::new(Event::named("go"));
        let theirs = Arc::clone(&go);
        let _pool = Pool(vec![thread::spawn(move || theirs.wait())]);
        assert!(go.is_set());
        go.set();
    });
    is_lost_by(&[Failure::Deadlock], &program);
}

/// Does something as it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn what_leaves_a_run_while_a_panic_unwinds_ends_the_search() {
    let program = Program::new(|| {
        let cell = Arc::new(Cell::named("cell", 0));
        let theirs = Arc::clone(&cell);
        let child = thread::spawn(move || {
            let caught = catch_unwind(AssertUnwindSafe(|| {
                let _leaves = OnDrop(|| assume(theirs.load() == 1));
                panic!("on purpose");
            }));
            assert!(caught.is_err());
        });
        cell.store(1);
        child.join().unwrap();
    });
    is_lost_by(&[], &program);
}

#[test]
fn what_is_made_while_a_panic_unwinds_a_run_that_is_over_is_no_object_of_it() {
    let program = Program::new(|| {
        let event = Arc::new(Event::named("never"));
        let theirs = Arc::clone(&event);
        let child = thread::spawn(move || {
            let _makes = OnDrop(|| {
                theirs.is_set();
                let [two, three] = [Cell::new(2), Cell::new(3)];
                assert_eq!((two.load(), three.load()), (2, 3));
            });
            panic!("on purpose");
        });
        assume(false);
        child.join().unwrap();
    });
    for (engine, report) in super::reports(&program) {
        assert!(report.failures.is_empty() && report.outcomes.is_empty(), "{engine}");
        let cut_short = report.extent.cut_short().unwrap_or_default();
        assert!(!cut_short.contains("a panic unwinds"), "{engine}: {cut_short}");
    }
}

#[test]
fn what_is_resumed_has_no_place_of_an_earlier_panic() {
    let program = Program::new(|| {
        assert!(catch_unwind(|| panic!("first")).is_err());
        resume_unwind(Box::new("second"));
    });
    for (engine, report) in super::reports(&program) {
        let ending = report.outcomes.keys().next().expect("it ends");
        assert_eq!(ending.panics, [(ThreadId::MAIN, "second".to_owned())], "{engine}");
    }
}

#[test]
fn who_is_unwound_when_a_run_is_left_out_comes_to_its_end_unseen() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let _held = theirs.guard();
            panic!("on purpose");
        });
        assume(!lock.locked());
        let _ = child.join();
    });
    for (engine, report) in super::reports(&program) {
        assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Panic], "{engine}");
        assert_eq!(report.bounds.len(), 1, "{engine}");
    }
}

#[test]
fn that_std_counts_panics_for_each_os_thread_is_told_where_it_matters() {
    let program = Program::new(|| {
        let locks = Arc::new([Lock::named("a"), Lock::named("b")]);
        let theirs = Arc::clone(&locks);
        let panics = thread::spawn(move || {
            let _held = theirs[0].guard();
            panic!("on purpose");
        });
        drop(locks[1].guard());
        assert!(!std::thread::panicking());
        drop(locks[1].guard());
        let _ = panics.join();
    });
    let answer = product(&program, &Limits::default());
    let why = answer.map(|report| report.extent.cut_short().unwrap_or_default().to_owned());
    let why = why.unwrap_or_else(|error| error.to_string());
    assert!(why.contains("std counts panics for each OS thread"), "{why}");
    let enumerated = dfs(&program, 1_000);
    assert!(enumerated.failures.contains_key(&Failure::Panic));
    let beside = enumerated.coverage.beside_panics;
    assert!((1..enumerated.coverage.executions).contains(&beside), "{beside} runs");
}

#[test]
fn what_a_thread_panics_with_tells_more_than_its_message() {
    let program = Program::new(|| {
        let cell = Arc::new(Cell::named("cell", 0));
        let theirs = Arc::clone(&cell);
        let thrower = thread::spawn(move || -> () { std::panic::panic_any(theirs.load()) });
        cell.store(1);
        let payload = thrower.join().expect_err("it panics");
        *payload.downcast::<i64>().expect("it is what was loaded")
    });
    for (engine, report) in reports(&program) {
        let returned = report.outcomes.keys().map(|ending| ending.conclusion.clone());
        let both = [0, 1].map(Conclusion::Returned);
        assert_eq!(returned.collect::<Vec<_>>(), both, "{engine}");
    }
}
