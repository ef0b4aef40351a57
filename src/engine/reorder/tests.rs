use super::*;
use crate::engine::{Conclusion, Ending, Engine, Failure, Program, random, reproduced};
use crate::suite::{budget, scenarios};
use crate::sync::{Cell, Event, Lock, thread};
use crate::trace::{Follows, Switches};
use crate::world::{CellId, CellOp, Outcome, ThreadOp};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// With somebody who waits for it.
fn simplest_order(trace: &Trace) -> Found {
    super::simplest_order(trace, &Watch::default())
}

#[test]
fn the_real_code_takes_the_same_steps_in_the_simplest_order() {
    let mut simpler = 0;
    for scenario in scenarios() {
        let (setup, _) = budget(scenario, Engine::Random);
        let program = scenario.program(setup);
        for seed in 0..5 {
            for found in random(&program, 20, seed).as_found.values() {
                let simple = simplest_order(&found.trace);
                assert!(simple.size <= found.size, "{}: {:?}", scenario.name, simple.size);
                let same = reproduced(&program, &simple.trace, 1) == 1;
                assert!(same, "{}: {:?}", scenario.name, simple.trace);
                simpler += u32::from(simple.size < found.size);
            }
        }
    }
    assert!(simpler > 10, "{simpler}");
}

/// Both threads write, and neither sees yet what the other has written.
fn neither_sees_the_other() -> Trace {
    let body = || {
        let _cells = ["x", "y", "z", "w", "v"].map(|name| Cell::named(name, 0));
        let threads = [(); 2].map(|()| thread::spawn(|| ()));
        threads.into_iter().for_each(|thread| thread.join().expect("it does nothing"));
    };
    let program = Program::new(body).judged_by(|_| vec![Failure::Panic]);
    let mut trace = random(&program, 1, 0).failures.remove(&Failure::Panic).unwrap().trace;
    let [x, y, z, w, v] = std::array::from_fn(CellId::new);
    let told = [
        (2, Op::Cell(z, CellOp::Store(5)), Outcome::Done),
        (2, Op::Cell(v, CellOp::Load), Outcome::Value(0)),
        (1, Op::Cell(w, CellOp::Load), Outcome::Value(0)),
        (2, Op::Cell(w, CellOp::Load), Outcome::Value(0)),
        (1, Op::Cell(v, CellOp::Load), Outcome::Value(0)),
        (1, Op::Cell(x, CellOp::Store(1)), Outcome::Done),
        (2, Op::Cell(y, CellOp::Store(1)), Outcome::Done),
        (1, Op::Cell(y, CellOp::Load), Outcome::Value(0)),
        (2, Op::Cell(x, CellOp::Load), Outcome::Value(0)),
    ];
    let place = trace.steps[0].place;
    let step = |(thread, op, outcome)| Step {
        thread: ThreadId::new(thread),
        op,
        outcome,
        place,
        doubtful: false,
        follows: Follows::default(),
    };
    let (spawns, len) = (
        trace.steps.iter().position(|s| matches!(s.op, Op::Thread(_, ThreadOp::Join))),
        told.len(),
    );
    let spawns = spawns.expect("the threads are joined");
    trace.steps.splice(spawns..spawns, told.map(step));
    for end in &mut trace.ends {
        end.after = if end.thread == ThreadId::MAIN { trace.steps.len() } else { spawns + len };
    }
    trace
}

#[test]
fn where_values_are_old_only_steps_that_do_not_concern_each_other_change_places() {
    let trace = neither_sees_the_other();
    let simple = simplest_order(&trace);
    let (before, after) = (Switches::of(&trace), simple.size);
    assert_eq!((before.context, after.context), (5, 1));
    assert_eq!((before.stale, after.stale), (2, 2));
    assert_eq!(Switches::of(&simple.trace), simple.size);
}

#[test]
fn what_is_proved_to_be_the_simplest_stays_as_it_is() {
    for scenario in scenarios() {
        let (setup, effort) = budget(scenario, Engine::Product);
        let report = Engine::Product.run(&scenario.program(setup), effort).expect("it answers");
        for found in report.failures.values().filter(|found| found.minimal) {
            assert_eq!(simplest_order(&found.trace).size, found.size, "{}", scenario.name);
        }
    }
}

