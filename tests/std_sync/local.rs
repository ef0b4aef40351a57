//! std's thread locals.

use super::{assert_fails, assert_returns, returned, told};
use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tellers::engine::Failure;
use tellers::sync::{Mutex, thread};
use tellers::thread_local;

thread_local! {
    /// As in std, it may be told about.
    pub static SERVED: Cell<u32> = const { Cell::new(0) };
    static NAMES: RefCell<Vec<&'static str>> = RefCell::new(vec!["Ada"]);
    static NOTE: RefCell<Option<Note>> = RefCell::default();
    static OTHER_NOTE: RefCell<Option<Note>> = const { RefCell::new(None) }
}

/// Notes when it is dropped what it was given, and how many of the two are still there then.
struct Note(Arc<Mutex<Vec<usize>>>, usize);

impl Drop for Note {
    fn drop(&mut self) {
        let there = [NOTE.try_with(|_| ()), OTHER_NOTE.try_with(|_| ())];
        self.0.lock().unwrap().push(self.1 + there.iter().flatten().count());
        assert_eq!(SERVED.try_with(Cell::get), Ok(SERVED.get()));
    }
}

#[test]
fn each_thread_has_its_own_in_each_run() {
    assert_returns([(2, vec!["Ada", "mine"], 1, vec!["Ada", "theirs"])], || {
        let gate = Arc::new(Mutex::new(()));
        let serve = |name| {
            SERVED.set(SERVED.get() + 1);
            NAMES.with_borrow_mut(|names| names.push(name));
        };
        let theirs = Arc::clone(&gate);
        let other = thread::spawn(move || {
            serve("theirs");
            drop(theirs.lock());
            (SERVED.get(), NAMES.take())
        });
        serve("mine");
        drop(gate.lock());
        SERVED.set(SERVED.get() + 1);
        let (served, names) = other.join().unwrap();
        (SERVED.get(), NAMES.with_borrow(Clone::clone), served, names)
    });
}

#[test]
fn what_is_set_first_is_not_made() {
    thread_local! {
        static NEVER: Cell<u32> = panic!("nobody asked for it");
        static NEITHER: RefCell<u32> = panic!("nobody asked for it");
    }
    assert_returns([(1, 1, 2, 4, 0, 5, 6)], || {
        NEVER.set(1);
        NEITHER.set(4);
        let taken = (NEVER.get(), NEVER.replace(2), NEVER.take());
        let changed = (NEITHER.replace(0), NEITHER.take());
        NEVER.set(5);
        NEITHER.set(6);
        (taken.0, taken.1, taken.2, changed.0, changed.1, NEVER.get(), NEITHER.take())
    });
}

#[test]
fn a_destructor_is_run_before_its_thread_has_ended() {
    // The newest goes first. What is being dropped is not there any more, and what has no destructor is.
    assert_returns([vec![21, 10]], || {
        let notes = Arc::new(Mutex::new(Vec::new()));
        let theirs = Arc::clone(&notes);
        let other = thread::spawn(move || {
            NOTE.set(Some(Note(Arc::clone(&theirs), 10)));
            OTHER_NOTE.set(Some(Note(theirs, 20)));
        });
        other.join().unwrap();
        notes.lock().unwrap().clone()
    });
}

#[test]
fn others_move_while_a_destructor_does() {
    assert_returns([0, 1], || {
        let notes = Arc::new(Mutex::new(Vec::new()));
        let theirs = Arc::clone(&notes);
        let other = thread::spawn(move || NOTE.set(Some(Note(theirs, 10))));
        let seen = notes.lock().unwrap().len();
        other.join().unwrap();
        seen
    });
}

#[test]
fn the_main_thread_drops_its_own_too() {
    assert_fails(Failure::Deadlock, || {
        let notes = Arc::new(Mutex::new(Vec::new()));
        NOTE.set(Some(Note(Arc::clone(&notes), 10)));
        std::mem::forget(notes.lock());
    });
}

#[test]
fn a_destructor_that_panics_is_a_panic_of_its_thread() {
    struct Panics;
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("at the end");
        }
    }
    thread_local!(static LAST: Panics = const { Panics });
    for (engine, report) in told(|| thread::spawn(|| LAST.with(|_| ())).join().is_ok()) {
        let failures: Vec<_> = report.failures.keys().copied().collect();
        assert_eq!(failures, [Failure::Panic], "{engine}");
        // It has returned by then.
        assert_eq!(Vec::from_iter(returned(&report)), [true], "{engine}");
        assert!(report.outcomes.keys().all(|ending| ending.panics[0].1.starts_with("at the end")));
    }
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

#[test]
fn a_run_that_is_left_drops_none() {
    struct Counted;
    impl Drop for Counted {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, Ordering::Relaxed);
        }
    }
    thread_local!(static COUNTED: Counted = const { Counted });
    assert_fails(Failure::Deadlock, || {
        COUNTED.with(|_| ());
        let lock = Mutex::new(());
        let _held = lock.lock();
        drop(lock.lock());
    });
    assert_eq!(DROPPED.load(Ordering::Relaxed), 0);
}

#[test]
fn outside_of_every_check_they_are_the_real_thing() {
    let notes = Arc::new(Mutex::new(Vec::new()));
    let theirs = Arc::clone(&notes);
    let other = thread::spawn(move || {
        NOTE.set(Some(Note(theirs, 10)));
        SERVED.set(7);
        assert_eq!((NAMES.replace(vec![]), NAMES.take()), (vec!["Ada"], vec![]));
    });
    other.join().unwrap();
    assert_eq!(*notes.lock().unwrap(), [11]);
    assert_eq!(SERVED.get(), 0);
    assert_eq!(format!("{SERVED:?}"), "LocalKey { .. }");
}

/// What std drops last on this thread: by then there is no more than the real thing.
struct Late(Arc<Mutex<u32>>);

impl Drop for Late {
    fn drop(&mut self) {
        *self.0.lock().unwrap() += 1;
        SERVED.set(1);
    }
}

#[test]
fn they_may_be_used_at_the_end_of_a_thread() {
    std::thread_local!(static LATE: RefCell<Option<Late>> = const { RefCell::new(None) });
    let data = Arc::new(Mutex::new(0));
    let theirs = Arc::clone(&data);
    let other = std::thread::spawn(move || {
        LATE.set(Some(Late(theirs)));
        SERVED.set(SERVED.get() + 1);
    });
    other.join().unwrap();
    assert_eq!(*data.lock().unwrap(), 1);
}
