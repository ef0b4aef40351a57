//! What the engine refuses to prove, and what it says then.

use super::{explore, ordered};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Failure, Program, Report, Verdict};
use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};

fn refusal<R: std::fmt::Debug>(answer: Result<R, ProductError>) -> String {
    answer.expect_err("this must not be proved").to_string()
}

#[test]
fn a_thread_that_reads_a_static_is_refused_by_name_place_and_both_operations() {
    static RUNS: AtomicI64 = AtomicI64::new(0);
    let message = refusal(explore(|| {
        let x = Arc::new(Cell::named("x", 0));
        let other = Arc::clone(&x);
        let writer = thread::spawn(move || other.store(RUNS.fetch_add(1, Ordering::Relaxed)));
        x.store(-1);
        writer.join().expect("it does not panic");
    }));
    assert!(
        message.starts_with("Thread-1 is not determined by what it was told: it came to"),
        "{message}"
    );
    assert!(message.contains("`store 0 in x` (tests/product/refused.rs:"), "{message}");
    assert!(message.contains("`store 1 in x` (tests/product/refused.rs:"), "{message}");
}

#[test]
fn a_cell_that_begins_with_another_value_each_time_is_refused() {
    static RUNS: AtomicI64 = AtomicI64::new(0);
    let message = refusal(explore(|| {
        let x = Arc::new(Cell::named("x", RUNS.fetch_add(1, Ordering::Relaxed)));
        let other = Arc::clone(&x);
        let reader = thread::spawn(move || other.load());
        x.store(-1);
        let _ = reader.join();
    }));
    assert!(message.contains("main is not determined by what it was told"), "{message}");
    assert!(
        message.contains("new objects: `x = 0` and, told the same, to new objects: `x = 1`"),
        "{message}"
    );
}

#[test]
fn data_passed_outside_of_sync_is_refused() {
    let message = refusal(explore(|| {
        let x = Arc::new(Cell::named("x", 0));
        let secret = Arc::new(AtomicI64::new(0));
        let (other, told) = (Arc::clone(&x), Arc::clone(&secret));
        let writer = thread::spawn(move || {
            other.store(1);
            thread::yield_now();
            told.store(1, Ordering::Relaxed);
            other.store(2);
        });
        x.load();
        x.store(10 + secret.load(Ordering::Relaxed));
        writer.join().expect("it does not panic");
    }));
    assert!(message.contains("main"), "{message}");
}

#[test]
fn a_checkpoint_that_forgets_too_much_is_refused() {
    let message = refusal(explore(|| {
        let x = Arc::new(Cell::named("x", 0));
        let other = Arc::clone(&x);
        let reader = thread::spawn(move || {
            let seen = other.load();
            checkpoint("forgets what it has seen");
            other.store(seen + 5);
        });
        x.store(1);
        reader.join().expect("it does not panic");
    }));
    assert!(message.contains("Thread-1") && message.contains("checkpoint"), "{message}");
    assert!(message.contains("`store 5 in x`") && message.contains("`store 6 in x`"), "{message}");
}

/// The search goes round the loop for ever and never sees its second round; the random runs do. To
/// complain in the thread itself, which holds a guard, would end the process.
#[test]
fn a_promise_that_only_the_random_runs_see_broken_is_refused() {
    let message = refusal(explore(|| {
        let shared = Arc::new((Lock::named("lock"), Cell::named("x", 0)));
        let writer = thread::spawn(move || {
            for round in 1..=2 {
                checkpoint("forgets the round");
                let _held = shared.0.guard();
                shared.1.store(round);
            }
        });
        writer.join().expect("it does not panic");
    }));
    assert!(message.contains("`store 1 in x`") && message.contains("`store 2 in x`"), "{message}");
}

#[test]
fn a_loop_without_a_checkpoint_is_refused_and_named() {
    let message = refusal(explore(|| {
        let go = Arc::new(Event::named("go"));
        let theirs = Arc::clone(&go);
        let waiter = thread::spawn(move || while !theirs.is_set() {});
        go.set();
        waiter.join().unwrap();
    }));
    assert!(
        message.starts_with("Thread-1 has done 50,000 operations that hardly differ, came to `"),
        "{message}"
    );
    assert!(
        message.contains("tests/product/refused.rs:") && message.contains("checkpoint(key)"),
        "{message}"
    );
}

