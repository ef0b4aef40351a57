//! Limits hold, and an interrupt is heard, whatever is under way; counted, not timed.
#![cfg(all(not(loom), feature = "shuttle"))]

use crate::textbook::waiting;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Effort, Engine, Extent, Failure, Program, Report, Verdict, Watch};
use tellers::sync::{Cell, checkpoint, mpsc, thread};
use tellers::trace::Follows;

/// Whoever runs asks no later than after so many operations whether to go on.
const SOON: usize = 1 << 10;

fn reason<R>(report: &Report<R>) -> &str {
    report.extent.cut_short().unwrap_or_else(|| panic!("{:?}", report.extent))
}

/// A number that goes up.
#[derive(Clone, Default)]
struct Counter(Arc<AtomicUsize>);

impl Counter {
    fn up(&self) -> usize {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn get(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// One thread that writes so often, with `then` before each.
fn writes(
    times: usize,
    then: impl Fn() + Clone + Send + Sync + 'static,
) -> impl Fn() + Send + Sync + 'static {
    move || {
        let cell = Cell::named("x", 0);
        for value in 0..times {
            then();
            cell.store(value as i64);
        }
    }
}

/// Philosophers who each eat once.
fn philosophers(seats: usize, in_order: bool) -> impl Fn() + Send + Sync + 'static {
    let first = if in_order { waiting::ordered } else { waiting::naive };
    move || waiting::philosophers(seats, first)
}

/// Threads that add one without a lock, so often.
fn increments(threads: usize, times: usize) -> impl Fn() + Send + Sync + 'static {
    move || {
        let sum = Arc::new(Cell::named("sum", 0));
        let all = (0..threads).map(|_| {
            let sum = Arc::clone(&sum);
            thread::spawn(move || (0..times).for_each(|_| sum.store(sum.load() + 1)))
        });
        all.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
        assert_eq!(sum.load(), (threads * times) as i64);
    }
}

#[test]
fn an_interrupt_is_heard_while_a_thread_is_learned() {
    let (interrupt, done) = (Arc::new(AtomicBool::new(false)), Counter::default());
    let (press, count) = (Arc::clone(&interrupt), done.clone());
    let body = writes(1_000_000, move || press.store(count.up() >= 5_000, Ordering::Relaxed));
    let program = Program::new(body).watched_by(Watch::new(interrupt, |_| ()));
    let report = product(&program, &Limits::default()).unwrap();
    assert!(reason(&report).starts_with("by an interrupt: "), "{}", reason(&report));
    assert!(reason(&report).ends_with(" operations learned, and no state explored"));
    assert!(done.get() <= 5_000 + SOON, "{}", done.get());
}

#[test]
fn what_is_learned_counts_as_memory() {
    let done = Counter::default();
    let count = done.clone();
    let program = Program::new(writes(1_000_000, move || _ = count.up()));
    let bytes = 1 << 20;
    let report = product(&program, &Limits { bytes, ..Limits::default() }).unwrap();
    assert!(reason(&report).starts_with("at the limit of memory: "), "{}", reason(&report));
    assert!(reason(&report).ends_with("--max-memory (TELLERS_MAX_MEMORY) raises it"));
    assert!(done.get() * 64 <= bytes + 64 * SOON, "a node takes at least 64 bytes: {}", done.get());
}

#[test]
fn an_interrupt_is_heard_in_the_middle_of_a_sample() {
    for engine in [Engine::Product, Engine::Random] {
        let (interrupt, done) = (Arc::new(AtomicBool::new(false)), Counter::default());
        let (press, count) = (Arc::clone(&interrupt), done.clone());
        // One run, and half of another.
        let body = writes(9_000, move || press.store(count.up() >= 13_000, Ordering::Relaxed));
        let program = Program::new(body).watched_by(Watch::new(interrupt, |_| ()));
        let report = engine.run(&program, Effort::default()).unwrap();
        assert!(reason(&report).starts_with("by an interrupt"), "{engine}: {}", reason(&report));
        assert!(done.get() <= 13_000 + SOON, "{engine}: {}", done.get());
        assert_ne!(report.verdict(), Verdict::Proved, "{engine}");
    }
}

