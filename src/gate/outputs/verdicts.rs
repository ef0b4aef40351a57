//! The verdict as JSON, for other programs.

use crate::engine::{Engine, Failure};
use crate::gate::{Check, Expected, Failed, Fault, Judgement, Limit, Met, Reach, Size};
use crate::trace::View;
use crate::trace::view::At;
use serde::Serialize;

/// The version of the form: another one as soon as a reader of this one could be misled.
pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    green: bool,
    /// The code that the gate exits with.
    exit: u8,
    sentence: String,
    faults: &'a [Fault],
    scenarios: Vec<Scenario<'a>>,
}

#[derive(Serialize)]
struct Scenario<'a> {
    scenario: &'a str,
    size: &'a str,
    checks: Vec<Cell<'a>>,
}

#[derive(Serialize)]
struct Cell<'a> {
    engine: Engine,
    as_expected: bool,
    /// What is not as expected, in words.
    unmet: Vec<String>,
    no_answer: Option<&'a str>,
    expected: &'a Expected,
    extent: &'a Reach,
    /// The bound on retries, if there is one.
    retries: Option<u32>,
    bounds: &'a [Limit],
    coverage: Met,
    may_starve: bool,
    outcomes: usize,
    failures: Vec<Found<'a>>,
    command: &'a str,
}

#[derive(Serialize)]
struct Found<'a> {
    failure: Failure,
    size: Size,
    minimal: bool,
    at: &'a At,
    command: &'a str,
    trace: &'a View,
}

pub(super) fn render(verdict: &Judgement) -> String {
    let document = Document {
        version: VERSION,
        green: verdict.is_green(),
        exit: verdict.exit() as u8,
        sentence: verdict.sentence(),
        faults: &verdict.faults,
        scenarios: verdict
            .rows
            .iter()
            .map(|row| Scenario {
                scenario: &row.scenario,
                size: &row.size,
                checks: row.checks.iter().map(cell).collect(),
            })
            .collect(),
    };
    let json = serde_json::to_string_pretty(&document);
    json.unwrap_or_else(|_| unreachable!("every key of it is a text")) + "\n"
}

fn cell(check: &Check) -> Cell<'_> {
    Cell {
        engine: check.engine,
        as_expected: check.is_as_expected(),
        unmet: check.unmet().iter().map(ToString::to_string).collect(),
        no_answer: check.no_answer.as_deref(),
        expected: &check.expected,
        extent: &check.extent,
        retries: check.retries,
        bounds: &check.bounds,
        coverage: check.coverage,
        may_starve: check.may_starve,
        outcomes: check.outcomes.len(),
        failures: check.failures.iter().map(found).collect(),
        command: &check.command,
    }
}

fn found(failed: &Failed) -> Found<'_> {
    Found {
        failure: failed.failure,
        size: failed.size,
        minimal: failed.minimal,
        at: &failed.at,
        command: &failed.command,
        trace: &failed.trace,
    }
}