#[test]
fn a_program_that_was_refused_leaves_the_engine_fit_for_the_next() {
    static RUNS: AtomicI64 = AtomicI64::new(0);
    refusal(explore(|| Cell::named("x", 0).store(RUNS.fetch_add(1, Ordering::Relaxed))));
    assert_eq!(explore(ordered(1)).unwrap().verdict(), Verdict::Proved);
}

/// Two threads, one of which holds a lock of shuttle's own while it waits for what the other one does
/// under that lock.
fn locks_of_another_kind(asks_first: bool) -> impl Fn() + Send + Sync + 'static {
    move || {
        let shared = Arc::new((shuttle::sync::Mutex::new(()), Event::named("e")));
        let ours = Arc::clone(&shared);
        let _waits = thread::spawn(move || {
            let _held = ours.0.lock();
            ours.1.wait();
        });
        let _sets = thread::spawn(move || {
            if asks_first {
                shared.1.is_set();
            }
            let _held = shared.0.lock();
            shared.1.set();
        });
    }
}

#[test]
fn a_thread_that_waits_by_other_means_is_refused_and_named() {
    for asks_first in [true, false] {
        let message = refusal(explore(locks_of_another_kind(asks_first)));
        assert!(message.starts_with("Thread-2 came neither to another operation"), "{message}");
        assert!(message.contains("a lock of shuttle's own"), "{message}");
    }
}

/// What a program is that is another one from some run of the real code on, and how often it was run.
fn changed_from<R: Clone + Ord + std::hash::Hash + Send + 'static>(
    run: i64,
    body: impl Fn(bool) -> R + Send + Sync + 'static,
) -> (Result<Report<R>, ProductError>, i64) {
    let runs = Arc::new(AtomicI64::new(0));
    let counted = Arc::clone(&runs);
    let program = Program::new(move || body(counted.fetch_add(1, Ordering::Relaxed) >= run));
    let program = program.judged_by(|_| vec![Failure::LostUpdate]);
    (product(&program, &Limits::default()), runs.load(Ordering::Relaxed))
}

/// The last run of the real code shows what was found.
#[test]
fn a_program_that_is_another_one_when_its_failure_is_shown_is_refused() {
    let reads = |other| {
        let cells = ["x", "y"].map(|name| Cell::named(name, 0));
        cells[usize::from(other)].load();
    };
    let (report, runs) = changed_from(i64::MAX, reads);
    assert_eq!(report.unwrap().verdict(), Verdict::Failed);
    let failure = Failure::LostUpdate;
    let refused = changed_from(runs - 1, reads).0.unwrap_err();
    assert_eq!(refused, ProductError::NotReproduced { failure });
}

/// The thread comes back to where it was, and has done something else on the way.
#[test]
fn a_program_that_is_another_one_when_its_cycle_is_shown_is_refused() {
    let looks = |other| {
        let go = Arc::new(Cell::named("go", 0));
        let theirs = Arc::clone(&go);
        let waits = thread::spawn(move || {
            let mut other = other;
            loop {
                checkpoint(());
                if std::mem::take(&mut other) {
                    thread::yield_now();
                }
                if theirs.load() == 1 {
                    break;
                }
            }
        });
        go.store(1);
        waits.join().expect("it does not panic");
    };
    let (report, runs) = changed_from(i64::MAX, looks);
    let proof = report.unwrap().proof.expect("it is complete");
    assert!(proof.starvation.is_some());
    let refused: Vec<_> = (1..=2).map(|from_end| changed_from(runs - from_end, looks).0).collect();
    assert!(refused.iter().all(Result::is_err), "{refused:?}");
}

#[test]
fn a_run_that_is_left_out_where_no_other_was_is_refused() {
    static RUNS: AtomicI64 = AtomicI64::new(0);
    let message = refusal(explore(|| {
        assume(RUNS.fetch_add(1, Ordering::Relaxed) == 0);
        let x = Arc::new(Cell::named("x", 0));
        let other = Arc::clone(&x);
        let writer = thread::spawn(move || other.store(1));
        x.store(2);
        writer.join().expect("it does not panic");
    }));
    assert!(message.contains("main is not determined by what it was told"), "{message}");
    assert!(message.contains("`x = 0` and, told the same, to nothing new"), "{message}");
}
