//! What the product engine learns of loops, in how many runs, and how it shows one that has no end.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Found, Program, Report, Verdict};
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

fn explore(body: impl Fn() + Send + Sync + 'static) -> Report<()> {
    product(&Program::new(body), &Limits::default()).expect("it can be explored")
}

/// Two threads take these locks, one under the other, in the order of a ring: from the first and from the
/// second lock on. Who cannot have one lets go of all and begins again.
fn ring(locks: usize, rounds: usize) -> impl Fn() + Send + Sync + 'static {
    move || {
        let shared: Arc<Vec<Lock>> =
            Arc::new((0..locks).map(|i| Lock::named(format!("lock{i}"))).collect());
        let threads = [0, 1].map(|first| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let ring = |i| &shared[(first + i) % locks];
                for round in 0..rounds {
                    loop {
                        checkpoint(round);
                        let held = (0..locks)
                            .take_while(|&i| ring(i).acquire_timeout(Duration::from_millis(1)))
                            .count();
                        (0..held).rev().for_each(|i| ring(i).release().expect("it is held"));
                        if held == locks {
                            break;
                        }
                    }
                }
                checkpoint(rounds);
            })
        });
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    }
}

#[test]
fn the_runs_that_it_takes_to_learn_retries_grow_as_the_rounds() {
    let runs = |locks, rounds| {
        let report = explore(ring(locks, rounds));
        assert_eq!(report.verdict(), Verdict::Proved);
        report.coverage.executions
    };
    let all = [1, 2, 3, 5].map(|locks| [1, 2, 4].map(|rounds| runs(locks, rounds)));
    assert_eq!(all, [[3, 5, 9], [4, 8, 16], [4, 8, 16], [4, 8, 15]]);
}

/// Who moves on the cycle of a failure.
fn on_cycle(found: &Found) -> BTreeSet<usize> {
    let from = found.repeats_from.expect("it ends in a cycle");
    found.trace.steps[from..].iter().map(|step| step.thread.index()).collect()
}

/// Threads that wait for one another's events, looking `looks` times and giving way in between; the main
/// thread is busy before.
fn waiting(before: i64, threads: usize, looks: usize) -> impl Fn() + Send + Sync + 'static {
    move || {
        let x = Cell::named("x", 0);
        (0..before).for_each(|i| x.store(i));
        let go = Arc::new(Event::named("go"));
        let spawn = |_| {
            let go = Arc::clone(&go);
            thread::spawn(move || {
                loop {
                    checkpoint(());
                    for _ in 0..looks {
                        if go.is_set() {
                            return go.set();
                        }
                        thread::yield_now();
                    }
                }
            })
        };
        let threads: Vec<_> = (0..threads).map(spawn).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    }
}

#[test]
fn a_livelock_is_fair_however_far_it_is_and_however_long() {
    for (before, threads, looks) in
        [(0, 2, 1), (0, 2, 3), (100, 2, 1), (100, 2, 3), (0, 3, 4), (100, 3, 4)]
    {
        let report = explore(waiting(before, threads, looks));
        let found = &report.failures[&Failure::Livelock];
        assert_eq!(on_cycle(found), (1..=threads).collect(), "{before} {threads} {looks}");
    }
}

/// One thread may give up while two others wait for ever; somebody asks whether it has.
#[test]
fn nobody_can_end_on_a_cycle_if_there_is_another() {
    for before in [0, 100] {
        let report = explore(move || {
            let x = Arc::new(Cell::named("x", 0));
            (0..before).for_each(|i| x.store(i));
            let go = Arc::new(Event::named("go"));
            let short = thread::spawn(thread::yield_now);
            let theirs = Arc::clone(&go);
            let waits = thread::spawn(move || {
                while !theirs.is_set() {
                    checkpoint("waits");
                }
            });
            loop {
                checkpoint("asks");
                let ended = short.is_finished();
                if ended && go.is_set() {
                    break;
                }
            }
            waits.join().expect("it does not panic");
        });
        let found = &report.failures[&Failure::Livelock];
        let asked = found.trace.steps[found.repeats_from.expect("it ends in a cycle")..].iter();
        let answers: Vec<String> = asked.map(|step| format!("{:?}", step.outcome)).collect();
        assert_eq!(on_cycle(found), [0, 2].into());
        assert!(answers.iter().any(|answer| answer == "Is(true)"), "{answers:?}");
    }
}

/// The main thread asks whether another has ended only when it sees a 1, which makes
/// for a shorter way around, and need never see one.
#[test]
fn a_cycle_without_the_question_is_found_among_states_that_ask_it() {
    let report = explore(|| {
        let x = Arc::new(Cell::named("x", 0));
        let theirs = Arc::clone(&x);
        let short = thread::spawn(|| ());
        thread::spawn(move || {
            loop {
                checkpoint("toggles");
                theirs.store(1);
                theirs.store(0);
            }
        });
        loop {
            checkpoint("looks");
            if x.load() == 0 {
                (0..3).for_each(|_| thread::yield_now());
            } else if short.is_finished() {
                break;
            }
        }
    });
    let found = &report.failures[&Failure::Livelock];
    assert_eq!(on_cycle(found), [0, 2].into());
    let asks = |step: &tellers::trace::Step| format!("{:?}", step.op).contains("IsFinished");
    assert!(!found.trace.steps.iter().any(asks));
}
