//! Locks and events under loom.

use super::{assert_proved, explore, returned};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::Report;
use tellers::sync::{Cell, Event, Lock, ReleaseUnlocked, thread};

/// What each of the lesson's `locks_good` was, over the tries of one thread.
type Tries = Vec<[bool; 2]>;

const TIMEOUT: Duration = Duration::from_millis(1);

/// The lesson's retry: try all locks; on failure, release those acquired and start over.
fn try_both(locks: [&Lock; 2], most: usize) -> Tries {
    let mut tries = Tries::new();
    while tries.len() < most && tries.last() != Some(&[true, true]) {
        let good = locks.map(|lock| lock.acquire_timeout(TIMEOUT));
        tries.push(good);
        for (lock, acquired) in locks.iter().zip(good) {
            if acquired {
                lock.release().expect("it was acquired");
            }
        }
    }
    tries
}

fn two_that_retry(most: usize) -> Report<(Tries, Tries)> {
    explore(move || {
        let (a, b) = (Arc::new(Lock::new()), Arc::new(Lock::new()));
        let (their_a, their_b) = (a.clone(), b.clone());
        let other = thread::spawn(move || try_both([&their_b, &their_a], most));
        let mine = try_both([&a, &b], most);
        (mine, other.join().expect("no thread panics"))
    })
}

#[test]
fn one_try_for_both_locks_has_every_outcome_that_it_can_have() {
    let report = two_that_retry(1);
    assert_proved(&report);
    let (none, first, second, both) = ([false, false], [true, false], [false, true], [true, true]);
    let pairs = [
        (both, both),
        // One holds both throughout the other's try, or gives a lock back in the middle of it.
        (both, none),
        (none, both),
        (both, first),
        (first, both),
        (both, second),
        (second, both),
        // Each holds its first lock while the other tries for it.
        (first, first),
    ];
    let expected = pairs.into_iter().map(|(mine, theirs)| (vec![mine], vec![theirs])).collect();
    assert_eq!(returned(&report), expected);
    assert!(report.coverage.timeouts >= 40, "{:?}", report.coverage);
}

#[test]
fn two_tries_have_as_many_outcomes_as_the_depth_first_search_finds() {
    let report = two_that_retry(2);
    assert_proved(&report);
    assert_eq!(returned(&report).len(), 27);
    assert!(report.coverage.executions >= 500, "{:?}", report.coverage);
    assert!(report.coverage.timeouts >= 1_500, "{:?}", report.coverage);
}

#[test]
fn a_held_lock_is_waited_for() {
    let report = explore(|| {
        let (lock, cell) = (Arc::new(Lock::new()), Arc::new(Cell::new(0)));
        let handles: Vec<_> = (0..2)
            .map(|_| {
                let (lock, cell) = (lock.clone(), cell.clone());
                thread::spawn(move || {
                    let _guard = lock.guard();
                    cell.store(cell.load() + 1);
                })
            })
            .collect();
        handles.into_iter().for_each(|handle| handle.join().expect("no thread panics"));
        cell.load()
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([2]));
    assert!(report.coverage.contended >= 2, "{:?}", report.coverage);
    assert!(report.coverage.executions >= 4, "{:?}", report.coverage);
}

#[test]
fn a_lock_that_the_other_thread_never_gives_back_is_seen_held_and_free() {
    let report = explore(|| {
        let lock = Arc::new(Lock::new());
        let theirs = lock.clone();
        let other = thread::spawn(move || theirs.acquire_timeout(TIMEOUT));
        let mine = lock.acquire_timeout(TIMEOUT);
        (mine, other.join().expect("no thread panics"))
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([(true, false), (false, true)]));
}

#[test]
fn any_thread_may_release() {
    let report = explore(|| {
        let lock = Arc::new(Lock::new());
        lock.acquire();
        let theirs = lock.clone();
        let other = thread::spawn(move || theirs.release());
        lock.acquire();
        (other.join().expect("no thread panics"), lock.locked())
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([(Ok(()), true)]));
    assert!(report.coverage.contended > 0);
}

#[test]
fn a_free_lock_cannot_be_released() {
    let report = explore(|| {
        let lock = Arc::new(Lock::new());
        let theirs = lock.clone();
        let other = thread::spawn(move || theirs.release());
        lock.acquire();
        let mine = lock.release();
        (mine, other.join().expect("no thread panics"), lock.locked())
    });
    assert_proved(&report);
    let outcomes = [(Ok(()), Err(ReleaseUnlocked)), (Err(ReleaseUnlocked), Ok(()))];
    let expected = outcomes.map(|(mine, theirs)| (mine, theirs, false));
    assert_eq!(returned(&report), BTreeSet::from(expected));
}

#[test]
fn an_event_lets_its_waiters_go_on_and_shows_them_what_came_before() {
    let report = explore(|| {
        let (event, cell) = (Arc::new(Event::new()), Arc::new(Cell::new(0)));
        let (their_event, their_cell) = (event.clone(), cell.clone());
        let other = thread::spawn(move || {
            their_event.wait();
            (their_cell.load(), their_event.is_set())
        });
        cell.store(7);
        event.set();
        other.join().expect("no thread panics")
    });
    assert_proved(&report);
    assert_eq!(returned(&report), BTreeSet::from([(7, true)]));
    assert!(report.coverage.executions >= 2, "{:?}", report.coverage);
}

#[test]
fn an_event_that_is_lowered_again_may_be_missed() {
    let report = explore(|| {
        let event = Arc::new(Event::new());
        let theirs = event.clone();
        let other = thread::spawn(move || theirs.wait());
        event.set();
        event.clear();
        other.join().expect("no thread panics");
    });
    assert_eq!(report.outcomes.len(), 2, "the end, and a wait for ever");
    assert_eq!(returned(&report).len(), 1);
}