#[test]
fn an_end_that_was_seen_is_no_obstacle() {
    let program = Program::new(|| {
        let worker = thread::spawn(|| (0..3).for_each(|i| Cell::named("x", 0).store(i)));
        let own = Cell::named("y", 0);
        (0..3).for_each(|i| own.store(i));
        worker.is_finished()
    });
    let program = program.judged_by(|_| vec![Failure::Panic]);
    let found = (0..40).map(|seed| random(&program, 1, seed).as_found[&Failure::Panic].clone());
    let ended = |found: &Found| found.trace.steps.iter().any(|step| step.op == Op::End);
    let found: Vec<Found> = found.filter(ended).collect();
    assert!(found.iter().any(|found| found.size.context > 1), "some take turns");
    assert!(found.iter().all(|found| simplest_order(&found.trace).size.context == 0));
}

#[test]
fn a_thread_is_seen_to_have_ended_once_somebody_asks() {
    let program = Program::new(|| {
        let worker = thread::spawn(|| Cell::named("x", 0).store(1));
        let asker = thread::spawn(move || {
            Cell::named("y", 0).store(1);
            worker.is_finished()
        });
        asker.join().expect("it does not panic")
    });
    let program = program.judged_by(|ending: &Ending<bool>| {
        let seen = ending.conclusion == Conclusion::Returned(true);
        Vec::from_iter(seen.then_some(Failure::Panic))
    });
    let mut runs = random(&program, 100, 0).as_found;
    let trace = simplest_order(&runs.remove(&Failure::Panic).expect("it was seen").trace).trace;
    let seen = trace.steps.iter().position(|step| step.op == Op::End).expect("it was asked about");
    let [.., before, end, asks] = &trace.steps[..=seen + 1] else { panic!("{trace:?}") };
    assert!(
        matches!(before.op, Op::Cell(_, CellOp::Store(_))) && before.thread == asks.thread,
        "{trace:?}"
    );
    assert_eq!(asks.op, Op::Thread(end.thread, ThreadOp::IsFinished), "{trace:?}");
    assert_eq!(reproduced(&program, &trace, 1), 1, "{trace:?}");
}

/// What does not depend on the order: what each thread does and is told, and how all ends.
fn unordered(trace: &Trace) -> (Vec<Vec<(Op, Outcome)>>, World) {
    let mut lanes = vec![Vec::new(); trace.names.threads().len()];
    for step in &trace.steps {
        lanes[step.thread.index()].push((step.op, step.told()));
    }
    let mut replay = Replay::new(trace);
    while replay.advance().is_some() {}
    (lanes, replay.world().clone())
}

/// Holds the simplest order of many runs against the simplest of those runs that differ in nothing
/// else; how many of them could be made simpler.
fn hold_to_the_simplest(body: impl Fn() + Send + Sync + 'static) -> usize {
    let program = Program::new(body).judged_by(|_| vec![Failure::Panic]);
    let run = |seed| random(&program, 1, seed).as_found.remove(&Failure::Panic).expect("it ends");
    let runs: Vec<Found> = (0..1_000).map(run).collect();
    let all: Vec<_> = runs.iter().map(|run| unordered(&run.trace)).collect();
    let fewest = |size: Switches| (size.context, size.preemptions);
    for (run, kind) in runs.iter().zip(&all) {
        let simple = simplest_order(&run.trace);
        assert_eq!(&unordered(&simple.trace), kind);
        let alike = runs.iter().zip(&all).filter(|(_, other)| *other == kind);
        let least = alike.map(|(other, _)| fewest(other.size)).min();
        assert_eq!(Some(fewest(simple.size)), least, "{:?}", run.trace);
    }
    runs.iter().filter(|run| simplest_order(&run.trace).size < run.size).count()
}

