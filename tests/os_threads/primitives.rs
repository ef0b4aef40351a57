//! What locks, events, semaphores and threads do where nobody checks anything.

use super::{LONG, SHORT};
use std::sync::Arc;
use std::time::Duration;
use tellers::sync::{Cell, Event, Lock, ReleaseUnlocked, Semaphore, thread};

#[test]
fn a_lock_is_not_reentrant() {
    let lock = Lock::new();
    lock.acquire();
    assert!(!lock.acquire_timeout(SHORT), "the wait for one's own lock times out");
    assert!(lock.locked());
    assert_eq!(lock.release(), Ok(()));
    assert!(lock.acquire_timeout(SHORT), "a wait for a free lock does not");
}

#[test]
fn any_thread_can_release_a_lock() {
    let lock = Arc::new(Lock::new());
    lock.acquire();
    let theirs = Arc::clone(&lock);
    let released = thread::spawn(move || theirs.release()).join().expect("no panic");
    assert_eq!(released, Ok(()));
    assert!(!lock.locked());
}

#[test]
fn a_release_wakes_who_waits_without_a_deadline() {
    let lock = Arc::new(Lock::new());
    lock.acquire();
    let theirs = Arc::clone(&lock);
    let waiter = thread::spawn(move || theirs.acquire());
    lock.release().expect("it is held");
    waiter.join().expect("no panic");
    assert!(lock.locked(), "the waiter has it now");
}

#[test]
fn a_release_ends_a_timed_wait_early() {
    let lock = Arc::new(Lock::new());
    lock.acquire();
    let theirs = Arc::clone(&lock);
    let waiter = thread::spawn(move || theirs.acquire_timeout(LONG));
    lock.release().expect("it is held");
    assert!(waiter.join().expect("no panic"));
}

#[test]
fn a_timeout_beyond_the_clock_waits_for_ever() {
    let lock = Arc::new(Lock::new());
    lock.acquire();
    let theirs = Arc::clone(&lock);
    let waiter = thread::spawn(move || theirs.acquire_timeout(Duration::MAX));
    lock.release().expect("it is held");
    assert!(waiter.join().expect("no panic"));
}

#[test]
fn the_release_of_a_free_lock_is_an_error_and_leaves_it_usable() {
    let lock = Lock::new();
    assert_eq!(lock.release(), Err(ReleaseUnlocked));
    lock.acquire();
    assert_eq!(lock.release(), Ok(()));
    assert_eq!(lock.release(), Err(ReleaseUnlocked));
}

#[test]
fn of_four_racing_releases_exactly_one_wins() {
    let lock = Arc::new(Lock::new());
    for _ in 0..200 {
        lock.acquire();
        let start = Arc::new(Event::new());
        let release = || {
            let (lock, start) = (Arc::clone(&lock), Arc::clone(&start));
            thread::spawn(move || {
                start.wait();
                lock.release().is_ok()
            })
        };
        let releases = [release(), release(), release(), release()];
        start.set();
        let won = releases.map(|r| r.join().expect("no panic")).into_iter().filter(|&won| won);
        assert_eq!(won.count(), 1);
        assert!(!lock.locked());
    }
}

#[test]
fn racing_releases_win_as_often_as_the_lock_is_taken() {
    let lock = Arc::new(Lock::new());
    let racer = || {
        let lock = Arc::clone(&lock);
        thread::spawn(move || {
            let (mut takes, mut wins, mut lost) = (0, 0, 0);
            for _ in 0..20_000 {
                takes += u64::from(lock.acquire_timeout(Duration::ZERO));
                // The others release it meanwhile, even on one processor.
                thread::yield_now();
                match lock.release() {
                    Ok(()) => wins += 1,
                    Err(ReleaseUnlocked) => lost += 1,
                }
            }
            [takes, wins, lost]
        })
    };
    let counts = [racer(), racer(), racer(), racer()].map(|r| r.join().expect("no panic"));
    let [takes, wins, lost] = [0, 1, 2].map(|i| counts.iter().map(|c| c[i]).sum::<u64>());
    assert!(lost > 0, "the releases did race");
    assert_eq!(takes, wins + u64::from(lock.locked()));
}

