//! An interleaving as text: what it is, its table, and why it fails.

use super::paint::{ALARM, CAUTION, FAINT, KEY, Paint};
use super::rows::{Row, Rows};
use super::words::counted;
use super::{Look, Picture, Rerun, Told, excerpt, table};
use crate::engine::Failure;
use anstyle::Style;
use textwrap::WordSplitter;

/// Narrower than this, a table cannot be read.
const NARROWEST: usize = 40;

/// Prose wider than this is tiring.
const WIDEST_PROSE: usize = 110;

pub(super) fn render(picture: &Picture<'_>, look: Look) -> String {
    let look = Look { width: look.width.max(NARROWEST), ..look };
    let diagnosis = picture.diagnosis();
    let mut rows = Rows::of(picture, &diagnosis, look.full);
    let folded = !look.full && rows.fold(picture.trace);
    let mut lines = head(picture, &rows, look);
    lines.push(String::new());
    lines.extend(table::draw(picture.trace, &rows, look));
    lines.push(String::new());
    let key = if table::marks_help(&rows) { diagnosis.key_steps() } else { Vec::new() };
    lines.extend(told(&diagnosis.tell(picture.trace), &key, look));
    if look.source {
        lines.extend(excerpt::draw(picture, &diagnosis, look));
    }
    if let Some(rerun) = &picture.rerun {
        lines.extend(prose(&replay(rerun, folded), "", "  ", FAINT, look));
    }
    lines.join("\n") + "\n"
}

fn head(picture: &Picture<'_>, rows: &Rows, look: Look) -> Vec<String> {
    let paint = Paint { on: look.colour };
    let failure = picture.failure.to_string().to_uppercase();
    let size = size(picture, rows);
    let alarm = if picture.failure == Failure::Starvation { CAUTION } else { ALARM };
    let line = format!("{failure}  {}   {size}", picture.title);
    if textwrap::core::display_width(&line) <= look.width {
        let title = paint.paint(KEY, picture.title);
        return vec![format!("{}  {title}   {size}", paint.paint(alarm, &failure))];
    }
    let mut lines = prose(&format!("{failure}  {}", picture.title), "", "  ", alarm, look);
    lines.extend(prose(&size, "", "", Style::new(), look));
    lines
}

/// How big the interleaving is, in words.
pub(super) fn size(picture: &Picture<'_>, rows: &Rows) -> String {
    let steps = rows.rows.iter().filter_map(|row: &Row| row.numbers).map(|(_, last)| last).max();
    let mut size = [
        counted(rows.lanes.len(), "thread"),
        counted(picture.size().context as usize, "context switch"),
        counted(steps.unwrap_or(0), "step"),
    ]
    .join(", ");
    if picture.failure == Failure::Starvation {
        size += "; no failure, but possible";
    } else if picture.minimal {
        size += "; no failure has fewer";
    }
    size
}

fn replay(Rerun { command, reproduced, tried }: &Rerun, folded: bool) -> String {
    let full = if folded { "; --full shows every step" } else { "" };
    match tried {
        0 => format!("replay: {command}{full}"),
        _ => format!("replay: {command} (reproduced {reproduced} of {tried}){full}"),
    }
}

/// A line of evidence has the mark of the steps that it is about.
fn told(told: &Told, key: &[usize], look: Look) -> Vec<String> {
    let mut lines = prose(&told.summary, "", "", KEY, look);
    for fact in &told.facts {
        let marked = fact.steps.iter().any(|step| key.contains(step));
        let gutter = if marked { "▸ " } else { "  " };
        lines.extend(prose(&fact.words, gutter, "    ", Style::new(), look));
    }
    if let Some(remedy) = &told.remedy {
        lines.extend(prose(remedy, "", "", Style::new(), look));
    }
    lines
}

fn prose(text: &str, first: &str, later: &str, style: Style, look: Look) -> Vec<String> {
    let paint = Paint { on: look.colour };
    let options = textwrap::Options::new(look.width.min(WIDEST_PROSE))
        .word_splitter(WordSplitter::NoHyphenation)
        .initial_indent(first)
        .subsequent_indent(later);
    // A step and its number stay together.
    let text = text.replace("step ", "step\u{a0}");
    let lines = textwrap::wrap(&text, options);
    lines.iter().map(|line| paint.paint(style, &line.replace('\u{a0}', " "))).collect()
}
