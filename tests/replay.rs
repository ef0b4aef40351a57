//! A token leads the real code along the same steps again, and says so when it cannot.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::sync::Arc;
use tellers::engine::product::{Limits, product};
use tellers::engine::{
    Effort, Engine, Failure, Found, Program, minimised, random, replay, replay_token, reproduced,
};
use tellers::suite::{self, Audit};
use tellers::sync::{Cell, thread};
use tellers::trace::{Picture, Token};

const FAILING: [(&str, Failure); 7] = [
    ("race", Failure::LostUpdate),
    ("race-audit", Failure::TornAudit),
    ("mislabelled", Failure::LostUpdate),
    ("inverted", Failure::Deadlock),
    ("forced-release", Failure::ReleaseUnlocked),
    ("forced-release", Failure::LostUpdate),
    ("ring", Failure::Deadlock),
];

fn program(name: &str) -> Program<Audit> {
    let scenario = suite::find(name).expect("it is in the suite");
    scenario.program(scenario.setup)
}

fn found(name: &str, failure: Failure) -> Found {
    let report = product(&program(name), &Limits::default()).expect("it can be explored");
    report.failures[&failure].clone()
}

#[test]
fn a_token_shows_the_same_bytes_again() {
    for (name, failure) in FAILING {
        let found = found(name, failure);
        assert_eq!(reproduced(&program(name), &found.trace, 10), 10, "{name}");
        let token = Token::new(name, "", failure, &found).to_string();
        assert!(token.len() < 120, "{token}");
        let token: Token = token.parse().expect("it was just made");
        assert!(token.is_of(name));
        let again = replay_token(&program(name), &token).expect("nothing has changed");
        let shown =
            |found: &Found| Picture::of(name, token.failure, found).text(Default::default());
        assert_eq!(shown(&again), shown(&found));
    }
}

#[test]
fn what_is_found_at_random_is_reproduced_each_time() {
    for (name, failure) in FAILING {
        let report = random(&program(name), 500, 7);
        let found = &report.failures[&failure];
        assert_eq!(reproduced(&program(name), &found.trace, 10), 10, "{name}");
    }
}

/// Cells are numbered in the order in which the runs of a search first made them, which need not be
/// the order in which one of them did.
#[test]
fn a_replay_calls_everything_as_the_search_did() {
    let program = Program::new(|| {
        let last = Arc::new(Cell::named("last", 0));
        let threads = [1, 2].map(|me| {
            let last = Arc::clone(&last);
            thread::spawn(move || {
                last.store(me);
                Cell::named("own", 0).store(me);
            })
        });
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    let program = program
        .judged_by(|ending| Vec::from_iter((ending.cells == [2, 2, 1]).then_some(Failure::Panic)));
    let mut found = (0..10).filter_map(|seed| random(&program, 20, seed).as_found.pop_first());
    let (_, found) = found.next().expect("in some search a run makes them the other way round");
    assert_eq!(reproduced(&program, &found.trace, 1), 1, "{:?}", found.trace);
}

/// Two threads each yield, make something without a name and start another one; it fails if the second
/// one's has written before the first one's is made.
fn each_starts_another() -> Program<()> {
    Program::new(|| {
        let last = Arc::new(Cell::named("last", 0));
        let parents = [1, 2].map(|me| {
            let last = Arc::clone(&last);
            thread::spawn(move || {
                thread::yield_now();
                let seen = last.load();
                Cell::new(0).store(me);
                let child = thread::spawn(move || last.store(me));
                child.join().expect("it does not panic");
                assert!((me, seen) != (1, 2), "the second comes first");
            })
        });
        parents.into_iter().for_each(|parent| drop(parent.join()));
    })
}

/// A search numbers threads as it meets them, and has met them the other way round.
#[test]
fn a_replay_knows_threads_by_who_made_them() {
    let program = each_starts_another();
    for &engine in Engine::of_this_build() {
        let effort = Effort { executions: 1_000, ..Effort::default() };
        let report = engine.run(&program, effort).expect("it answers");
        let found = &report.failures[&Failure::Panic];
        let token = Token::new("children", "", Failure::Panic, found).to_string();
        let again = replay_token(&program, &token.parse().expect("it was just made"));
        let shown =
            |found: &Found| Picture::of("children", Failure::Panic, found).text(Default::default());
        assert_eq!(again.as_ref().map(shown), Ok(shown(found)), "{engine}");
        assert_eq!(reproduced(&program, &found.trace, 10), 10, "{engine}");
    }
}

#[test]
fn what_is_found_at_random_becomes_as_simple_as_it_can_be() {
    let mut simplified = 0;
    for (name, failure) in FAILING {
        let report = random(&program(name), 200, 11);
        let raw = &report.failures[&failure];
        let simple = minimised(&program(name), failure, raw);
        assert!(simple.size <= raw.size);
        assert_eq!(simple.size.context, found(name, failure).size.context, "{name} {failure}");
        simplified += u32::from(simple.size < raw.size);
    }
    assert!(simplified >= 2, "random schedules are not that simple");
}

#[test]
fn a_schedule_that_leaves_off_early_has_no_ending() {
    let found = found("race", Failure::LostUpdate);
    let choices: Vec<_> = found.trace.steps.iter().map(|step| step.thread).take(5).collect();
    let replayed = replay(&program("race"), &choices).expect("it ends");
    assert_eq!(replayed.trace.steps, found.trace.steps[..5]);
    assert!(replayed.ending.is_none());
    assert!(!replayed.trace.pending.is_empty());
}

fn counting(by: i64) -> Program<()> {
    Program::new(move || {
        let cell = Arc::new(Cell::named("x", 0));
        let other = Arc::clone(&cell);
        let handle = thread::spawn(move || other.store(other.load() + by));
        cell.store(cell.load() + by);
        drop(handle.join());
        assert_eq!(cell.load(), 2 * by);
    })
}

#[test]
fn a_changed_scenario_is_noticed() {
    let report = random(&counting(1), 100, 0);
    let token = Token::new("counting", "", Failure::Panic, &report.failures[&Failure::Panic]);
    assert!(replay_token(&counting(1), &token).is_ok());
    let error = replay_token(&counting(2), &token).expect_err("it counts by two now");
    insta::assert_snapshot!(
        error.to_string(),
        @"counting has changed since the token was made: the token leads to other steps"
    );
}
