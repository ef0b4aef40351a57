//! What each scenario can do to the money, engine by engine: the set of outcomes, not only the
//! verdict.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::collections::BTreeSet;
use tellers::bank::{Retries, Stop};
use tellers::engine::{Conclusion, Effort, Engine, Failure, Report};
use tellers::suite::{Audit, Checked, budget, check, find};

const LIMIT: Stop = Stop::ReachedLimit;

fn checked(name: &str, engine: Engine) -> Checked<'static> {
    let scenario = find(name).expect("the scenario exists");
    let (setup, effort) = budget(scenario, engine);
    let checked = check(scenario, engine, setup, effort).expect("the engine answers");
    assert_eq!(checked.unmet, [], "{name} with {engine}");
    checked
}

fn reports(name: &str) -> Vec<(Engine, Report<Audit>)> {
    let engines = Engine::of_this_build().iter();
    engines.map(|&engine| (engine, checked(name, engine).report)).collect()
}

fn audits(report: &Report<Audit>) -> impl Iterator<Item = &Audit> {
    report.outcomes.keys().filter_map(|ending| match &ending.conclusion {
        Conclusion::Returned(audit) => Some(audit),
        _ => None,
    })
}

/// By how much each final total that was seen is wrong.
fn errors(report: &Report<Audit>) -> BTreeSet<i64> {
    audits(report).map(|audit| audit.found() - audit.expected).collect()
}

fn failures(report: &Report<Audit>) -> Vec<Failure> {
    report.failures.keys().copied().collect()
}

#[test]
fn race_loses_or_makes_each_amount() {
    for (engine, report) in reports("race") {
        assert_eq!(errors(&report), [-30, -20, 0, 20, 30].into(), "{engine}");
        assert_eq!(failures(&report), [Failure::LostUpdate], "{engine}");
        assert!(audits(&report).all(|audit| audit.stops == [LIMIT, LIMIT]), "{engine}");
    }
}

#[test]
fn race_audit_flags_wrong_sums_with_and_without_a_loss() {
    for (engine, report) in reports("race-audit") {
        assert_eq!(errors(&report), [-30, -20, 0, 20, 30].into(), "{engine}");
        assert_eq!(failures(&report), [Failure::LostUpdate, Failure::TornAudit], "{engine}");
        let stopped = Stop::OtherFlagged { total: 200_000, n: 0 };
        let torn = |audit: &&Audit| audit.is_conserved() && audit.stops.contains(&stopped);
        let flags: BTreeSet<i64> = audits(&report)
            .filter(torn)
            .flat_map(|audit| &audit.stops)
            .filter_map(|stop| match *stop {
                Stop::Inconsistent { total, n: 0 } => Some(total),
                _ => None,
            })
            .collect();
        assert!(flags.is_superset(&[199_970, 199_980].into()), "{engine}: {flags:?}");
    }
}

#[test]
fn ordered_conserves_under_contention() {
    for (engine, report) in reports("ordered") {
        assert_eq!(endings(&report), [done([99_990, 100_010])], "{engine}");
        assert!(report.coverage.contended > 0, "{engine}");
    }
}

#[test]
fn mislabelled_loses_either_deposit() {
    for (engine, report) in reports("mislabelled") {
        assert_eq!(errors(&report), [-30, -20, 0].into(), "{engine}");
        assert_eq!(failures(&report), [Failure::LostUpdate], "{engine}");
    }
}

#[test]
fn inverted_deadlocks_or_conserves() {
    for (engine, report) in reports("inverted") {
        assert_eq!(endings(&report), [done([99_990, 100_010])], "{engine}");
        assert_eq!(deadlocks(&report), [vec![true; 2]], "{engine}");
        let found = &report.failures[&Failure::Deadlock];
        assert_eq!((found.size.context, found.size.steps), (1, 2), "{engine}");
    }
}

#[test]
fn ring_deadlocks_or_conserves() {
    for (engine, report) in reports("ring") {
        assert_eq!(endings(&report), [done([99_990, 100_020, 99_990])], "{engine}");
        assert_eq!(deadlocks(&report), [vec![true; 3]], "{engine}");
    }
}

