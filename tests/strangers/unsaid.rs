//! Programs for which a sentence that is true of others would be false.

use super::{both, in_one_line, said};
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::{Effort, Engine, Failure, Program, Starving};
use tellers::sync::thread::{self, yield_now};
use tellers::sync::{Cell, Event, Lock, Semaphore, checkpoint};
use tellers::trace::Picture;

#[test]
fn a_lock_that_both_held_for_a_while_is_in_common() {
    let told = in_one_line(&said(|| {
        let early = |(lock, cell): &(Lock, Cell)| {
            let seen = {
                let _held = lock.guard();
                cell.load()
            };
            cell.store(seen + 1);
        };
        let well = |(lock, cell): &(Lock, Cell)| {
            let _held = lock.guard();
            cell.store(cell.load() + 1);
        };
        let shared = both((Lock::named("lock"), Cell::named("cell", 0)), early, well);
        assert_eq!(shared.1.load(), 2);
    }));
    assert!(told.contains("at its read, no lock at its write"), "{told}");
    assert!(told.contains("not lock all the way") && !told.contains("in common"), "{told}");
}

#[test]
fn a_set_that_woke_somebody_is_no_lost_wakeup() {
    let told = said(|| {
        let waits_twice = |ready: &Event| {
            ready.wait();
            ready.clear();
            ready.wait();
        };
        both(Event::named("ready"), waits_twice, |ready| ready.set());
    });
    assert!(told.starts_with("a failing interleaving\n\nDEADLOCK"), "{told}");
    assert!(!told.contains("wake-up"), "{told}");
}

#[test]
fn a_thread_that_may_end_at_any_time_is_kept_out() {
    let report = tellers::check(|| {
        let ends = thread::spawn(|| ());
        while !ends.is_finished() {
            checkpoint(());
            yield_now();
        }
    });
    assert_eq!(report.starving(), Some(Starving::SomeKeptOut));
}

/// The remedy for a livelock of these threads, if there is one.
fn remedy(body: impl Fn() + Send + Sync + 'static) -> Option<String> {
    let report =
        Engine::Product.run(&Program::new(body), Effort::default()).expect("it is answered");
    let found = &report.failures[&Failure::Livelock];
    let picture = Picture::of("", Failure::Livelock, found);
    picture.diagnosis().tell(picture.trace).remedy
}

fn asks_for_ever(lock: &Lock) {
    while !lock.acquire_timeout(Duration::ZERO) {
        checkpoint(());
    }
}

#[test]
fn only_those_who_hold_what_others_ask_for_can_give_it_up() {
    let stuck = |third: bool| {
        move || {
            let own = |(a, b): &(Lock, Lock)| {
                a.acquire();
                asks_for_ever(b);
            };
            let other = |(a, b): &(Lock, Lock)| {
                b.acquire();
                asks_for_ever(a);
            };
            if third {
                let locks = (Lock::named("a"), Lock::named("b"));
                locks.0.acquire();
                locks.1.acquire();
                both(locks, |(a, _)| asks_for_ever(a), |(_, b)| asks_for_ever(b));
            } else {
                both((Lock::named("a"), Lock::named("b")), own, other);
            }
        }
    };
    let report = Engine::Product.run(&Program::new(stuck(false)), Effort::default()).unwrap();
    assert!(report.failures.contains_key(&Failure::Livelock));
    let ring = remedy(stuck(false)).expect("each holds what the other asks for");
    assert!(ring.starts_with("Each of them holds what another one asks for"), "{ring}");
    assert_eq!(remedy(stuck(true)), None);
}

#[test]
fn a_store_that_is_the_same_for_what_is_near_is_computed_all_the_same() {
    let told = in_one_line(&said(|| {
        let take = |cell: &Cell| cell.store((cell.load() - 30).max(0));
        let give = |cell: &Cell| cell.store(cell.load() + 100);
        assert_ne!(both(Cell::named("cell", 10), take, give).load(), 0);
    }));
    assert!(told.contains("computed from the 10 that it had read"), "{told}");
}

#[test]
fn a_panic_names_every_lock_that_it_keeps_and_whoever_waits_for_another_reason() {
    let told = in_one_line(&said(|| {
        let shared = Arc::new((Lock::named("a"), Lock::named("b"), Event::named("never")));
        let spawn = |work: fn(&(Lock, Lock, Event))| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || work(&shared))
        };
        shared.0.acquire();
        shared.1.acquire();
        spawn(|shared| drop(shared.0.guard()));
        spawn(|shared| drop(shared.1.guard()));
        spawn(|shared| shared.2.wait());
        panic!("early");
    }));
    assert!(
        told.contains("It held a and b, which nobody will release: Thread-1 and Thread-2 wait"),
        "{told}"
    );
    assert!(told.contains("Thread-3 waits for never to be set"), "{told}");
}

#[test]
fn who_keeps_the_permits_is_told() {
    let told = in_one_line(&said(|| {
        let window = Semaphore::named("window", 1);
        let leaves_early = |window: &Semaphore| window.acquire(1);
        both(window, leaves_early, leaves_early);
    }));
    assert!(told.contains("took from window (step 1, "), "{told}");
    assert!(told.contains("has ended, and gave nothing back"), "{told}");
}
