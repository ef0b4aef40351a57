//! `tellers explain`: how a scenario fails.

use super::args::{Explain, Task};
use super::{Error, interrupt, progress, proof, seen};
use crate::exit::Exit;
use std::io::Write;
use tellers::engine::{Engine, Failure};
use tellers::suite::check_watched;
use tellers::trace::{Look, Picture};

pub(super) fn run(args: &Explain, out: &mut impl Write) -> Result<Exit, Error> {
    let Task { scenario, engine, setup, effort } = args.task()?;
    let checked = {
        let bar = progress::bar(0, 1, format!("{} with {engine}", scenario.name));
        check_watched(scenario, engine, setup, effort, bar.watch())?
    };
    let look = Look { width: width(), colour: true, full: args.full };
    for (i, (&failure, found)) in checked.report.failures.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        let unreached = Engine::unreached(&scenario.program(setup), &found.trace);
        let picture = Picture { unreached, ..Picture::of(scenario.name, failure, found) };
        write!(out, "{}", picture.text(look))?;
    }
    if let Some(known) = &checked.report.proof {
        if let Some(cycle) = &known.starvation {
            let picture = Picture::of(scenario.name, Failure::Starvation, cycle);
            writeln!(out, "{}", picture.text(look))?;
        }
        for sentence in proof::sentences(known) {
            writeln!(out, "{sentence}")?;
        }
    }
    if checked.report.failures.is_empty() || !checked.is_as_expected() {
        writeln!(out, "{} with {engine}: {}.", scenario.name, seen::verdict(&checked))?;
        writeln!(out, "{}.", seen::coverage(&checked.report))?;
    }
    if interrupt::pressed() {
        return Ok(Exit::Interrupted);
    }
    Ok(if checked.is_as_expected() { Exit::AsExpected } else { Exit::NotAsExpected })
}

/// As wide as the terminal; where there is none, as wide as reads well.
fn width() -> usize {
    let size = console::Term::stdout().size_checked();
    size.map_or(Look::default().width, |(_, columns)| usize::from(columns))
}
