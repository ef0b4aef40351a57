//! Holds engines against each other.
//!
//! An engine that was to see everything must have seen all that any other saw within the same bounds
//! or narrower ones: how runs end, and how the timed acquires of each thread go. So two exhaustive
//! searches with equal bounds must have seen the same. Loom
//! alone can see an old value: what it found with one, others need not have found.

use super::{Check, Fault, Reach, Row, Rule};
use crate::engine::Engine;

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
        why: first_missed(one, all).unwrap_or_default(),
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
    answered && within && all.extent == Reach::Exhausted && one.coverage.stale == 0
}

/// What the first saw and the second did not, in words.
fn first_missed(one: &Check, all: &Check) -> Option<String> {
    let engine = one.engine;
    let ending = one.outcomes.difference(&all.outcomes).next();
    let ending = ending.map(|it| format!("never comes to an end that {engine} sees: {it}"));
    ending.or_else(|| {
        // The product engine looks at states, and not at how they were come to.
        let looks_at_runs = all.engine != Engine::Product;
        let tries = one.tries.difference(&all.tries).next().filter(|_| looks_at_runs);
        tries.map(|it| format!("never sees timed acquires go as {engine} does: {it}"))
    })
}
