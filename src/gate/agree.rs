//! Holds engines against each other.
//!
//! An engine that was to see everything must have seen all that any other saw within the same bounds
//! or narrower ones. So two exhaustive searches with equal bounds must have equal outcomes. Loom
//! alone can see an old value: what it found with one, others need not have found.

use super::{Check, Extent, Fault, Row, Rule};

/// Two engines, the first of which saw what the second should have seen and did not.
pub(super) fn disagreements(row: &Row) -> Vec<(&Check, &Check)> {
    let pairs = row.checks.iter().flat_map(|one| row.checks.iter().map(move |all| (one, all)));
    pairs.filter(|(one, all)| must_hold(one, all) && first_missed(one, all).is_some()).collect()
}

/// The same, as faults.
pub(super) fn faults(row: &Row) -> Vec<Fault> {
    let fault = |(one, all): (&Check, &Check)| Fault {
        rule: Rule::Agreement,
        what: format!("{} with {}", row.name(), all.engine),
        why: format!(
            "never comes to an end that {} sees: {}",
            one.engine,
            first_missed(one, all).unwrap_or_default()
        ),
        command: all.command.clone(),
        cell: Some((row.name(), all.engine)),
        at: Some(all.at.clone()),
    };
    disagreements(row).into_iter().map(fault).collect()
}

/// Whether `all` must have seen what `one` saw.
fn must_hold(one: &Check, all: &Check) -> bool {
    let answered = one.no_answer.is_none() && all.no_answer.is_none();
    let within = match (one.retries, all.retries) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(one), Some(all)) => one <= all,
    };
    answered && within && all.extent == Extent::Exhausted && one.coverage.stale == 0
}

fn first_missed<'a>(one: &'a Check, all: &'a Check) -> Option<&'a str> {
    one.outcomes.difference(&all.outcomes).next().map(String::as_str)
}
