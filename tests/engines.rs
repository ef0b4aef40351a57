//! What the engines that enumerate and sample say of how they looked.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tellers::Apart;
use tellers::engine::product::{Limits, product};
use tellers::engine::{
    Count, Effort, Engine, Extent, Program, Report, Verdict, Watch, dfs, pct, random,
};
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
    let short = dfs(&program, all - 1);
    assert!(matches!(short.extent, Extent::CutShort { .. }));
    assert_eq!(short.coverage.executions, all - 1);
    assert_eq!(short.outcomes.values().map(|seen| seen.runs).sum::<u64>(), all - 1);
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

#[test]
fn the_product_engine_keeps_to_the_effort_it_is_given() {
    let effort = Effort::of(Engine::Product);
    let stopped = |effort| match Engine::Product.run(&two_times_two(), effort) {
        Ok(Report { extent: Extent::CutShort { reason }, .. }) => reason,
        other => panic!("{other:?}"),
    };
    let said = stopped(Effort { states: 2, ..effort });
    assert!(said.starts_with("at the limit of states: "), "{said}");
    let said = stopped(Effort { bytes: 1, ..effort });
    assert!(said.starts_with("at the limit of memory: "), "{said}");
}

/// What the main thread saw in each run, one after the other.
fn seen_in_all_runs(seed: u64) -> Vec<i64> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let program = Program::new(move || {
        let cell = Arc::new(Cell::new(0));
        let theirs = Arc::clone(&cell);
        let other = thread::spawn(move || (1..20).for_each(|value| theirs.store(value)));
        (0..3).for_each(|_| log.lock().unwrap().push(cell.load()));
        other.join().expect("it does not panic");
    });
    let effort = Effort { seed, ..Effort::of(Engine::Product) };
    Engine::Product.run(&program, effort).expect("it answers");
    let seen = seen.lock().unwrap();
    seen.clone()
}

#[test]
fn another_seed_holds_other_runs_against_the_graph() {
    assert_eq!(seen_in_all_runs(1), seen_in_all_runs(1));
    assert_ne!(seen_in_all_runs(1), seen_in_all_runs(2));
}

/// The limit is for the states. The program may take some gigabytes beside it, and holds what it takes
/// for long enough to be looked at.
#[cfg(target_os = "linux")]
#[test]
fn a_program_may_take_more_than_the_states_may() {
    let apart = Apart::new("engines::a_program_may_take_more_than_the_states_may").run(|| {
        let program = Program::new(|| {
            let much = black_box(vec![1_u8; 128 << 20]);
            let more = black_box(much.clone());
            Cell::new(0).store(more[1].into());
        });
        let effort = Effort { bytes: 64 << 20, ..Effort::of(Engine::Product) };
        let report = Engine::Product.run(&program, effort).expect("it answers");
        assert_eq!(report.verdict(), Verdict::Proved, "{:?}", report.extent);
    });
    apart.expect("it is proved");
}
