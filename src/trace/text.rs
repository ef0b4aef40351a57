//! An interleaving as text: what it is, its table, and why it fails.

use super::paint::{ALARM, FAINT, KEY, Paint};
use super::rows::{Row, Rows};
use super::words::counted;
use super::{Look, Picture, Rerun, Told, table};
use anstyle::Style;
use textwrap::WordSplitter;

/// Narrower than this, a table cannot be read.
const NARROWEST: usize = 40;

/// Prose wider than this is tiring.
const WIDEST_PROSE: usize = 110;

pub(super) fn render(picture: &Picture<'_>, look: Look) -> String {
    let look = Look { width: look.width.max(NARROWEST), ..look };
    let diagnosis = picture.diagnosis();
    let mut rows = Rows::of(picture, &diagnosis);
    if !look.full {
        rows.fold(picture.trace);
    }
    let mut lines = head(picture, &rows, look);
    lines.push(String::new());
    lines.extend(table::draw(picture.trace, &rows, look));
    lines.push(String::new());
    lines.extend(told(&diagnosis.tell(picture.trace), look));
    if let Some(rerun) = &picture.rerun {
        lines.extend(prose(&replay(rerun), "", "  ", FAINT, look));
    }
    lines.join("\n") + "\n"
}

fn head(picture: &Picture<'_>, rows: &Rows, look: Look) -> Vec<String> {
    let paint = Paint { on: look.colour };
    let failure = picture.failure.to_string().to_uppercase();
    let size = size(picture, rows);
    let line = format!("{failure}  {}   {size}", picture.title);
    if textwrap::core::display_width(&line) <= look.width {
        let title = paint.paint(KEY, picture.title);
        return vec![format!("{}  {title}   {size}", paint.paint(ALARM, &failure))];
    }
    let mut lines = prose(&format!("{failure}  {}", picture.title), "", "  ", ALARM, look);
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
    if picture.minimal {
        size += "; no failure has fewer";
    }
    size
}

fn replay(Rerun { command, reproduced, tried }: &Rerun) -> String {
    match tried {
        0 => format!("replay: {command}"),
        _ => format!("replay: {command} (reproduced {reproduced} of {tried})"),
    }
}

fn told(told: &Told, look: Look) -> Vec<String> {
    let mut lines = prose(&told.summary, "", "", KEY, look);
    for fact in &told.facts {
        lines.extend(prose(&fact.words, "  ", "    ", Style::new(), look));
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
    textwrap::wrap(text, options).iter().map(|line| paint.paint(style, line)).collect()
}
