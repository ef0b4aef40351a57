//! `tellers list`: the scenarios, and what is expected of each.

use super::Error;
use anstyle::Style;
use std::io::Write;
use tellers::Exit;
use tellers::suite::{Scenario, scenarios};

const KEY: Style = Style::new().bold();

pub(super) fn run(out: &mut impl Write) -> Result<Exit, Error> {
    for scenario in scenarios() {
        let Scenario { name, lesson, about, .. } = scenario;
        writeln!(out, "{KEY}{name}{KEY:#} ({lesson}): {about}")?;
        writeln!(out, "    expected: {}", expected(scenario))?;
    }
    Ok(Exit::AsExpected)
}

fn expected(scenario: &Scenario) -> String {
    let failures: Vec<String> =
        scenario.expectation.failures.iter().map(ToString::to_string).collect();
    let failures = if failures.is_empty() { "no failure".into() } else { failures.join(", ") };
    let shows = scenario.expectation.shows.iter().map(|show| show.about.to_owned());
    std::iter::once(failures).chain(shows).collect::<Vec<_>>().join("; ")
}
