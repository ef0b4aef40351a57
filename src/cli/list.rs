//! `tellers list`: the scenarios, and what is expected of each.

use super::{Error, show};
use anstyle::Style;
use std::io::Write;
use tellers::Exit;
use tellers::suite::{Scenario, scenarios};
use textwrap::WordSplitter;

const KEY: Style = Style::new().bold();

pub(super) fn run(out: &mut impl Write) -> Result<Exit, Error> {
    for scenario in scenarios() {
        let Scenario { name, lesson, about, .. } = scenario;
        let about = format!("{name}: {about} ({lesson})");
        let about = textwrap::fill(&about, options("    "));
        writeln!(out, "{KEY}{name}{KEY:#}{}", about.strip_prefix(name).unwrap_or(&about))?;
        let expected = format!("expected: {}", expected(scenario));
        writeln!(out, "{}", textwrap::fill(&expected, options("      ").initial_indent("    ")))?;
    }
    Ok(Exit::AsExpected)
}

/// Words stay whole.
fn options(indent: &str) -> textwrap::Options<'_> {
    textwrap::Options::new(show::width())
        .word_splitter(WordSplitter::NoHyphenation)
        .break_words(false)
        .subsequent_indent(indent)
}

fn expected(scenario: &Scenario) -> String {
    let failures: Vec<String> =
        scenario.expectation.failures.iter().map(ToString::to_string).collect();
    let failures = if failures.is_empty() { "no failure".into() } else { failures.join(", ") };
    let shows = scenario.expectation.shows.iter().map(|show| show.about.to_owned());
    std::iter::once(failures).chain(shows).collect::<Vec<_>>().join("; ")
}
