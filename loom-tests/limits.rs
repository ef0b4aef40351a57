//! What bounds a search, and what the report then says.

use super::{explore, returned};
use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tellers::engine::{Extent, LoomBounds, Program, Report, Verdict, loom};
use tellers::sync::{Cell, Event, assume, thread};

fn store_and_load() -> i64 {
    let cell = Arc::new(Cell::new(0));
    let theirs = cell.clone();
    let other = thread::spawn(move || theirs.store(1));
    let seen = cell.load();
    other.join().expect("no thread panics");
    seen
}

fn reason<R>(report: &Report<R>) -> &str {
    match &report.extent {
        Extent::CutShort { reason } => reason,
        other => panic!("the search was not cut short, but {other:?}"),
    }
}

#[test]
fn every_execution_is_counted() {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let report = explore(|| {
        RUNS.fetch_add(1, Ordering::Relaxed);
        store_and_load()
    });
    assert_eq!(report.coverage.executions, RUNS.load(Ordering::Relaxed));
    assert!(report.coverage.executions > 1);
    assert_eq!(
        report.outcomes.values().map(|seen| seen.runs).sum::<u64>(),
        report.coverage.executions
    );
}

#[test]
fn a_search_that_reaches_its_limit_proves_nothing_and_one_that_just_fits_does() {
    let all = explore(store_and_load).coverage.executions;
    let within = |max_executions| {
        let bounds = LoomBounds { max_executions, ..LoomBounds::default() };
        loom(&Program::new(store_and_load), &bounds)
    };
    let short = within(all - 1);
    assert_eq!(short.verdict(), Verdict::NotProved);
    assert_eq!(short.coverage.executions, all - 1);
    assert_eq!(reason(&short), format!("after {} executions", tellers::thousands(all - 1)));
    assert_eq!(within(all).verdict(), Verdict::Proved);
}

#[test]
fn a_bound_on_preemptions_proves_nothing() {
    let bounds = LoomBounds { preemptions: Some(2), ..LoomBounds::default() };
    let report = loom(&Program::new(store_and_load), &bounds);
    assert_eq!(report.verdict(), Verdict::NotProved);
    assert_eq!(reason(&report), "no more than 2 preemptions");
}

#[test]
fn a_run_without_end_is_given_up_and_the_next_search_is_not_disturbed() {
    let endless = Program::new(|| {
        let event = Arc::new(Event::new());
        let theirs = event.clone();
        let other = thread::spawn(move || while !theirs.is_set() {});
        other.join().expect("no thread panics");
    });
    let bounds = LoomBounds { max_branches: 500, ..LoomBounds::default() };
    let report = loom(&endless, &bounds);
    assert_eq!(report.verdict(), Verdict::NotProved);
    assert_eq!(reason(&report), "loom gave up: a run has more than 500 choices");
    assert_eq!(returned(&explore(store_and_load)), BTreeSet::from([0, 1]));
}

#[test]
fn a_sixth_thread_is_one_too_many() {
    let with_others = |others: usize| {
        let body = move || {
            for handle in (0..others).map(|_| thread::spawn(|| ())).collect::<Vec<_>>() {
                handle.join().expect("no thread panics");
            }
        };
        loom(&Program::new(body), &LoomBounds::default())
    };
    assert_eq!(with_others(4).verdict(), Verdict::Proved);
    assert_eq!(reason(&with_others(5)), "loom gave up: loom follows no more than 5 threads");
}

#[test]
fn a_run_that_is_cut_off_still_shows_what_the_others_could_have_done_before() {
    let report = explore(|| {
        let cell = Arc::new(Cell::new(0));
        let theirs = cell.clone();
        thread::spawn(move || theirs.store(1));
        let seen = cell.load();
        assume(seen == 1);
        seen
    });
    assert_eq!(returned(&report), BTreeSet::from([1]));
    assert_eq!(report.bounds.len(), 1);
    assert!(report.bounds[0].hits > 0);
    assert!(report.bounds[0].hits < report.coverage.executions);
}

#[test]
fn looms_environment_variables_are_refused() {
    let this = std::env::current_exe().expect("a test knows its own executable");
    let run = |name: &str, value: &str| {
        Command::new(&this)
            .args(["--exact", "limits::every_execution_is_counted"])
            .env(name, value)
            .output()
            .expect("a test can be run again")
    };
    assert!(run("LOOMING", "0").status.success());
    let refused = run("LOOM_MAX_PREEMPTIONS", "0");
    assert!(!refused.status.success());
    let output = String::from_utf8_lossy(&refused.stdout).into_owned();
    let complaint = "loom is configured by its environment: unset LOOM_MAX_PREEMPTIONS";
    assert!(output.contains(complaint), "{output}");
}
