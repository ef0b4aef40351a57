//! A check in few words.

use super::{Check, Reach, count};
use crate::engine::Failure;

/// What came out and what it rests on, a line each.
pub(super) fn words(check: &Check) -> Vec<String> {
    let alarm = alarm(check).map(String::from);
    alarm.into_iter().chain(verdict(check)).chain(basis(check)).collect()
}

/// What is shouted, if something must be.
pub(super) fn alarm(check: &Check) -> Option<&'static str> {
    match check.no_answer {
        Some(_) => Some("NO ANSWER"),
        None => (!check.is_as_expected()).then_some("NOT AS EXPECTED"),
    }
}

/// What came out.
pub(super) fn verdict(check: &Check) -> Vec<String> {
    if check.no_answer.is_some() {
        return Vec::new();
    }
    if !check.failures.is_empty() {
        return check.failures.iter().map(|failed| briefly(failed.failure)).collect();
    }
    let what = match &check.extent {
        _ if check.outcomes.is_empty() => "no run ended",
        Reach::Exhausted => "proved",
        Reach::Sampled(_) => "no failure",
        Reach::CutShort(_) => "nothing found",
    };
    let starves = check.may_starve.then_some("may starve");
    [Some(what), starves].into_iter().flatten().map(String::from).collect()
}

fn briefly(failure: Failure) -> String {
    match failure {
        Failure::ReleaseUnlocked => "unlocked release".into(),
        other => other.to_string(),
    }
}

/// What that rests on.
pub(super) fn basis(check: &Check) -> Vec<String> {
    if check.no_answer.is_some() {
        return Vec::new();
    }
    let met = [(check.coverage.timeouts, "timeout"), (check.coverage.contended, "wait")];
    let met = met.into_iter().find(|(number, _)| *number > 0);
    let met = met.map(|(number, noun)| count(number, noun));
    [Some(effort(check)), bound(check), met].into_iter().flatten().collect()
}

/// How much was looked at.
fn effort(check: &Check) -> String {
    let runs = || count(check.coverage.executions, "run");
    let looked = check.coverage.states.map_or_else(runs, |states| count(states, "state"));
    match check.extent {
        Reach::CutShort(_) => format!("{looked}, cut"),
        _ => looked,
    }
}

/// The bound on retries, where it cut off a run.
fn bound(check: &Check) -> Option<String> {
    let retries = check.retries.filter(|_| check.bounds.iter().any(|bound| bound.hits > 0));
    retries.map(|retries| format!("≤ {}", count(retries.into(), "retry")))
}
