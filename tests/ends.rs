//! A thread ends at any time after its last operation, as far as anybody asks.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::collections::BTreeSet;
use std::sync::Arc;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Conclusion, Failure, Program, Report, dfs, pct, random, replay_token};
use tellers::sync::{Cell, Event, checkpoint, thread};
use tellers::trace::Token;
use tellers::world::{Op, ThreadId, ThreadOp};

type Told = (bool, bool);

fn explored<R: Clone + Ord + std::hash::Hash + Send + 'static>(program: &Program<R>) -> Report<R> {
    product(program, &Limits::default()).expect("it can be explored")
}

fn returned(report: &Report<Told>) -> BTreeSet<Told> {
    let told = report.outcomes.keys().map(|ending| match ending.conclusion {
        Conclusion::Returned(told) => told,
        ref other => panic!("it returns, and does not come to {other:?}"),
    });
    told.collect()
}

/// Whether a thread is seen to have written, and then whether it is seen to have ended.
fn writer() -> Program<Told> {
    Program::new(|| {
        let cell = Arc::new(Cell::named("cell", 0));
        let theirs = Arc::clone(&cell);
        let writer = thread::spawn(move || theirs.store(1));
        (cell.load() == 1, writer.is_finished())
    })
}

#[test]
fn every_engine_sees_a_thread_alive_after_its_last_operation() {
    let program = writer();
    let all = BTreeSet::from([(false, false), (false, true), (true, false), (true, true)]);
    for report in [explored(&program), dfs(&program, 100)] {
        assert!(report.is_exhaustive());
        assert_eq!(returned(&report), all);
    }
    assert_eq!(returned(&random(&program, 200, 0)), all);
    // Between two threads a priority that changes takes the turn from who asks, not from who ends.
    assert!(returned(&pct(&program, 200, 0)).contains(&(true, true)));
}

#[test]
fn an_end_that_was_seen_is_not_taken_back() {
    let program = Program::new(|| {
        let idle = thread::spawn(|| ());
        (idle.is_finished(), idle.is_finished())
    });
    let (found, enumerated) = (explored(&program), dfs(&program, 100));
    assert_eq!(returned(&found), BTreeSet::from([(false, false), (false, true), (true, true)]));
    assert_eq!(enumerated.outcomes, found.outcomes);
}

#[test]
fn two_threads_may_ask_about_a_third() {
    let program = Program::new(|| {
        let idle = Arc::new(thread::spawn(|| ()));
        let theirs = Arc::clone(&idle);
        let other = thread::spawn(move || theirs.is_finished());
        let mine = idle.is_finished();
        (mine, other.join().expect("no thread panics"))
    });
    let (found, enumerated) = (explored(&program), dfs(&program, 1_000));
    assert_eq!(returned(&found).len(), 4);
    assert_eq!(enumerated.outcomes, found.outcomes);
}

#[test]
fn a_thread_of_which_nobody_asks_takes_no_step_to_end() {
    let program = Program::new(|| {
        let idle = thread::spawn(|| ());
        idle.join().expect("no thread panics");
        panic!("told to panic");
    });
    for report in [explored::<()>(&program), dfs(&program, 10)] {
        let steps = &report.failures[&Failure::Panic].trace.steps;
        let ops: Vec<Op> = steps.iter().map(|step| step.op).collect();
        assert_eq!(
            ops,
            [
                Op::Thread(ThreadId::new(1), ThreadOp::Spawn),
                Op::Thread(ThreadId::new(1), ThreadOp::Join)
            ]
        );
    }
}

#[test]
fn to_ask_for_ever_is_starvation_and_no_livelock() {
    let report = explored(&Program::new(|| {
        let idle = thread::spawn(|| ());
        loop {
            checkpoint("waiting");
            if idle.is_finished() {
                break;
            }
            thread::yield_now();
        }
    }));
    assert!(report.failures.is_empty());
    let proof = report.proof.expect("it is finished");
    assert!(proof.completion_always_possible);
    let starvation = proof.starvation.expect("the end may be late");
    let repeats = &starvation.trace.steps[starvation.repeats_from.expect("it repeats")..];
    assert!(repeats.iter().all(|step| step.thread == ThreadId::MAIN));
}

#[test]
fn to_ask_for_ever_of_a_thread_that_waits_for_ever_is_a_livelock() {
    let report = explored(&Program::new(|| {
        let event = Arc::new(Event::named("never"));
        let theirs = Arc::clone(&event);
        let waiter = thread::spawn(move || theirs.wait());
        loop {
            checkpoint("waiting");
            if waiter.is_finished() {
                break;
            }
        }
    }));
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Livelock]);
}

#[test]
fn an_end_can_be_where_there_is_no_way_out() {
    let program = Program::new(|| {
        let idle = thread::spawn(|| ());
        assert!(!idle.is_finished(), "it has ended");
    });
    let report = explored(&program);
    let found = &report.failures[&Failure::Panic];
    let ops: Vec<Op> = found.trace.steps.iter().map(|step| step.op).collect();
    let idle = ThreadId::new(1);
    assert_eq!(
        ops,
        [Op::Thread(idle, ThreadOp::Spawn), Op::End, Op::Thread(idle, ThreadOp::IsFinished)]
    );
    assert_eq!(found.no_return, Some(2), "after the end");
    assert_eq!((found.size.context, found.size.steps), (0, 2));
    let token = Token::new("idle", "", Failure::Panic, found).to_string();
    let again = replay_token(&program, &token.parse().expect("it is whole")).expect("it is good");
    assert!(again.trace.is_same_as(&found.trace));
}
