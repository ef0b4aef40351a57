//! Threads under loom, and how they end.

use super::{assert_proved, explore, returned};
use std::collections::BTreeSet;
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::sync::{Cell, Lock, thread};

#[test]
fn a_panic_ends_its_thread_and_frees_its_guards() {
    let report = explore(|| {
        let lock = Arc::new(Lock::new());
        let theirs = lock.clone();
        let other = thread::spawn(move || {
            let _guard = theirs.guard();
            panic!("no money");
        });
        lock.acquire();
        lock.release().expect("it was acquired");
        (other.join().is_err(), lock.locked())
    });
    assert_eq!(returned(&report), BTreeSet::from([(true, false)]));
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Panic]);
    assert!(report.coverage.contended > 0, "the lock is seen held by the thread that panics");
    assert_eq!(report.outcomes.len(), 1);
    let ending = report.outcomes.keys().next().expect("there is one");
    assert!(ending.panics[0].1.starts_with("no money (loom-tests/threads.rs:"));
}

#[test]
fn panics_that_overlap_keep_their_own_places() {
    struct Note(Arc<Cell>);
    impl Drop for Note {
        fn drop(&mut self) {
            self.0.store(1);
        }
    }
    let report = explore(|| {
        let cell = Arc::new(Cell::new(0));
        let (one, two) = (Note(cell.clone()), Note(cell));
        let first = thread::spawn(move || {
            let _note = one;
            panic!("first");
        });
        let second = thread::spawn(move || {
            let _note = two;
            panic!("second");
        });
        (first.join().is_err(), second.join().is_err())
    });
    assert_eq!(returned(&report), BTreeSet::from([(true, true)]));
    assert_eq!(report.outcomes.len(), 1, "{:?}", report.outcomes.keys());
    for ending in report.outcomes.keys() {
        for (panic, text) in ending.panics.iter().zip(["first", "second"]) {
            assert!(panic.1.starts_with(&format!("{text} (loom-tests/threads.rs:")), "{panic:?}");
        }
    }
}

#[test]
fn a_panic_of_the_main_thread_lets_the_others_finish() {
    let report = explore(|| {
        let cell = Arc::new(Cell::new(0));
        thread::spawn(move || cell.store(1));
        panic!("no teller");
    });
    assert_eq!(returned(&report), BTreeSet::<()>::new());
    assert_eq!(report.outcomes.len(), 1);
    assert_eq!(report.outcomes.keys().next().expect("there is one").cells, [1]);
}

#[test]
fn a_join_gives_what_the_thread_returned_and_shows_what_it_did() {
    let report = explore(|| {
        let cell = Arc::new(Cell::new(0));
        let theirs = cell.clone();
        let other = thread::spawn(move || {
            theirs.store(1);
            "done"
        });
        (other.join().expect("no thread panics"), cell.load())
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([("done", 1)]));
}

#[test]
fn a_thread_is_seen_before_and_after_its_end() {
    let report = explore(|| {
        let cell = Arc::new(Cell::new(0));
        let theirs = cell.clone();
        let other = thread::spawn(move || theirs.store(1));
        (other.is_finished(), cell.load())
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([(false, 0), (false, 1), (true, 1)]));
}

#[test]
fn a_yield_forgets_no_old_value() {
    let report = explore(|| {
        let (money, flag) = (Arc::new(Cell::new(0)), Arc::new(Cell::new(0)));
        let (their_money, their_flag) = (money.clone(), flag.clone());
        thread::spawn(move || {
            their_money.store(1);
            their_flag.store(1);
        });
        money.load();
        thread::yield_now();
        (flag.load(), money.load())
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([(0, 0), (0, 1), (1, 0), (1, 1)]));
}

#[test]
#[should_panic(expected = "is made outside of a checked closure, at loom-tests/threads.rs:")]
fn primitives_are_refused_outside_of_a_check() {
    let _ = Lock::new();
}