/// A report, and how often it was asked whether to stop; from the `last` time on, it was.
fn asked_until(last: usize, body: impl Fn() + Send + Sync + 'static) -> (Report<()>, usize) {
    let asked = Counter::default();
    let count = asked.clone();
    let watch = Watch::asking(move || count.up() >= last, |_| ());
    let limits = Limits { samples: 0, ..Limits::default() };
    let report = product(&Program::new(body).watched_by(watch), &limits).unwrap();
    (report, asked.get())
}

#[test]
fn an_interrupt_is_heard_wherever_the_search_and_its_verdict_are() {
    let body = || philosophers(6, false);
    let (report, all) = asked_until(usize::MAX, body());
    assert_eq!(report.verdict(), Verdict::Failed);
    let mut unjudged = 0;
    for last in (1..all - 2).step_by(all / 8) {
        let (report, asked) = asked_until(last, body());
        let why = reason(&report);
        assert!(why.starts_with("by an interrupt: "), "{last} of {all}: {why}");
        assert!(asked <= last + 8, "{asked} questions, and the answer to {last} was to stop");
        unjudged += usize::from(why.contains("states explored, and not yet judged"));
    }
    assert!(unjudged > 0, "some were in the middle of the verdict");
}

#[test]
fn to_look_for_the_simplest_failure_takes_about_as_long_as_the_search() {
    let asked = |in_order| asked_until(usize::MAX, philosophers(7, in_order)).1;
    let (naive, ordered) = (asked(false), asked(true));
    assert!(naive <= 3 * ordered, "{naive} and {ordered}");
}

#[test]
fn a_wide_program_shows_its_first_failure_after_few_runs() {
    let (runs, stop, shown) =
        (Counter::default(), Arc::<AtomicBool>::default(), Counter::default());
    let (count, press, show) = (runs.clone(), Arc::clone(&stop), shown.clone());
    let wide = increments(6, 3);
    let program = Program::new(move || {
        count.up();
        wide();
    });
    let watch = Watch::new(stop, |_| ()).showing(Duration::ZERO, move |failure, found| {
        assert_eq!((failure, found.minimal), (Failure::Panic, false));
        show.up();
        press.store(true, Ordering::Relaxed);
    });
    let report = product(&program.clone().watched_by(watch), &Limits::default()).unwrap();
    assert_eq!((shown.get(), report.verdict()), (1, Verdict::Failed));
    assert!(runs.get() < 1_500, "{}", runs.get());
    let found = &report.failures[&Failure::Panic];
    assert!(!found.minimal && found.size.preemptions == 1, "{:?}", found.size);
    assert_eq!(Engine::reproduced(&program, &found.trace, 1), Some(1));
}

#[test]
fn a_cut_search_of_a_wide_program_has_the_failure_and_the_same_for_the_same_seed() {
    let found = |seed| {
        let limits = Limits { states: 70_000, seed, ..Limits::default() };
        let report = product(&Program::new(increments(6, 3)), &limits).unwrap();
        assert!(matches!(report.extent, Extent::CutShort { .. }));
        let found = &report.failures[&Failure::Panic];
        (found.size, found.trace.steps.clone(), report.coverage)
    };
    assert_eq!(found(0), found(0));
}

#[test]
fn a_narrow_program_is_not_sampled_first() {
    let runs = Counter::default();
    let count = runs.clone();
    let body = philosophers(3, false);
    let program = Program::new(move || {
        count.up();
        body();
    });
    let limits = Limits { samples: 0, ..Limits::default() };
    let report = product(&program, &limits).unwrap();
    let failing = report.failures.len();
    assert_eq!(runs.get() as u64, report.coverage.executions + failing as u64);
}

