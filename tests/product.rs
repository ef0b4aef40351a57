//! What the product engine proves, and how it gets there.
#![cfg(all(not(loom), feature = "shuttle"))]

mod learning;
mod refused;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;
use tellers::engine::product::{Limits, ProductError, Reduction, product};
use tellers::engine::{Conclusion, Count, Extent, Failure, Program, Report, Verdict, Watch};
use tellers::suite::find;
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

fn explore<R: Clone + Ord + std::hash::Hash + Send + 'static>(
    body: impl Fn() -> R + Send + Sync + 'static,
) -> Result<Report<R>, ProductError> {
    product(&Program::new(body), &Limits::default())
}

/// Two threads add 1 to a cell, `n` times each, with both locks taken in the same order.
fn ordered(n: i64) -> impl Fn() -> i64 + Send + Sync + 'static {
    move || {
        let shared = Arc::new((Lock::named("a"), Lock::named("b"), Cell::named("x", 0)));
        let spawn = |_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let (a, b, x) = &*shared;
                for i in 0..n {
                    checkpoint(i);
                    let (outer, inner) = (a.guard(), b.guard());
                    x.store(x.load() + 1);
                    drop((inner, outer));
                }
                checkpoint(n);
            })
        };
        let threads: Vec<_> = (0..2).map(spawn).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("no thread panics"));
        shared.2.load()
    }
}

#[test]
fn three_ordered_transfers_each_take_six_runs_of_the_real_code() {
    let report = explore(ordered(3)).unwrap();
    assert_eq!(report.verdict(), Verdict::Proved);
    assert_eq!(report.coverage.executions, 6);
    assert!(report.coverage.contended > 0);
    assert_eq!(report.outcomes.len(), 1);
}

#[test]
fn to_sleep_is_to_let_another_thread_go_first() {
    let steps = |body: fn()| explore(body).unwrap().coverage.steps;
    assert_eq!(steps(|| thread::sleep(Duration::from_secs(1))), steps(thread::yield_now));
    assert_ne!(steps(thread::yield_now), steps(|| ()));
}

#[test]
fn runs_grow_as_the_transfers_and_states_as_their_square() {
    let size = |n| {
        let report = explore(ordered(n)).unwrap();
        (report.coverage.executions, report.proof.unwrap().states)
    };
    let ((runs, states), (more_runs, more_states)) = (size(10), size(20));
    assert_eq!((runs, more_runs), (20, 40));
    assert!(more_states > 3 * states && more_states < 5 * states, "{states}, {more_states}");
}

#[test]
fn steps_out_of_sight_are_taken_together_and_the_proof_stays_the_same() {
    for name in ["timeout", "timeout-ring"] {
        let scenario = find(name).unwrap();
        let explore = |reduction| {
            let limits = Limits { reduction, ..Limits::default() };
            product(&scenario.program(scenario.setup), &limits).unwrap()
        };
        let (whole, reduced) = (explore(Reduction::Never), explore(Reduction::InLoops));
        assert_eq!(reduced.verdict(), Verdict::Proved);
        assert_eq!(whole.outcomes, reduced.outcomes);
        let (whole, reduced) = (whole.proof.unwrap(), reduced.proof.unwrap());
        assert!(reduced.reduced && !whole.reduced);
        assert!(3 * reduced.states < 2 * whole.states, "{} of {}", reduced.states, whole.states);
        for proof in [whole, reduced] {
            assert!(proof.completion_always_possible);
            assert_eq!(proof.interleavings, Count::Infinite);
            assert!(proof.starvation.is_some());
        }
    }
}

#[test]
fn a_cell_that_turns_out_to_be_shared_is_seen_by_all() {
    let report = explore(|| {
        let cells = Arc::new((Cell::named("turn", 0), Cell::named("data", 0)));
        let other = Arc::clone(&cells);
        let writer = thread::spawn(move || {
            other.1.store(1);
            other.0.store(1);
        });
        loop {
            checkpoint("waiting");
            if cells.0.load() == 1 {
                break;
            }
        }
        checkpoint("read");
        let data = cells.1.load();
        writer.join().unwrap();
        data
    })
    .unwrap();
    assert_eq!(report.verdict(), Verdict::Proved);
    assert!(report.proof.unwrap().reduced);
    let returned = report.outcomes.into_keys().map(|ending| ending.conclusion);
    assert_eq!(returned.collect::<Vec<_>>(), [Conclusion::Returned(1)]);
}