#[test]
fn a_ring_deadlocks_at_any_size() {
    let ring = find("ring").expect("the scenario exists");
    for threads in 2..=6 {
        let (mut setup, effort) = budget(ring, Engine::Product);
        setup.threads = threads;
        let checked = check(ring, Engine::Product, setup, effort).expect("the engine answers");
        assert_eq!(checked.unmet, [], "{threads} threads");
        assert_eq!(deadlocks(&checked.report), [vec![true; threads]]);
    }
}

#[test]
fn forced_release_ends_threads_and_loses_money() {
    let all = [Failure::LostUpdate, Failure::TornAudit, Failure::ReleaseUnlocked];
    for engine in [Engine::Product, Engine::Random, Engine::Pct] {
        let report = checked("forced-release", engine).report;
        assert_eq!(failures(&report), all, "{engine}");
        assert_eq!(errors(&report), [-30, -20, 0, 20, 30].into(), "{engine}");
        assert!(audits(&report).all(|audit| audit.locked == [false; 2]), "{engine}");
        let both = [Stop::ReleaseUnlocked; 2];
        assert!(audits(&report).any(|audit| audit.stops == both), "{engine}");
    }
}

#[test]
fn dfs_makes_no_claim_about_what_it_did_not_exhaust() {
    for name in ["forced-release", "ring", "timeout-ring"] {
        let report = checked(name, Engine::Dfs).report;
        assert!(!report.is_exhaustive(), "{name}");
    }
}

#[test]
fn timeout_conserves_though_timeouts_fire() {
    for (engine, report) in reports("timeout") {
        assert_eq!(endings(&report), [done([99_990, 100_010])], "{engine}");
        assert!(report.coverage.timeouts > 0, "{engine}");
    }
}

#[test]
fn timeout_ring_conserves_though_timeouts_fire() {
    for (engine, report) in reports("timeout-ring") {
        assert_eq!(endings(&report), [done([99_990, 100_020, 99_990])], "{engine}");
        assert!(report.coverage.timeouts > 0, "{engine}");
    }
}

#[test]
fn retries_are_bounded_only_where_an_engine_needs_it() {
    for (engine, report) in reports("timeout") {
        let bounded = report.bounds.iter().any(|bound| bound.hits > 0);
        assert_eq!(bounded, engine != Engine::Product, "{engine}");
        let (setup, _) = budget(find("timeout").expect("the scenario exists"), engine);
        assert_eq!(setup.retries == Retries::UNBOUNDED, engine == Engine::Product, "{engine}");
    }
}

#[test]
fn trains_never_arrive() {
    for (engine, report) in reports("trains") {
        assert_eq!(report.outcomes.len(), 0, "{engine}");
        let livelock = report.failures.contains_key(&Failure::Livelock);
        assert_eq!(livelock, engine == Engine::Product, "{engine}");
    }
}

#[test]
fn larger_scenarios_keep_their_verdicts() {
    for scenario in tellers::suite::scenarios() {
        let (mut setup, effort) = budget(scenario, Engine::Product);
        setup.transfers = 2;
        let checked = check(scenario, Engine::Product, setup, effort).expect("the engine answers");
        assert_eq!(checked.unmet, [], "{}", scenario.name);
    }
}

#[test]
fn a_small_sample_need_not_find_everything() {
    let race = find("race").expect("the scenario exists");
    let (setup, effort) = budget(race, Engine::Random);
    let effort = Effort { executions: 1, ..effort };
    let checked = check(race, Engine::Random, setup, effort).expect("the engine answers");
    assert_eq!((checked.report.coverage.executions, checked.unmet.len()), (1, 0));
}

/// Balances, and the rest of an audit in which all went well.
fn done<const N: usize>(balances: [i64; N]) -> Audit {
    let expected = balances.iter().sum();
    let balances = balances.to_vec();
    Audit { expected, balances, stops: vec![LIMIT; N], locked: vec![false; N] }
}

fn endings(report: &Report<Audit>) -> Vec<Audit> {
    audits(report).cloned().collect()
}

/// Which locks each deadlock leaves locked.
fn deadlocks(report: &Report<Audit>) -> Vec<Vec<bool>> {
    let deadlocks = report.outcomes.keys().filter(|ending| ending.is_deadlock());
    deadlocks.map(|ending| ending.locked.clone()).collect()
}
