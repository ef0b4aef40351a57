//! Scoped threads and thread locals under loom.

use super::{assert_proved, explore, returned};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tellers::engine::{Failure, LoomBounds, Program, loom};
use tellers::sync::{Mutex, thread};
use tellers::thread_local;

#[test]
fn scoped_threads_borrow_and_have_ended_when_it_returns() {
    let report = explore(|| {
        let sum = Mutex::new(0);
        let seen = thread::scope(|s| {
            s.spawn(|| *sum.lock().unwrap() += 10);
            s.spawn(|| *sum.lock().unwrap()).join().unwrap()
        });
        (sum.into_inner().unwrap(), seen)
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([(10, 0), (10, 10)]));
}

#[test]
fn one_that_panics_makes_the_scope_panic() {
    let report = explore(|| {
        let data = Mutex::new(0);
        let lost = catch_unwind(AssertUnwindSafe(|| {
            thread::scope(|s| {
                s.spawn(|| panic!("on the way"));
                s.spawn(|| *data.lock().unwrap() += 1);
            });
        }));
        let lost = lost.err().and_then(|payload| payload.downcast_ref::<&str>().copied());
        (lost, data.into_inner().unwrap())
    });
    assert_eq!(returned(&report), BTreeSet::from([(Some("a scoped thread panicked"), 1)]));
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Panic]);
}

/// Uses what it borrows when it is dropped, and says whether that was there.
struct Watch<'a>(&'a RefCell<Vec<u32>>);

// One thread moves at a time.
unsafe impl Send for Watch<'_> {}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        assert_eq!(*self.0.borrow(), [1, 2, 3], "what is borrowed is there");
    }
}

struct Wiped(RefCell<Vec<u32>>);

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.borrow_mut().fill(0);
    }
}

#[test]
fn what_is_borrowed_is_there_when_a_run_that_deadlocks_is_unwound() {
    let report = explore(|| {
        let wiped = Wiped(RefCell::new(vec![1, 2, 3]));
        let (one, two) = (Mutex::new(1), Mutex::new(2));
        let (one, two) = (&one, &two);
        thread::scope(|s| {
            let watch = Watch(&wiped.0);
            s.spawn(move || {
                let _watch = watch;
                let _held = (one.lock().unwrap(), two.lock().unwrap());
            });
            let _held = (two.lock().unwrap(), one.lock().unwrap());
        });
    });
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Deadlock]);
}

#[test]
fn a_search_that_is_cut_short_may_be_in_a_scope() {
    let program = Program::new(|| {
        let wiped = Wiped(RefCell::new(vec![1, 2, 3]));
        let lock = Mutex::new(());
        let lock = &lock;
        let start = || {
            thread::scope(|s| {
                for _ in 0..8 {
                    let watch = Watch(&wiped.0);
                    s.spawn(move || {
                        let _watch = watch;
                        drop(lock.lock());
                    });
                }
            });
        };
        // Who catches that does not go on with it.
        let _ = catch_unwind(AssertUnwindSafe(start));
    });
    let report = loom(&program, &LoomBounds::default());
    assert!(!report.is_exhaustive());
    assert!(report.failures.is_empty(), "{:?}", report.failures.keys());
}

struct Note(Arc<Mutex<u32>>);

impl Drop for Note {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
    }
}

thread_local! {
    static SERVED: Cell<u32> = const { Cell::new(0) };
    static NOTE: RefCell<Option<Note>> = RefCell::new(None);
}

#[test]
fn each_thread_has_its_own_locals_and_drops_them_before_it_has_ended() {
    let report = explore(|| {
        let notes = Arc::new(Mutex::new(0));
        let theirs = Arc::clone(&notes);
        let serve = || {
            SERVED.set(SERVED.get() + 1);
            SERVED.get()
        };
        let other = thread::spawn(move || {
            NOTE.set(Some(Note(theirs)));
            serve()
        });
        let early = *notes.lock().unwrap();
        let served = (serve(), other.join().unwrap());
        (served, early, *notes.lock().unwrap())
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([((1, 1), 0, 1), ((1, 1), 1, 1)]));
}
