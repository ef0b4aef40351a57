//! A scenario that has been mended is no longer what it was, and the suite says so.
#![cfg(all(not(loom), feature = "shuttle"))]

use tellers::engine::{Effort, Engine, Failure};
use tellers::suite::{Running, Scenario, Setup, Unmet, budget, check, find, mended_tellers};
use tellers::sync::Lock;

/// The scenario of this name, with another one's program in its place.
fn mended(name: &str, with: &str) -> Scenario {
    let start = find(with).expect("the scenario exists").start;
    Scenario { start, ..find(name).expect("the scenario exists").clone() }
}

fn unmet(scenario: &Scenario, engine: Engine) -> Vec<String> {
    let (setup, effort) = budget(scenario, engine);
    let checked = check(scenario, engine, setup, effort).expect("the engine answers");
    checked.unmet.iter().map(ToString::to_string).collect()
}

#[test]
fn a_race_with_locks_is_no_race() {
    let race = mended("race", "ordered");
    for &engine in Engine::of_this_build() {
        assert_eq!(unmet(&race, engine), ["lost update was not found"], "{engine}");
    }
}

#[test]
fn inverted_in_order_is_not_inverted() {
    let inverted = mended("inverted", "ordered");
    for &engine in Engine::of_this_build() {
        assert_eq!(unmet(&inverted, engine), ["deadlock was not found"], "{engine}");
    }
}

#[test]
fn ordered_the_other_way_round_is_not_ordered() {
    let ordered = mended("ordered", "inverted");
    for &engine in Engine::of_this_build() {
        assert_eq!(unmet(&ordered, engine), ["deadlock was not expected"], "{engine}");
    }
}

#[test]
fn a_window_that_is_given_back_is_not_waited_for_for_ever() {
    let window = find("tellers-window").expect("the scenario exists");
    let mended = Scenario { start: mended_tellers, ..window.clone() };
    for &engine in Engine::of_this_build() {
        assert_eq!(unmet(&mended, engine), ["deadlock was not found"], "{engine}");
    }
}

#[test]
fn timeouts_that_cannot_fire_are_missed() {
    let timeout = mended("timeout", "ordered");
    for &engine in Engine::of_this_build() {
        assert_eq!(unmet(&timeout, engine), ["not shown: timeouts fired"], "{engine}");
    }
}

#[test]
fn a_lock_that_is_left_locked_is_seen() {
    fn left_locked(setup: &Setup) -> Running {
        let ordered = find("ordered").expect("the scenario exists");
        let running = (ordered.start)(setup);
        let lock = Lock::new();
        lock.acquire();
        Running { locks: [lock].into(), ..running }
    }
    let ordered = find("ordered").expect("the scenario exists");
    let ordered = Scenario { start: left_locked, ..ordered.clone() };
    // Every run must agree, so even one run tells.
    let effort = Effort { executions: 1, ..budget(&ordered, Engine::Random).1 };
    let checked = check(&ordered, Engine::Random, ordered.setup, effort).expect("it answers");
    let always = "all locks free once the program has ended";
    assert_eq!(checked.unmet, [Unmet::Broken(always.into())]);
}

#[test]
fn a_lost_update_without_a_torn_audit_is_half_of_race_audit() {
    let race_audit = mended("race-audit", "race");
    let unmet = unmet(&race_audit, Engine::Product);
    let torn = format!("{} was not found", Failure::TornAudit);
    let flag = "not shown: a thread stopped by another's flag in a run whose total is right";
    assert_eq!(unmet, [torn.as_str(), flag]);
}
