//! A verdict, and what it rests on, in few words.

use tellers::Exit;
use tellers::engine::{Extent, Report, Starving};
use tellers::gate::count;
use tellers::suite::{Checked, Unmet};
use tellers::thousands;

/// What came out: quiet where all is as expected.
pub(super) fn verdict(checked: &Checked<'_>) -> String {
    let report = &checked.report;
    let failures: Vec<String> = report.failures.keys().map(ToString::to_string).collect();
    let failures = failures.join(", ");
    if is_unproved(checked) {
        let found = (!failures.is_empty()).then(|| format!("{failures} found"));
        let parts: Vec<_> = found.into_iter().chain(cut_short(report)).collect();
        return format!("NOT PROVED: {}", parts.join("; "));
    }
    if !checked.is_as_expected() {
        let unmet = format!("NOT AS EXPECTED: {}", told(&checked.unmet));
        let parts = [Some(unmet), cut_short(report)];
        return parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    }
    let starves = match report.starving() {
        Some(Starving::AllTry) => "; may starve, all trying",
        Some(Starving::SomeKeptOut) => "; may starve, some kept out",
        None => "",
    };
    let what = match &report.extent {
        _ if !failures.is_empty() => format!("fails as expected: {failures}{starves}"),
        _ if report.outcomes.is_empty() => "no run came to an end".into(),
        Extent::Exhausted if starves.is_empty() => "proved".into(),
        Extent::Exhausted => format!("no failure, proved{starves}"),
        Extent::Sampled { .. } => "sampled, no failure".into(),
        Extent::CutShort { .. } => "nothing found".into(),
    };
    let retries = checked.setup.retries.bound().filter(|_| !report.bounds.is_empty());
    let bound = retries.map(|bound| format!("with at most {}", count(bound.into(), "retry")));
    let parts = [Some(what), bound, gap(report), cut_short(report)];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Whether the one thing that is not as expected is that the search did not come to its end.
fn is_unproved(checked: &Checked<'_>) -> bool {
    !checked.is_as_expected() && checked.unmet.iter().all(Unmet::is_unproved)
}

/// What a check comes to.
pub(super) fn exit(checked: &Checked<'_>) -> Exit {
    match checked.is_as_expected() {
        true => Exit::AsExpected,
        false if is_unproved(checked) => Exit::NoAnswer,
        false => Exit::NotAsExpected,
    }
}

fn cut_short<R>(report: &Report<R>) -> Option<String> {
    report.extent.cut_short().map(|reason| format!("cut short {reason}"))
}

/// What the real code has not shown of what was proved.
fn gap<R>(report: &Report<R>) -> Option<String> {
    let proved = report.proof.as_ref().filter(|_| report.failures.is_empty());
    proved.filter(|proof| proof.tried.has_gap()).map(|proof| proof.tried.to_string())
}

fn told(unmet: &[Unmet]) -> String {
    unmet.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// What the verdict rests on.
pub(super) fn coverage<R>(report: &Report<R>) -> String {
    let coverage = report.coverage;
    let states = report.proof.as_ref().map(|proof| count(proof.states as u64, "state"));
    let some = |number: u64, noun| (number > 0).then(|| count(number, noun));
    let cut: u64 = report.bounds.iter().map(|bound| bound.hits).sum();
    // The product engine runs the real code only to learn what it does.
    let runs = states.is_none().then(|| count(coverage.executions, "run"));
    let parts = [
        states,
        runs,
        Some(count(report.outcomes.len() as u64, "outcome")),
        some(coverage.contended, "wait"),
        some(coverage.timeouts, "timeout"),
        (cut > 0).then(|| format!("{} cut off", number(cut))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

pub(super) fn number(n: u64) -> String {
    thousands(i64::try_from(n).unwrap_or(i64::MAX))
}