#[test]
fn a_loop_without_a_checkpoint_is_refused_though_another_has_one() {
    let program = Program::new(|| {
        let locks = Arc::new((Lock::named("a"), Lock::named("b")));
        let other = Arc::clone(&locks);
        let holder = thread::spawn(move || {
            let _held = (other.0.guard(), other.1.guard());
        });
        loop {
            checkpoint("a");
            if locks.0.acquire_timeout(Duration::ZERO) {
                break;
            }
        }
        while !locks.1.acquire_timeout(Duration::ZERO) {}
        locks.0.release().unwrap();
        locks.1.release().unwrap();
        holder.join().unwrap();
    });
    let answer = product(&program, &Limits { states: 1_000, ..Limits::default() });
    assert!(matches!(answer, Err(ProductError::Endless { .. })), "{answer:?}");
}

#[test]
fn a_loop_out_of_sight_is_a_livelock_all_the_same() {
    let report = explore(|| {
        let shared = Arc::new((Lock::named("lock"), Cell::named("x", 0)));
        let other = Arc::clone(&shared);
        let writer = thread::spawn(move || {
            let _held = other.0.guard();
            other.1.store(1);
        });
        let _held = shared.0.guard();
        while shared.1.load() == 0 {
            checkpoint("waiting");
        }
        writer.join().unwrap();
    })
    .unwrap();
    assert!(report.failures.contains_key(&Failure::Livelock));
    assert!(report.proof.unwrap().failing.is_empty());
}

#[test]
fn a_count_that_fits_in_no_machine_word_is_exact() {
    let report = explore(ordered(80)).unwrap();
    let Count::Finite(count) = report.proof.unwrap().interleavings else { panic!("no cycle") };
    assert!(count.bits() > 128, "{count}");
}

#[test]
fn a_failed_assertion_in_any_thread_is_found() {
    let report = explore(|| {
        let x = Arc::new(Cell::named("x", 0));
        let other = Arc::clone(&x);
        let reader = thread::spawn(move || assert_eq!(other.load(), 0, "x has changed"));
        x.store(1);
        let _ = reader.join();
    })
    .unwrap();
    let found = &report.failures[&Failure::Panic];
    assert_eq!((found.size.context, found.size.preemptions, found.no_return), (1, 0, Some(2)));
    let proof = report.proof.unwrap();
    assert_eq!(proof.interleavings, Count::Finite(2_u8.into()));
    assert_eq!(proof.failing[&Failure::Panic], Count::Finite(1_u8.into()));
}

#[test]
fn threads_may_be_spawned_and_joined_anywhere() {
    let report = explore(|| {
        let x = Arc::new(Cell::named("x", 1));
        let outer = Arc::clone(&x);
        let middle = thread::spawn(move || {
            let inner = Arc::clone(&outer);
            let child = thread::spawn(move || inner.load());
            outer.store(2);
            child.join().expect("it does not panic") * 10
        });
        x.store(3);
        middle.join().expect("it does not panic")
    })
    .unwrap();
    let returned: Vec<i64> = report
        .outcomes
        .keys()
        .map(|ending| match ending.conclusion {
            Conclusion::Returned(value) => value,
            _ => panic!("{ending:?}"),
        })
        .collect();
    assert_eq!(
        returned.iter().copied().collect::<std::collections::BTreeSet<_>>(),
        [10, 20, 30].into()
    );
}

