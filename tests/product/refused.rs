//! What the engine refuses to prove, and what it says then.

use super::{explore, ordered};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Failure, Program, Verdict};
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

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
        message.contains("new cells: `x = 0` and, told the same, to new cells: `x = 1`"),
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
        let waiter = thread::spawn(move || {
            while !theirs.is_set() {
                thread::yield_now();
            }
        });
        go.set();
        waiter.join().unwrap();
    }));
    assert!(
        message.starts_with("Thread-1 has done 50000 operations that hardly differ, came to `"),
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

/// Two threads, one of which holds a lock of shuttle's own while it waits for what the other one
/// does before or after it takes the lock.
fn locks_of_another_kind(before: bool) -> impl Fn() + Send + Sync + 'static {
    move || {
        let shared = Arc::new((shuttle::sync::Mutex::new(()), Event::named("e")));
        let ours = Arc::clone(&shared);
        let _waits = thread::spawn(move || {
            let _held = ours.0.lock();
            ours.1.wait();
        });
        let _sets = thread::spawn(move || {
            if before {
                shared.1.is_set();
            }
            let _held = shared.0.lock();
            shared.1.set();
        });
    }
}

#[test]
fn a_thread_that_waits_by_other_means_is_refused_and_named() {
    for before in [true, false] {
        let message = refusal(explore(locks_of_another_kind(before)));
        assert!(message.starts_with("Thread-2 came neither to another operation"), "{message}");
        assert!(message.contains("a lock of shuttle's own"), "{message}");
    }
}

/// The last run of the real code shows the failure that was found.
#[test]
fn a_program_that_is_another_one_when_its_failure_is_shown_is_refused() {
    let shown = |from: i64| {
        let runs = Arc::new(AtomicI64::new(0));
        let counted = Arc::clone(&runs);
        let program = Program::new(move || {
            let other = counted.fetch_add(1, Ordering::Relaxed) >= from;
            let cells = ["x", "y"].map(|name| Cell::named(name, 0));
            cells[usize::from(other)].load();
        });
        let program = program.judged_by(|_| vec![Failure::LostUpdate]);
        (product(&program, &Limits::default()), runs.load(Ordering::Relaxed))
    };
    let (report, runs) = shown(i64::MAX);
    assert_eq!(report.unwrap().verdict(), Verdict::Failed);
    let failure = Failure::LostUpdate;
    assert_eq!(shown(runs - 1).0.unwrap_err(), ProductError::NotReproduced { failure });
}
