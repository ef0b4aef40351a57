//! Threads that look again and again, without a promise.
#![cfg(feature = "shuttle")]

use std::hash::Hash;
use std::sync::Arc;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Program, Report};
use tellers::hint::spin_loop;
use tellers::sync::atomic::{AtomicBool, AtomicU32, Ordering::SeqCst};
use tellers::thread;

fn explored<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    product(&Program::new(body), &Limits::default()).expect("it is answered")
}

/// That the program is proved to return these, and how many spins were closed for that.
fn assert_proved<R, const N: usize>(
    results: [R; N],
    body: impl Fn() -> R + Send + Sync + 'static,
) -> usize
where
    R: Clone + Ord + Hash + std::fmt::Debug + Send + 'static,
{
    let report = explored(body);
    assert_eq!(report.failures.keys().next(), None);
    assert!(report.is_exhaustive(), "{:?}", report.extent);
    assert_eq!(super::returned(&report), results.into());
    report.proof.expect("it is proved").spins
}

fn with_another<T: Send + Sync + 'static, R: Send + 'static>(
    shared: T,
    one: impl FnOnce(&T),
    other: impl FnOnce(&T) -> R + Send + 'static,
) -> R {
    let shared = Arc::new(shared);
    let theirs = Arc::clone(&shared);
    let other = thread::spawn(move || other(&theirs));
    one(&shared);
    other.join().unwrap()
}

#[test]
fn a_flag_is_waited_for() {
    let spins = assert_proved([7], || {
        with_another(
            (AtomicBool::new(false), AtomicU32::new(0)),
            |(ready, data)| {
                data.store(7, SeqCst);
                ready.store(true, SeqCst);
            },
            |(ready, data)| {
                while !ready.load(SeqCst) {
                    spin_loop();
                }
                data.load(SeqCst)
            },
        )
    });
    assert_eq!(spins, 1);
}

#[test]
fn a_flag_that_nobody_raises_is_waited_for_without_hope() {
    let report = explored(|| {
        with_another(
            AtomicBool::new(false),
            |_| (),
            |ready| {
                while !ready.load(SeqCst) {
                    spin_loop();
                }
            },
        );
    });
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Livelock]);
}

fn spin_lock(threads: u32, rounds: u32) -> u32 {
    let shared = Arc::new((AtomicBool::new(false), AtomicU32::new(0)));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                for _ in 0..rounds {
                    while shared.0.compare_exchange(false, true, SeqCst, SeqCst).is_err() {
                        spin_loop();
                    }
                    shared.1.store(shared.1.load(SeqCst) + 1, SeqCst);
                    shared.0.store(false, SeqCst);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    shared.1.load(SeqCst)
}

#[test]
fn a_spin_lock_keeps_three_threads_apart() {
    assert!(assert_proved([6], || spin_lock(3, 2)) > 0);
}

#[test]
fn tickets_are_served_in_order() {
    assert!(
        assert_proved([2], || {
            let take = |desk: &(AtomicU32, AtomicU32, AtomicU32)| {
                let mine = desk.0.fetch_add(1, SeqCst);
                while desk.1.load(SeqCst) != mine {
                    spin_loop();
                }
                desk.2.store(desk.2.load(SeqCst) + 1, SeqCst);
                desk.1.fetch_add(1, SeqCst);
            };
            let desk = Arc::new(Default::default());
            let theirs = Arc::clone(&desk);
            let other = thread::spawn(move || take(&theirs));
            take(&desk);
            other.join().unwrap();
            desk.2.load(SeqCst)
        }) > 0
    );
}

#[test]
fn who_gives_up_after_three_rounds_does() {
    let spins = assert_proved([None, Some(0), Some(1), Some(2)], || {
        with_another(
            AtomicBool::new(false),
            |ready| ready.store(true, SeqCst),
            |ready| {
                (0..3).find(|_| {
                    let is_ready = ready.load(SeqCst);
                    if !is_ready {
                        thread::yield_now();
                    }
                    is_ready
                })
            },
        )
    });
    assert_eq!(spins, 0);
}

/// It is told the same in each round, and counts: after 100 it does something else.
#[test]
fn who_counts_his_rounds_is_not_taken_for_one_who_goes_round_for_ever() {
    let report = explored(|| {
        with_another(
            AtomicBool::new(false),
            |ready| ready.store(true, SeqCst),
            |ready| {
                for round in 0.. {
                    if ready.load(SeqCst) {
                        break;
                    }
                    assert!(round < 100, "patience");
                    thread::yield_now();
                }
            },
        );
    });
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Panic]);
}

/// What it saw last is what it was told, so a round in which it is told something new is none.
#[test]
fn who_remembers_what_he_saw_is_told_something_new() {
    assert_proved([1, 2], || {
        with_another(
            AtomicU32::new(0),
            |value| [1, 2].into_iter().for_each(|new| value.store(new, SeqCst)),
            |value| {
                let (mut last, mut changes) = (0, 0);
                loop {
                    let seen = value.load(SeqCst);
                    changes += u32::from(seen != last);
                    last = seen;
                    if seen == 2 {
                        return changes;
                    }
                    spin_loop();
                }
            },
        )
    });
}