#[test]
fn a_counter_that_grows_for_ever_is_told_of() {
    let answer = product(
        &Program::new(|| {
            let (cell, mut n) = (Cell::named("c", 0), 0);
            loop {
                checkpoint(n);
                n += 1;
                cell.store(n);
            }
        }),
        &Limits::default(),
    );
    let Err(error @ ProductError::Growing { .. }) = answer else { panic!("{answer:?}") };
    let said = error.to_string();
    assert!(said.contains("it came from `store 200001 in c` (tests/limits.rs:"), "{said}");
    assert!(said.contains(" to `store 400000 in c` (tests/limits.rs:"), "{said}");
}

/// What is in a channel takes memory as states do.
#[test]
fn a_channel_that_grows_for_ever_comes_to_the_limit_of_memory() {
    let program = Program::<()>::new(|| {
        let (sender, _receiver) = mpsc::channel();
        loop {
            checkpoint(0);
            sender.send(1_u32).unwrap();
        }
    });
    let seen = Arc::new(AtomicUsize::new(0));
    let most = Arc::clone(&seen);
    let watch = Watch::new(Arc::default(), move |far| {
        most.fetch_max(far.states, Ordering::Relaxed);
    });
    let limits = Limits { bytes: 4 << 20, ..Limits::default() };
    let report = product(&program.watched_by(watch), &limits).unwrap();
    let why = report.extent.cut_short().unwrap();
    assert!(why.starts_with("at the limit of memory: "), "{why}");
    // So few states do not take as much.
    assert!(seen.load(Ordering::Relaxed) < 10_000, "{seen:?}");
}

#[test]
fn no_time_is_no_answer_and_the_verdict_says_what_to_raise() {
    let effort = Effort { time: Some(Duration::ZERO), ..Effort::default() };
    for engine in [Engine::Product, Engine::Random, Engine::Pct, Engine::Dfs] {
        let report = engine.run(&Program::new(philosophers(3, true)), effort).unwrap();
        let why = reason(&report);
        assert!(why.starts_with("at the limit of time"), "{engine}: {why}");
    }
    let report = Engine::Product.run(&Program::new(philosophers(3, true)), effort).unwrap();
    assert!(reason(&report).ends_with("; --max-time (TELLERS_MAX_TIME) raises it"));
}

#[test]
fn a_failure_is_looked_into_no_longer_than_somebody_waits_and_a_short_one_all_the_same() {
    let (runs, stop) = (Counter::default(), Arc::<AtomicBool>::default());
    let effort = Effort { executions: 1, ..Effort::default() };
    let looked_into = |times: usize| {
        let count = runs.clone();
        let body = move || -> () {
            count.up();
            let sum = Cell::named("sum", 0);
            (0..times).for_each(|_| sum.store(sum.load() + 1));
            panic!("as it is to be");
        };
        let program = Program::new(body).watched_by(Watch::new(Arc::clone(&stop), |_| ()));
        stop.store(false, Ordering::Relaxed);
        let report: Report<()> = Engine::Random.run(&program, effort).unwrap();
        stop.store(true, Ordering::Relaxed);
        let before = runs.get();
        let found = Engine::followed(&program, &report.as_found[&Failure::Panic]);
        let adds = found.trace.steps.iter().filter(|step| step.follows == Follows::Adds).count();
        (adds, runs.get() - before)
    };
    assert_eq!(looked_into(50).0, 50);
    let (adds, runs) = looked_into(600);
    assert!(adds > 50 && runs < 500, "{adds}, {runs}");
}

#[test]
fn a_failure_is_made_no_simpler_once_its_time_is_over() {
    let program = Program::new(increments(3, 3));
    let report = Engine::Random.run(&program, Effort::default()).unwrap();
    let (&failure, found) = report.as_found.first_key_value().unwrap();
    let within = |time| {
        let program = program.clone().watched_by(Watch::default().within(time));
        Engine::minimised(&program, failure, found).size
    };
    // Another order of its steps is looked for all the same, as long as that takes no time to speak of.
    let (none, any) = (within(Some(Duration::ZERO)), within(None));
    assert!(none > any && none <= found.size, "{none:?}, {any:?}");
}
