//! What was found out is not what it had to be.

use super::common::Gate;
use tellers::engine::Engine;
use tellers::gate::Reach;

#[test]
fn what_is_as_expected_is_green() {
    let gate = Gate::green();
    gate.write_all();
    let reported = super::common::reported(&mut gate.command());
    insta::assert_snapshot!("green", crate::cli::without_callers(&reported.out));
    assert_eq!((reported.code, reported.err.as_str()), (0, ""));
}

#[test]
fn a_failure_that_is_gone_is_red() {
    let mut gate = Gate::green();
    gate.check("race", Engine::Product).failures.clear();
    gate.report().is_red(
        1,
        "NOT AS EXPECTED: race 2x1 with product: lost update was not found; \
         run cargo run --release -q -- check race --engine product",
    );
}

#[test]
fn a_failure_that_nobody_expects_is_red_at_its_place() {
    let mut gate = Gate::green();
    let mut lost = gate.check("race", Engine::Pct).failures.clone();
    lost[0].command = lost[0].command.replace("race", "ordered");
    gate.check("ordered", Engine::Pct).failures = lost;
    gate.report().is_red(
        1,
        "NOT AS EXPECTED: ordered 2x1 with pct: lost update was not expected; \
         run cargo run --release -q -- explain ordered --engine pct --failure lost-update",
    );
    let annotated = gate.command().env("GITHUB_ACTIONS", "true").output().expect("it runs");
    let annotated = String::from_utf8_lossy(&annotated.stdout).into_owned();
    let place =
        "::error file=src/bank/accounts.rs,line=36,title=NOT AS EXPECTED::ordered 2x1 with pct";
    assert!(annotated.lines().any(|line| line.starts_with(place)), "{annotated}");
}

#[test]
fn a_sample_of_the_operating_system_need_not_find_everything() {
    let mut gate = Gate::green();
    let race = gate.check("race", Engine::Threads);
    race.expected.thorough = false;
    race.failures.clear();
    assert_eq!(gate.report().code, 0);
}

#[test]
fn an_exhaustive_engine_that_misses_an_outcome_is_red() {
    let mut gate = Gate::green();
    gate.check("race", Engine::Dfs).outcomes.pop_first();
    let reported = gate.report();
    let line = |line: &&str| line.starts_with("ENGINES DISAGREE: race 2x1 with dfs: never comes");
    assert!(reported.out.lines().any(|said| line(&said)), "{}", reported.out);
    assert_eq!(reported.code, 6);
}

#[test]
fn an_outcome_that_only_a_sample_has_is_red() {
    let mut gate = Gate::green();
    gate.check("race", Engine::Random).outcomes.insert("something else".into());
    gate.report().is_red(
        6,
        "ENGINES DISAGREE: race 2x1 with product: never comes to an end that random sees: \
         something else; run cargo run --release -q -- check race --engine product",
    );
}

#[test]
fn a_search_that_misses_how_timed_acquires_can_go_is_red() {
    let mut gate = Gate::green();
    let missed = gate.check("timeout", Engine::Loom).tries.pop_first().expect("it has timeouts");
    gate.report().is_red(
        6,
        &format!(
            "ENGINES DISAGREE: timeout 2x1 with loom: never sees timed acquires go as dfs does: \
             {missed}; run cargo run --release -q -- check timeout --engine loom"
        ),
    );
}

#[test]
fn what_loom_sees_by_an_old_value_others_need_not_see() {
    let mut gate = Gate::green();
    let loom = gate.check("race", Engine::Loom);
    loom.outcomes.insert("something else".into());
    assert_eq!(gate.report().code, 6);
    gate.check("race", Engine::Loom).coverage.stale = 1;
    assert_eq!(gate.report().code, 0);
    gate.check("race", Engine::Loom).outcomes.pop_first();
    assert_eq!(gate.report().code, 6);
}

#[test]
fn a_narrower_bound_excuses_what_is_not_seen() {
    let mut gate = Gate::green();
    for engine in [Engine::Dfs, Engine::Loom] {
        gate.check("timeout", engine).outcomes.clear();
    }
    assert_eq!(gate.report().code, 7, "no run came to an end, but that is no disagreement");
}

#[test]
fn a_proof_that_was_cut_short_is_red() {
    let mut gate = Gate::green();
    gate.check("ordered", Engine::Dfs).extent = Reach::CutShort("after 7 executions".into());
    gate.report().is_red(
        7,
        "SAW TOO LITTLE: ordered 2x1 with dfs: not proved: cut short after 7 \
         executions; run cargo run --release -q -- check ordered --engine dfs",
    );
}

#[test]
fn a_proof_without_contention_is_red() {
    let mut gate = Gate::green();
    gate.check("ordered", Engine::Loom).expected.shows[0].shown = false;
    gate.report().is_red(
        7,
        "SAW TOO LITTLE: ordered 2x1 with loom: not shown: contention; \
         run cargo run --release -q -- check ordered --engine loom",
    );
}

#[test]
fn an_engine_without_an_answer_is_red() {
    let mut gate = Gate::green();
    gate.check("timeout", Engine::Product).no_answer = Some("two runs differ".into());
    gate.report().is_red(
        4,
        "NO ANSWER: timeout 2x1 with product: two runs differ; \
         run cargo run --release -q -- check timeout --engine product",
    );
}

#[test]
fn every_fault_is_told_and_the_gravest_decides() {
    let mut gate = Gate::green();
    gate.check("ordered", Engine::Dfs).extent = Reach::CutShort("after 7 executions".into());
    gate.check("race", Engine::Product).failures.clear();
    gate.check("timeout", Engine::Pct).no_answer = Some("two runs differ".into());
    let reported = gate.report();
    let starts: Vec<&str> = reported
        .out
        .lines()
        .filter_map(|line| line.split_once(": ").map(|(alarm, _)| alarm))
        .filter(|alarm| alarm.chars().all(|c| c.is_uppercase() || c == ' '))
        .collect();
    assert_eq!(starts, ["NO ANSWER", "NOT AS EXPECTED", "SAW TOO LITTLE", "RED"]);
    assert_eq!(reported.code, 4);
}
