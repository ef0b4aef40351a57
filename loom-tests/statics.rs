//! What was made outside of every run, under loom.

use super::{assert_proved, explore, returned};
use std::panic::catch_unwind;
use std::sync::Arc;
use tellers::engine::{Failure, LoomBounds, Program, loom};
use tellers::sync::atomic::{AtomicU32, Ordering::Relaxed, Ordering::SeqCst};
use tellers::sync::{Condvar, LazyLock, Mutex, OnceLock, thread};

#[test]
fn an_atomic_begins_with_its_value_outside_in_every_run() {
    static SERVED: AtomicU32 = AtomicU32::const_new(5);
    let report = explore(|| {
        let add = || SERVED.store(SERVED.load(SeqCst) + 1, SeqCst);
        let other = thread::spawn(add);
        add();
        other.join().unwrap();
        SERVED.load(SeqCst)
    });
    assert_eq!(returned(&report), [6, 7].into());
    assert_eq!(SERVED.load(SeqCst), 5);
}

#[test]
fn its_orderings_are_looms() {
    let flags = Arc::new([AtomicU32::new(0), AtomicU32::new(0)]);
    let report = explore(move || {
        let theirs = Arc::clone(&flags);
        let other = thread::spawn(move || {
            theirs[0].store(1, Relaxed);
            theirs[1].store(1, Relaxed);
        });
        let seen = (flags[1].load(Relaxed), flags[0].load(Relaxed));
        other.join().unwrap();
        seen
    });
    assert_eq!(returned(&report), [(0, 0), (0, 1), (1, 0), (1, 1)].into());
}

#[test]
fn static_mutexes_exclude_and_deadlock_as_others_do() {
    static ADA: Mutex<i64> = Mutex::const_new(100);
    static BOB: Mutex<i64> = Mutex::const_new(100);
    fn transfer(from: &Mutex<i64>, to: &Mutex<i64>) {
        let (mut from, mut to) = (from.lock().unwrap(), to.lock().unwrap());
        *from -= 30;
        *to += 30;
    }
    let inverted = explore(|| {
        let other = thread::spawn(|| transfer(&ADA, &BOB));
        transfer(&BOB, &ADA);
        other.join().unwrap();
    });
    assert_eq!(inverted.failures.keys().copied().collect::<Vec<_>>(), [Failure::Deadlock]);
    let ordered = explore(|| {
        let other = thread::spawn(|| transfer(&ADA, &BOB));
        transfer(&ADA, &BOB);
        other.join().unwrap();
        (*ADA.lock().unwrap(), *BOB.lock().unwrap())
    });
    assert_proved(&ordered);
    assert_eq!(returned(&ordered), [(40, 160)].into());
    assert_eq!((*ADA.lock().unwrap(), *BOB.lock().unwrap()), (100, 100));
}

#[test]
fn cells_are_written_and_threads_notified_in_every_run_anew() {
    static RATE: OnceLock<u32> = OnceLock::const_new();
    static LAZY: LazyLock<u32> = LazyLock::const_new(|| 7);
    static READY: (Mutex<bool>, Condvar) = (Mutex::const_new(false), Condvar::const_new());
    let report = explore(|| {
        let other = thread::spawn(|| {
            RATE.get_or_init(|| 3);
            *READY.0.lock().unwrap() = true;
            READY.1.notify_one();
        });
        let ready = READY.1.wait_while(READY.0.lock().unwrap(), |ready| !*ready);
        drop(ready.unwrap());
        let seen = (*RATE.get_or_init(|| 4), *LAZY);
        other.join().unwrap();
        seen
    });
    assert_eq!(returned(&report), [(3, 7)].into());
    assert_eq!((RATE.get(), *READY.0.lock().unwrap()), (None, false));
}

/// It is another one in every run.
#[test]
fn who_makes_a_static_in_a_run_is_told_so() {
    let report = loom(
        &Program::new(|| drop(AtomicU32::const_new(1).fetch_add(1, SeqCst).to_string())),
        &LoomBounds::default(),
    );
    let why = report.extent.cut_short().unwrap();
    assert!(why.contains("by const_new, which is for statics"), "{why}");
}

/// The search begins again all the same.
#[test]
fn one_may_be_met_first_by_who_is_being_unwound() {
    static DROPPED: AtomicU32 = AtomicU32::const_new(10);
    struct Counts;
    impl Drop for Counts {
        fn drop(&mut self) {
            DROPPED.fetch_add(1, SeqCst);
        }
    }
    let report = explore(|| {
        let thread = thread::spawn(|| {
            let _counts = Counts;
            panic!("on purpose");
        });
        (thread.join().is_err(), DROPPED.load(SeqCst))
    });
    assert_eq!(returned(&report), [(true, 11)].into());
}

#[test]
fn one_may_be_met_first_where_panics_are_caught() {
    static CAUGHT: AtomicU32 = AtomicU32::const_new(10);
    let adds = || catch_unwind(|| CAUGHT.fetch_add(1, SeqCst)).is_ok();
    let report = explore(move || {
        let other = thread::spawn(adds);
        (adds(), other.join().unwrap(), CAUGHT.load(SeqCst))
    });
    assert_eq!(returned(&report), [(true, true, 12)].into());
}
