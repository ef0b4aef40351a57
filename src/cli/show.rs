//! What an interleaving is shown as.

use super::Error;
use super::args::Show;
use super::format::Format;
use std::io::Write;
use tellers::engine::{Failure, Found};
use tellers::suite::{Scenario, Setup, picture};
use tellers::trace::Look;

/// Writes one failure of a scenario, and what is known of all interleavings together.
pub(super) fn show(
    out: &mut impl Write,
    how: &Show,
    (scenario, setup): (&Scenario, Setup),
    failure: Failure,
    found: &Found,
    known: &[String],
) -> Result<(), Error> {
    let mut picture = picture(scenario, setup, failure, found);
    picture.known = known.to_vec();
    let look = Look { width: width(), colour: true, full: how.full, source: how.source };
    let shown = match how.format {
        Format::Text => picture.text(look),
        Format::Markdown => picture.markdown(),
        Format::Json => picture.json(),
        Format::Html => picture.html(),
        Format::Mermaid => picture.mermaid(),
    };
    Ok(write!(out, "{shown}")?)
}

/// As wide as the terminal; where there is none, as `COLUMNS` says, or as wide as reads well.
pub(super) fn width() -> usize {
    width_or(Look::default().width)
}

/// The same, but for what reads well.
pub(super) fn width_or(otherwise: usize) -> usize {
    let terminal = comfy_table::Table::new().width().map(usize::from);
    terminal.or_else(asked_width).unwrap_or(otherwise)
}

fn asked_width() -> Option<usize> {
    std::env::var("COLUMNS").ok()?.parse().ok().filter(|&columns| columns > 0)
}
