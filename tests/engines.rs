//! What the engines that enumerate and sample say of how they looked.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tellers::engine::product::{Limits, product};
use tellers::engine::{Count, Effort, Engine, Extent, Program, Watch, dfs, pct, random};
use tellers::sync::{Cell, Lock, thread};

/// Two threads that write twice each; the main thread only starts them and waits.
fn two_times_two() -> Program<()> {
    Program::new(|| {
        let cell = Arc::new(Cell::new(0));
        let threads = [1, 2].map(|value| {
            let cell = Arc::clone(&cell);
            thread::spawn(move || (0..2).for_each(|_| cell.store(value)))
        });
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    })
}

#[test]
fn an_enumeration_that_is_given_just_enough_runs_is_exhausted() {
    let program = two_times_two();
    let proof = product(&program, &Limits::default()).expect("it can be explored").proof;
    let Count::Finite(all) = proof.expect("it is complete").interleavings else {
        panic!("no loop")
    };
    let all = u64::try_from(all).expect("there are few");
    assert_eq!(dfs(&program, all).extent, Extent::Exhausted);
    assert!(matches!(dfs(&program, all - 1).extent, Extent::CutShort { .. }));
}

/// The first thread takes the turn from the main thread between its spawns, and the main thread takes
/// it back; once the first thread has ended, the main thread takes it from the second one to join.
#[test]
fn the_most_preemptions_are_those_of_the_most_restless_interleaving() {
    assert_eq!(dfs(&two_times_two(), 10_000).coverage.preemptions, 3);
    let alone = Program::new(|| Cell::new(0).store(1));
    assert_eq!(dfs(&alone, 10_000).coverage.preemptions, 0);
}

#[test]
fn who_comes_to_a_held_lock_is_counted_by_every_engine() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::new());
        let theirs = Arc::clone(&lock);
        let other = thread::spawn(move || drop(theirs.guard()));
        drop(lock.guard());
        other.join().expect("it does not panic");
    });
    for report in [dfs(&program, 10_000), random(&program, 100, 0)] {
        assert!(report.coverage.contended > 0, "{:?}", report.extent);
    }
}

#[test]
fn a_watch_hears_of_the_runs_and_stops_the_next() {
    let (interrupt, last) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let (stop, heard) = (Arc::clone(&interrupt), Arc::clone(&last));
    let watch = Watch::new(interrupt, move |progress| {
        heard.store(progress.runs, Ordering::Relaxed);
        stop.store(progress.runs == 256, Ordering::Relaxed);
    });
    let report = random(&two_times_two().watched_by(watch), 1_000, 0);
    assert_eq!((report.coverage.executions, last.load(Ordering::Relaxed)), (256, 256));
    assert!(matches!(report.extent, Extent::CutShort { .. }));
}

#[test]
fn engines_are_allowed_as_much_as_they_need() {
    let runs = [Engine::Random, Engine::Loom, Engine::Threads].map(|e| Effort::of(e).executions);
    assert_eq!(runs, [10_000, 1_000_000, 1_000]);
}

#[test]
fn pct_puts_who_yields_behind_all_others() {
    let program = Program::new(|| {
        let flag = Arc::new(Cell::named("flag", 0));
        let raised = Arc::clone(&flag);
        let other = thread::spawn(move || raised.store(1));
        while flag.load() == 0 {
            thread::yield_now();
        }
        other.join().expect("it is well");
    });
    for seed in 0..8 {
        assert_eq!(pct(&program, 1, seed).bounds, []);
    }
}

#[test]
fn pct_takes_the_turn_from_nobody_at_depth_1() {
    let program = Program::new(|| {
        let writes = || (1..=3).for_each(|value| Cell::named("x", 0).store(value));
        let threads = [(); 3].map(|()| thread::spawn(writes));
        threads.into_iter().for_each(|thread| thread.join().expect("it is well"));
    });
    for seed in 0..8 {
        assert_eq!(pct(&program, 1, seed).coverage.preemptions, 0);
    }
}
