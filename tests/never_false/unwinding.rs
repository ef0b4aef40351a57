//! Who is being unwound is each thread's own affair.

use super::fails_by;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Program};
use tellers::sync::{Lock, assume, thread};

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
    fails_by(&[Failure::Deadlock], &program);
    for (engine, report) in super::reports(&program) {
        assert!(report.outcomes.keys().all(|ending| ending.panics.is_empty()), "{engine}");
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
}