/// Two threads that each give way to the other for ever: they look whether the other wants to go,
/// and if so, wait and look again.
#[test]
fn a_livelock_is_a_way_in_and_a_cycle_on_which_every_thread_moves() {
    let report = explore(|| {
        let gone = Arc::new([Event::named("gone1"), Event::named("gone2")]);
        let spawn = |i: usize| {
            let gone = Arc::clone(&gone);
            thread::spawn(move || {
                loop {
                    checkpoint(());
                    if gone[1 - i].is_set() {
                        return gone[i].set();
                    }
                }
            })
        };
        for thread in [0, 1].map(spawn) {
            thread.join().expect("it does not panic");
        }
    })
    .unwrap();
    assert_eq!(report.verdict(), Verdict::Failed);
    assert!(report.outcomes.is_empty());
    let found = &report.failures[&Failure::Livelock];
    let from = found.repeats_from.expect("the trace ends in a cycle");
    let movers: std::collections::BTreeSet<usize> =
        found.trace.steps[from..].iter().map(|step| step.thread.index()).collect();
    assert_eq!(movers, [1, 2].into());
    assert!(!report.proof.unwrap().completion_always_possible);
}

#[test]
fn a_retry_that_may_repeat_is_no_livelock() {
    let report = explore(|| {
        let lock = Arc::new(Lock::named("lock"));
        let spawn = |_| {
            let lock = Arc::clone(&lock);
            thread::spawn(move || {
                loop {
                    checkpoint(());
                    if lock.acquire_timeout(Duration::from_millis(1)) {
                        return lock.release().expect("it is held");
                    }
                }
            })
        };
        for thread in [0, 1].map(spawn) {
            thread.join().expect("it does not panic");
        }
    })
    .unwrap();
    assert_eq!(report.verdict(), Verdict::Proved);
    assert!(report.coverage.timeouts > 0);
    let proof = report.proof.unwrap();
    assert_eq!(proof.interleavings, Count::Infinite);
    assert!(proof.completion_always_possible);
    assert!(proof.starvation.is_some());
}

#[test]
fn a_long_loop_that_ends_is_no_endless_one() {
    let report = explore(|| {
        let x = Cell::named("x", 0);
        (0..120_000).for_each(|i| x.store(i));
    });
    assert_eq!(report.unwrap().verdict(), Verdict::Proved);
}

#[test]
fn a_limit_stops_the_search_and_nothing_is_proved() {
    let limits = Limits { states: 100, ..Limits::default() };
    let report = product(&Program::new(ordered(50)), &limits).unwrap();
    assert_eq!(report.verdict(), Verdict::NotProved);
    let Extent::CutShort { reason } = report.extent else { panic!("{:?}", report.extent) };
    assert!(reason.starts_with("at the limit of states: "), "{reason}");
    let raised = " known states explored; --max-states (TELLERS_MAX_STATES) raises it";
    assert!(reason.ends_with(raised), "{reason}");
    let known: usize =
        reason.split(' ').find_map(|word| word.parse().ok().filter(|&n| n > 100)).unwrap();
    assert!(known <= 100 + 3, "there are three threads to move from the last state: {reason}");

    let limits = Limits { bytes: 1, ..Limits::default() };
    let report = product(&Program::new(ordered(50)), &limits).unwrap();
    assert_eq!(report.verdict(), Verdict::NotProved);
}

#[test]
fn an_interrupt_stops_the_search() {
    let watch = Watch::new(Arc::new(AtomicBool::new(true)), |_| ());
    let report = product(&Program::new(ordered(50)).watched_by(watch), &Limits::default()).unwrap();
    let Extent::CutShort { reason } = report.extent else { panic!("{:?}", report.extent) };
    assert!(reason.starts_with("by an interrupt: "), "{reason}");
}

#[test]
fn an_interrupt_stops_what_follows_the_search() {
    let learned = explore(ordered(2)).unwrap().coverage.executions;
    let interrupt = Arc::new(AtomicBool::new(false));
    let watch = Watch::new(Arc::clone(&interrupt), |_| ());
    let (body, runs) = (ordered(2), AtomicI64::new(0));
    let program = Program::new(move || {
        let sampled = runs.fetch_add(1, Ordering::Relaxed) >= learned.cast_signed();
        interrupt.store(sampled, Ordering::Relaxed);
        body()
    });
    let report = product(&program.watched_by(watch), &Limits::default()).unwrap();
    assert_eq!(report.verdict(), Verdict::NotProved);
}