#[test]
fn a_waiter_and_a_racing_release_leave_the_lock_held_or_free_by_what_they_report() {
    for _ in 0..200 {
        let lock = Arc::new(Lock::new());
        lock.acquire();
        let theirs = Arc::clone(&lock);
        let waiter = thread::spawn(move || theirs.acquire_timeout(LONG));
        let releases = [lock.release(), lock.release()];
        assert_eq!(releases[0], Ok(()));
        assert!(waiter.join().expect("no panic"), "the first release lets the waiter in");
        assert_eq!(lock.locked(), releases[1].is_err(), "the second one found it in or not");
    }
}

#[test]
fn four_threads_under_a_lock_lose_no_update() {
    const EACH: i64 = 20_000;
    let shared = Arc::new((Lock::new(), Cell::new(0)));
    let adders: Vec<_> = (0..4)
        .map(|nth| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                for _ in 0..EACH {
                    let (lock, cell) = &*shared;
                    // Both ways to wait, so that each must wake the other.
                    if nth % 2 == 0 {
                        lock.acquire();
                    } else {
                        assert!(lock.acquire_timeout(LONG));
                    }
                    cell.store(cell.load() + 1);
                    lock.release().expect("it is held");
                }
            })
        })
        .collect();
    for adder in adders {
        adder.join().expect("no panic");
    }
    assert_eq!(shared.1.load(), 4 * EACH);
    assert!(!shared.0.locked());
}

#[test]
fn waits_that_time_out_lose_no_wake_up() {
    let lock = Arc::new(Lock::new());
    let impatient = |timeout| {
        let lock = Arc::clone(&lock);
        thread::spawn(move || {
            let mut timeouts = 0;
            for _ in 0..2_000 {
                while !lock.acquire_timeout(timeout) {
                    timeouts += 1;
                }
                lock.release().expect("it is held");
            }
            timeouts
        })
    };
    let threads = [impatient(Duration::ZERO), impatient(Duration::from_micros(5)), impatient(LONG)];
    let [.., patient] = threads.map(|t| t.join().expect("no panic and no hang"));
    assert_eq!(patient, 0);
    assert!(!lock.locked());
}

#[test]
fn an_event_lets_all_waiters_go() {
    let event = Arc::new(Event::new());
    assert!(!event.is_set());
    let waiter = || {
        let event = Arc::clone(&event);
        thread::spawn(move || event.wait())
    };
    let waiters = [waiter(), waiter()];
    event.set();
    for waiter in waiters {
        waiter.join().expect("no panic");
    }
    assert!(event.is_set());
    event.clear();
    assert!(!event.is_set());
}

#[test]
fn a_panic_surfaces_at_join() {
    let payload = thread::spawn_named("Thread-9", || std::panic::panic_any(7_u8)).join();
    assert_eq!(payload.expect_err("a panic").downcast_ref(), Some(&7_u8));
}

#[test]
fn a_thread_is_finished_once_it_has_ended() {
    let go = Arc::new(Event::new());
    let theirs = Arc::clone(&go);
    let waiter = thread::spawn(move || theirs.wait());
    assert!(!waiter.is_finished());
    go.set();
    while !waiter.is_finished() {
        thread::yield_now();
    }
    waiter.join().expect("no panic");
}

#[test]
fn a_permit_is_had_once_it_is_given_back() {
    let semaphore = Arc::new(Semaphore::new(1));
    assert!(semaphore.try_acquire(1) && !semaphore.try_acquire(1));
    assert!(!semaphore.acquire_timeout(1, SHORT), "nobody gives one back");
    let theirs = Arc::clone(&semaphore);
    let waiter = thread::spawn(move || theirs.acquire(2));
    semaphore.release(2);
    waiter.join().expect("no panic");
    assert!(!semaphore.try_acquire(1), "the waiter has them");
    semaphore.release(u32::MAX);
    semaphore.release(1);
    assert!(semaphore.try_acquire(u32::MAX), "there are never more");
}
