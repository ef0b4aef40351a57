//! The verdict as one page that needs nothing but a browser.
//!
//! Each failure of a cell opens the page that `tellers explain --format html` would give, in a frame
//! of its own; without scripts it is there as text.

use crate::gate::{Check, Judgement, Row, matrix, words};
use minijinja::Environment;
use minijinja::value::Serde;
use serde::Serialize;

const PAGE: &str = include_str!("html/report.html");
const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// What the template is filled with.
#[derive(Serialize)]
struct Page<'a> {
    style: &'a str,
    script: &'a str,
    green: bool,
    sentence: String,
    faults: Vec<Line<'a>>,
    engines: Vec<&'a str>,
    rows: Vec<Scenario<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    alarm: &'a str,
    what: &'a str,
    why: &'a str,
    command: &'a str,
}

#[derive(Serialize)]
struct Scenario<'a> {
    name: String,
    cells: Vec<Cell<'a>>,
}

/// What one engine found out.
#[derive(Serialize)]
struct Cell<'a> {
    engine: &'a str,
    well: bool,
    disagrees: bool,
    alarms: Vec<&'a str>,
    /// What came out, where it is no failure.
    verdict: Vec<String>,
    failures: Vec<Failure<'a>>,
    basis: Vec<String>,
}

/// A failure, and where its trace is in the page.
#[derive(Serialize)]
struct Failure<'a> {
    id: String,
    name: String,
    text: &'a str,
    page: &'a str,
}

pub(super) fn render(verdict: &Judgement) -> String {
    let engines = verdict.engines();
    let cells = |row| engines.iter().map(|&engine| cell(row, engine)).collect();
    let page = Page {
        style: STYLE,
        script: SCRIPT,
        green: verdict.is_green(),
        sentence: verdict.sentence(),
        faults: verdict.faults.iter().map(line).collect(),
        engines: engines.iter().map(|engine| engine.name()).collect(),
        rows: verdict
            .rows
            .iter()
            .map(|row| Scenario { name: row.name(), cells: cells(row) })
            .collect(),
    };
    let mut templates = Environment::new();
    let rendered = templates
        .add_template("report.html", PAGE)
        .and_then(|()| templates.get_template("report.html")?.render(Serde(&page)));
    match rendered {
        Ok(page) => page + "\n",
        Err(error) => unreachable!("the template is tried with every kind of fault: {error}"),
    }
}

fn line(fault: &crate::gate::Fault) -> Line<'_> {
    let alarm = fault.rule.alarm();
    Line { alarm, what: &fault.what, why: &fault.why, command: &fault.command }
}

fn cell(row: &Row, engine: crate::engine::Engine) -> Cell<'_> {
    let checks: Vec<&Check> = row.checks.iter().filter(|check| check.engine == engine).collect();
    let failures = checks.iter().flat_map(|check| &check.failures).enumerate();
    let well_ended = checks.iter().filter(|check| check.failures.is_empty());
    Cell {
        engine: engine.name(),
        well: checks.iter().all(|check| check.is_as_expected()),
        disagrees: matrix::disagrees(row, engine),
        alarms: checks.iter().filter_map(|check| words::alarm(check)).collect(),
        verdict: well_ended.flat_map(|check| words::verdict(check)).collect(),
        basis: checks.iter().flat_map(|check| words::basis(check)).collect(),
        failures: failures
            .map(|(i, failed)| Failure {
                id: format!("{}-{engine}-{i}", row.name().replace(char::is_whitespace, "-")),
                name: failed.failure.to_string(),
                text: &failed.text,
                page: &failed.page,
            })
            .collect(),
    }
}
