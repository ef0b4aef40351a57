use super::*;
use crate::engine::{Conclusion, Engine, Program, Watch, random, replay};
use crate::suite::{budget, scenarios};
use crate::sync::{Cell, thread};
use crate::trace::Switches;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn a_schedule_is_cut_anywhere_and_its_stretches_are_joined() {
    let [a, b] = [1, 2].map(ThreadId::new);
    let cut = [vec![a], vec![b], vec![a, a], vec![a, b], vec![a, b, a], vec![a, b, b]];
    let joined = [vec![a, a, b], vec![b, a, a]];
    let expected: Vec<_> = cut.into_iter().chain(joined).collect();
    assert_eq!(changes(&[a, b, a]).collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_found_at_random_becomes_as_simple_as_what_is_proved_to_be() {
    let mut compared = 0;
    for scenario in scenarios() {
        let (setup, effort) = budget(scenario, Engine::Product);
        let program = scenario.program(setup);
        let proved = Engine::Product.run(&program, effort).expect("it answers").failures;
        for seed in 0..2 {
            for (&failure, found) in &random(&program, 200, seed).as_found {
                let Some(simplest) = proved.get(&failure).filter(|it| it.minimal) else {
                    continue;
                };
                let simple = minimised(&program.erased, failure, found);
                let fewest = |size: Switches| (size.context, size.preemptions);
                let (known, best) = (fewest(simple.size), fewest(simplest.size));
                assert_eq!(known, best, "{} {failure}", scenario.name);
                compared += u32::from(found.size > simplest.size);
            }
        }
    }
    assert!(compared > 10, "{compared}");
}

/// More runs than these searches take.
const RUNS: usize = 10_000;

/// The run of a program in which these threads move.
fn run<R: 'static>(program: &Program<R>, movers: &[usize]) -> Found {
    let movers: Vec<_> = movers.iter().copied().map(ThreadId::new).collect();
    let replayed = replay(program, &movers).expect("it does not crash");
    assert!(replayed.ending.is_some(), "it ends: {:?}", replayed.trace);
    Found::of(replayed.trace)
}

/// A search for something simpler than the run in which these threads move, which fails.
fn search<'a, R: 'static>(program: &'a Program<R>, movers: &[usize]) -> Search<'a> {
    let known = run(program, movers);
    Search { program: &program.erased, failure: Failure::Panic, best: known, runs_left: RUNS }
}

/// It fails if the main thread returns true.
fn fails_if(body: impl Fn() -> bool + Send + Sync + 'static) -> Program<bool> {
    Program::new(body).judged_by(|ending| match ending.conclusion {
        Conclusion::Returned(true) => vec![Failure::Panic],
        _ => vec![],
    })
}

/// One thread reads twice what another one sets and takes back, and fails if it is set only the second
/// time. A third one has nothing to do with it.
fn set_in_between() -> Program<bool> {
    fails_if(|| {
        let cell = Arc::new(Cell::named("x", 0));
        let seen = Arc::clone(&cell);
        let reader = thread::spawn(move || (seen.load(), seen.load()) == (0, 1));
        let writer = thread::spawn(move || [2, 1, 0].map(|value| cell.store(value)));
        let other = thread::spawn(|| [1, 2].map(|value| Cell::named("y", 0).store(value)));
        let failed = reader.join().expect("it is well");
        writer.join().expect("it is well");
        other.join().expect("it is well");
        failed
    })
}

const SIMPLY_SET_IN_BETWEEN: [usize; 13] = [0, 0, 0, 1, 2, 2, 1, 2, 3, 3, 0, 0, 0];

#[test]
fn the_starting_and_joining_of_threads_is_nobodys_choice() {
    let found = run(&set_in_between(), &SIMPLY_SET_IN_BETWEEN);
    assert_eq!(movers(&found), [1, 2, 2, 1, 2, 3, 3].map(ThreadId::new));
}

#[test]
fn every_plan_has_its_switches_at_different_steps() {
    let [a, b] = [1, 2].map(ThreadId::new);
    let plans = |switches| plans(switches, 3, &[a, b]).collect::<Vec<_>>();
    assert_eq!(plans(0), [vec![]]);
    assert_eq!(plans(1), [(0, a), (0, b), (1, a), (1, b), (2, a), (2, b)].map(|it| vec![it]));
    let at = |(first, last): (usize, usize)| {
        [(a, a), (a, b), (b, a), (b, b)].map(|(one, two)| vec![(first, one), (last, two)])
    };
    assert_eq!(plans(2), [(0, 1), (0, 2), (1, 2)].map(at).concat());
}

#[test]
fn nothing_is_tried_but_schedules_with_fewer_switches() {
    let program = set_in_between();
    let mut search = search(&program, &SIMPLY_SET_IN_BETWEEN);
    let known = search.best.size;
    assert_eq!((known.context, known.steps), (2, 7));
    search.simplify();
    assert_eq!(search.best.size, known);
    // Any thread starts, and then none is switched to, or one of them at one of the steps.
    assert_eq!(RUNS - search.runs_left, 3 + 3 * 7 * 3);
}

#[test]
fn all_ways_to_switch_twice_are_tried() {
    let program = set_in_between();
    let mut search = search(&program, &[0, 0, 0, 3, 1, 3, 2, 2, 1, 2, 0, 0, 0]);
    assert_eq!(search.best.size.context, 3);
    search.try_all_with(1);
    assert_eq!(search.best.size.context, 3);
    search.try_all_with(2);
    assert_eq!(search.best.size.context, 2);
}

#[test]
fn who_is_told_to_move_goes_on_and_the_main_thread_has_started_all_others() {
    let program = fails_if(|| {
        let cells = Arc::new(["x", "y"].map(|name| Cell::named(name, 0)));
        let seen = Arc::clone(&cells);
        let reader = thread::spawn(move || seen[1].load() + seen[0].load() == 2);
        let writer = thread::spawn(move || [1, 2].map(|value| cells[0].store(value)));
        writer.join().expect("it is well");
        reader.join().expect("it is well")
    });
    let mut search = search(&program, &[0, 0, 1, 2, 2, 1, 0, 0]);
    assert_eq!(search.best.size.context, 1);
    search.try_all_with(0);
    assert_eq!(search.best.size.context, 0);
}

#[test]
fn the_main_thread_takes_over_once_nobody_else_can() {
    let program = fails_if(|| {
        let cells = ["x", "y"].map(|name| Arc::new(Cell::named(name, 0)));
        let threads = cells.clone().map(|cell| thread::spawn(move || cell.store(1)));
        let seen = cells.map(|cell| cell.load()) == [1, 1];
        threads.into_iter().for_each(|thread| thread.join().expect("it is well"));
        seen
    });
    let mut search = search(&program, &[0, 0, 1, 0, 2, 0, 0, 0]);
    assert_eq!(search.best.size.context, 1);
    search.try_all_with(0);
    assert_eq!(search.best.size.context, 0);
}

#[test]
fn who_has_nothing_left_to_do_has_ended_when_another_asks() {
    let program = fails_if(|| {
        let asked = thread::spawn(|| [1, 2].map(|value| Cell::named("x", 0).store(value)));
        let asks = thread::spawn(move || {
            Cell::named("y", 0).store(1);
            asked.is_finished()
        });
        asks.join().expect("it is well")
    });
    let mut search = search(&program, &[0, 0, 1, 2, 1, 1, 2, 0]);
    assert_eq!(search.best.size.context, 2);
    search.try_all_with(0);
    assert_eq!(search.best.size.context, 0);
}

#[test]
fn what_takes_no_switches_may_take_more_steps() {
    let program = fails_if(|| {
        let cell = Arc::new(Cell::named("x", 0));
        let seen = Arc::clone(&cell);
        let reader = thread::spawn(move || {
            if seen.load() == 0 {
                (0..5).for_each(|_| seen.store(0));
            }
        });
        let writer = thread::spawn(move || [1, 0].map(|value| cell.store(value)));
        writer.join().expect("it is well");
        reader.join().expect("it is well");
        true
    });
    let mut search = search(&program, &[0, 0, 2, 1, 2, 0, 0]);
    assert_eq!((search.best.size.context, search.best.size.steps), (1, 3));
    search.simplify();
    assert_eq!((search.best.size.context, search.best.size.steps), (0, 8));
}

#[test]
fn turns_that_have_to_be_taken_are_all_that_is_left() {
    let program = fails_if(|| {
        let ball = Arc::new(Cell::named("ball", 0));
        let players = [0, 1].map(|first| {
            let ball = Arc::clone(&ball);
            thread::spawn(move || {
                for turn in [first, first + 2, first + 4] {
                    while ball.load() != turn {
                        thread::yield_now();
                    }
                    ball.store(turn + 1);
                }
            })
        });
        players.into_iter().for_each(|player| player.join().expect("it is well"));
        true
    });
    let mut search = search(&program, &[0, 0, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 0, 0]);
    assert_eq!(search.best.size.context, 5);
    assert!((0..10).any(|_| !search.try_changes()), "nothing else is simpler");
    assert_eq!(search.best.size.context, 4);
}

#[test]
fn nothing_is_tried_once_there_were_enough_runs_or_nobody_waits_for_it() {
    let longer = [0, 0, 0, 3, 1, 3, 2, 2, 1, 2, 0, 0, 0];
    let program = set_in_between();
    let mut spent = Search { runs_left: 0, ..search(&program, &longer) };
    let known = spent.best.size;
    spent.simplify();
    assert_eq!(spent.best.size, known);

    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let stops = move || count.fetch_add(1, Ordering::Relaxed) < usize::MAX;
    let program = program.watched_by(Watch::asking(stops, |_| ()));
    let mut unwanted = search(&program, &longer);
    asked.store(0, Ordering::Relaxed);
    unwanted.simplify();
    assert_eq!((unwanted.best.size, unwanted.runs_left), (known, RUNS));
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked <= MAX_SWITCHES + 2, "no plan is made for nothing, but {asked} questions were");
}
