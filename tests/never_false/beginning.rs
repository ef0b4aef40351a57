//! Data that a thread uses before its first operation, which no step separates from the spawn.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Failure, Program};
use tellers::sync::{Lock, assume, thread};

const SEEDS: u64 = 100;

/// So many threads that do this before their first operation; then main does that after an operation of its own.
fn beginners(
    count: usize,
    each: fn(&AtomicI64) -> bool,
    main: fn(&AtomicI64) -> bool,
) -> Program<()> {
    Program::new(move || {
        let shared = Arc::new((Lock::named("lock"), AtomicI64::new(0)));
        let begin = |_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let as_ever = each(&shared.1);
                drop(shared.0.guard());
                assert!(as_ever);
            })
        };
        let beginners: Vec<_> = (0..count).map(begin).collect();
        drop(shared.0.guard());
        assert!(main(&shared.1));
        beginners.into_iter().for_each(|thread| thread.join().unwrap());
    })
}

/// From no seed is it taken for a function of what it was told what a thread does.
fn never_determined(program: &Program<()>) {
    for seed in 0..SEEDS {
        let answer = product(program, &Limits { seed, ..Limits::default() });
        assert!(matches!(answer, Err(ProductError::Nondeterministic { .. })), "{seed}: {answer:?}");
    }
}

#[test]
fn what_is_read_before_the_first_operation_may_have_been_written_meanwhile() {
    let write = |data: &AtomicI64| data.swap(1, Relaxed) == 0;
    for count in 1..=3 {
        never_determined(&beginners(count, |data| data.load(Relaxed) == 0, write));
    }
}

#[test]
fn what_is_written_before_the_first_operation_may_not_be_read_yet() {
    let write = |data: &AtomicI64| data.fetch_add(1, Relaxed) >= 0;
    never_determined(&beginners(1, write, |data| data.load(Relaxed) == 1));
    never_determined(&beginners(2, write, |data| data.load(Relaxed) == 2));
    never_determined(&beginners(3, write, |data| data.load(Relaxed) == 3));
}

#[test]
fn who_leaves_the_run_out_before_its_first_operation_begins_at_once() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        let first = thread::spawn(move || drop(theirs.guard()));
        let second = thread::spawn(|| assume(false));
        drop(lock.guard());
        first.join().unwrap();
        second.join().unwrap();
    });
    let report = product(&program, &Limits::default()).expect("it is determined");
    assert!(report.failures.is_empty() && report.outcomes.is_empty(), "{:?}", report.outcomes);
}

#[test]
fn who_has_not_begun_is_no_reason_for_a_wake_up_that_nobody_caused() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let _held = lock.guard();
        let theirs = Arc::clone(&lock);
        let _other = thread::spawn(move || drop(theirs.guard()));
        thread::park();
    });
    let report = product(&program, &Limits::default()).expect("it is determined");
    assert!(report.failures.contains_key(&Failure::Deadlock), "{:?}", report.outcomes);
}