#[test]
fn no_order_of_the_same_steps_is_simpler() {
    let simpler = hold_to_the_simplest(|| {
        let cells = Arc::new(["x", "y"].map(|name| Cell::named(name, 0)));
        let threads = [1, 2].map(|value| {
            let cells = Arc::clone(&cells);
            thread::spawn(move || {
                cells.iter().for_each(|cell| cell.store(value));
                cells[0].load();
            })
        });
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    assert!(simpler > 100, "{simpler}");
}

#[test]
fn no_order_in_which_the_same_threads_wait_is_simpler() {
    let simpler = hold_to_the_simplest(|| {
        let locks = Arc::new(["a", "b"].map(Lock::named));
        let threads = [0, 1].map(|first| {
            let locks = Arc::clone(&locks);
            thread::spawn(move || {
                let _first = locks[first].guard();
                let _second = locks[1 - first].guard();
            })
        });
        let own = thread::spawn(|| (0..2).for_each(|i| Cell::named("x", 0).store(i)));
        threads.into_iter().chain([own]).for_each(|thread| thread.join().expect("it is well"));
    });
    assert!(simpler > 100, "{simpler}");
}

#[test]
fn to_wait_for_who_has_not_begun_is_a_switch_too_many() {
    let simpler = hold_to_the_simplest(|| {
        let events = Arc::new(["e", "f"].map(Event::named));
        let [one, two, three] = std::array::from_fn(|_| Arc::clone(&events));
        let threads = [
            thread::spawn(move || one[0].wait()),
            thread::spawn(move || {
                two[0].set();
                two[1].wait();
            }),
            thread::spawn(move || three[1].set()),
        ];
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    assert!(simpler > 100, "{simpler}");
}

#[test]
fn to_go_on_until_one_has_to_wait_preempts_nobody() {
    let simpler = hold_to_the_simplest(|| {
        let events = Arc::new(["e", "f"].map(Event::named));
        let [one, two] = std::array::from_fn(|_| Arc::clone(&events));
        let threads = [
            thread::spawn(move || {
                one[0].wait();
                one[1].set();
            }),
            thread::spawn(move || {
                two[0].set();
                Cell::named("x", 0).store(1);
                two[1].wait();
            }),
        ];
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    assert!(simpler > 100, "{simpler}");
}

#[test]
fn of_as_many_switches_those_are_simpler_that_preempt_fewer() {
    let simpler = hold_to_the_simplest(|| {
        let (x, e) = (Arc::new(Cell::named("x", 0)), Arc::new(Event::named("e")));
        let (theirs, set) = (Arc::clone(&x), Arc::clone(&e));
        let threads = [
            thread::spawn(move || {
                x.store(1);
                e.wait();
            }),
            thread::spawn(move || {
                let own = Cell::named("y", 0);
                (0..3).for_each(|i| own.store(i));
                set.set();
                theirs.load();
            }),
        ];
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    assert!(simpler > 100, "{simpler}");
}

#[test]
fn to_leave_who_waits_for_ever_is_a_switch() {
    let simpler = hold_to_the_simplest(|| {
        let _other = thread::spawn(|| Cell::named("x", 0).store(1));
        let never = Event::named("never");
        never.clear();
        never.wait();
    });
    assert!(simpler > 100, "{simpler}");
}

#[test]
fn an_order_is_not_looked_for_any_longer_than_somebody_waits() {
    let program = Program::new(|| -> () {
        let sum = Arc::new(Cell::named("sum", 0));
        let threads = (0..3).map(|at| {
            let sum = Arc::clone(&sum);
            thread::spawn(move || {
                let own = Cell::named(format!("own{at}"), 0);
                for i in 0..5 {
                    sum.store(sum.load() + 1);
                    (0..4).for_each(|_| own.store(i));
                }
            })
        });
        threads.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().unwrap());
        panic!("as it is to be");
    });
    let runs = random(&program, 1, 0).as_found;
    let run = &runs[&Failure::Panic];
    let asked = Arc::new(AtomicUsize::new(0));
    let after = |stops| {
        asked.store(0, Ordering::Relaxed);
        let count = Arc::clone(&asked);
        let watch = Watch::asking(move || count.fetch_add(1, Ordering::Relaxed) >= stops, |_| ());
        let found = super::simplest_order(&run.trace, &watch);
        (found.size, asked.load(Ordering::Relaxed))
    };
    let (simplest, all) = after(usize::MAX);
    assert!(simplest < run.size && all > 1, "{simplest:?}, {all}");
    assert_eq!(after(0), (run.size, 2), "it is asked once for each kind of order");
}
