//! A check in few words.

use super::{Check, Extent, count};
use crate::engine::Failure;

/// What came out and what it rests on, a line each.
pub(super) fn words(check: &Check) -> Vec<String> {
    if check.no_answer.is_some() {
        return vec!["NO ANSWER".into()];
    }
    let alarm = (!check.is_as_expected()).then(|| "NOT AS EXPECTED".into());
    let met = [(check.coverage.timeouts, "timeout"), (check.coverage.contended, "wait")];
    let met = met.into_iter().find(|(number, _)| *number > 0);
    alarm
        .into_iter()
        .chain(verdict(check))
        .chain([effort(check)])
        .chain(bound(check))
        .chain(met.map(|(number, noun)| count(number, noun)))
        .collect()
}

/// What came out.
pub(super) fn verdict(check: &Check) -> Vec<String> {
    if !check.failures.is_empty() {
        return check.failures.iter().map(|failed| briefly(failed.failure)).collect();
    }
    let what = match &check.extent {
        _ if check.outcomes.is_empty() => "no run ended",
        Extent::Exhausted => "proved",
        Extent::Sampled(_) => "no failure",
        Extent::CutShort(_) => "nothing found",
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

/// How much was looked at.
fn effort(check: &Check) -> String {
    let runs = || count(check.coverage.executions, "run");
    let looked = check.coverage.states.map_or_else(runs, |states| count(states, "state"));
    match check.extent {
        Extent::CutShort(_) => format!("{looked}, cut"),
        _ => looked,
    }
}

/// The bound on retries, where it cut off a run.
fn bound(check: &Check) -> Option<String> {
    let retries = check.retries.filter(|_| check.bounds.iter().any(|bound| bound.hits > 0));
    retries.map(|retries| format!("≤ {}", count(retries.into(), "retry")))
}
