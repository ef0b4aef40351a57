//! The table of an interleaving, laid out in columns.

use super::columns::{Body, Columns, GAP, number_of};
use super::paint::{ALARM, FAINT, KEY, Paint};
use super::rows::{Row, Rows, Said, Status};
use super::words::grouped;
use super::{Look, Trace};
use crate::world::Object;
use anstyle::Style;
use textwrap::WordSplitter;
use textwrap::core::display_width;

/// Draws the rows, a line or more for each.
pub(super) fn draw(trace: &Trace, rows: &Rows, look: Look) -> Vec<String> {
    let columns = Columns::fit(trace, rows, look.width);
    let marks = marks_help(rows);
    let table = Table { trace, rows, columns, look, paint: Paint { on: look.colour }, marks };
    let mut lines = table.head();
    for row in &rows.rows {
        lines.extend(table.row(row));
    }
    lines
}

/// A mark on every step would tell nothing.
pub(super) fn marks_help(rows: &Rows) -> bool {
    let steps = || rows.rows.iter().filter(|row| row.numbers.is_some());
    steps().any(|row| row.key) && steps().any(|row| !row.key && row.status == Status::Success)
}

struct Table<'a> {
    trace: &'a Trace,
    rows: &'a Rows,
    columns: Columns,
    look: Look,
    paint: Paint,
    marks: bool,
}

/// A piece of a line: how wide its column is, on which side it is filled up, and its style.
struct Piece {
    text: String,
    width: usize,
    right: bool,
    style: Style,
}

impl Table<'_> {
    fn head(&self) -> Vec<String> {
        let names = &self.trace.names;
        let mut lines = Vec::new();
        if !matches!(self.columns.body, Body::Lanes { values: Some(_), .. }) || self.starts_later()
        {
            lines.extend(self.first_values());
        }
        let mut line = vec![
            left(String::new(), self.columns.number, FAINT),
            left("status".into(), self.columns.status, FAINT),
        ];
        match &self.columns.body {
            Body::Lanes { lanes, values } => {
                for (&lane, &width) in self.rows.lanes.iter().zip(lanes) {
                    line.push(left(names.thread(lane).into(), width, KEY));
                }
                for (&object, &width) in self.rows.counted.iter().zip(values.iter().flatten()) {
                    line.push(right(names.name(object).to_owned(), width, KEY));
                }
            }
            &Body::List { thread, what } => {
                line.push(left("thread".into(), thread, FAINT));
                line.push(left("step".into(), what, FAINT));
            }
        }
        lines.extend(self.wrapped("  ", &line));
        lines
    }

    /// Whether the first row with values shows no more what they were at first.
    fn starts_later(&self) -> bool {
        let first = self.rows.rows.iter().find(|row| row.values.iter().any(Option::is_some));
        first.is_some_and(|row| {
            let mut values = self.rows.counted.iter().zip(&row.values);
            let is_other = |(&object, value): (&Object, &Option<i64>)| {
                value.is_some() && self.trace.initial.shown(object).number() != *value
            };
            row.numbers.is_some_and(|(first, last)| first != last) || values.any(is_other)
        })
    }

    /// The first values of the cells, where no row shows them.
    fn first_values(&self) -> Vec<String> {
        let Trace { names, initial, .. } = self.trace;
        let first = |&object: &Object| {
            let value = initial.shown(object).number()?;
            Some(format!("{} = {}", names.name(object), grouped(value)))
        };
        let values: Vec<String> = self.rows.counted.iter().filter_map(first).collect();
        if values.is_empty() {
            return Vec::new();
        }
        let line = format!("at first {}", values.join(", "));
        textwrap::wrap(&line, self.look.width).into_iter().map(Into::into).collect()
    }

    fn row(&self, row: &Row) -> Vec<String> {
        let gutter = if row.key && self.marks { "▸ " } else { "  " };
        let mut lines = match (&row.said, &self.columns.body) {
            (Said::Plainly(said), _) => self.plain(gutter, row, said),
            (Said::By(_), Body::Lanes { lanes, values }) => {
                self.lanes(gutter, row, lanes, values.as_deref().unwrap_or_default())
            }
            (Said::By(by), &Body::List { thread, what }) => by
                .iter()
                .flat_map(|(who, said)| {
                    let mut line = self.start(row);
                    line.push(left(self.trace.names.thread(*who).into(), thread, KEY));
                    line.push(left(said.clone(), what, self.style(row)));
                    self.wrapped(gutter, &line)
                })
                .collect(),
        };
        if row.no_return {
            lines.extend(self.no_return());
        }
        lines
    }

    fn start(&self, row: &Row) -> Vec<Piece> {
        vec![
            right(number_of(row), self.columns.number, FAINT),
            left(row.status.words().into(), self.columns.status, row.status.style()),
        ]
    }

    fn style(&self, row: &Row) -> Style {
        match row.status {
            Status::CannotReach => FAINT,
            Status::Blocked | Status::Races | Status::Error | Status::Panicked => KEY,
            _ if row.key => KEY,
            _ => Style::new(),
        }
    }

    fn plain(&self, gutter: &str, row: &Row, said: &str) -> Vec<String> {
        let mut line = self.start(row);
        let width = self.look.width.saturating_sub(self.columns.indent());
        line.push(left(said.into(), width, self.style(row)));
        self.wrapped(gutter, &line)
    }

    fn lanes(&self, gutter: &str, row: &Row, lanes: &[usize], values: &[usize]) -> Vec<String> {
        let mut line = self.start(row);
        for (&lane, &width) in self.rows.lanes.iter().zip(lanes) {
            let said = row.by(lane).next().unwrap_or_default();
            line.push(left(said.into(), width, self.style(row)));
        }
        for (value, &width) in row.values.iter().zip(values) {
            let value = value.map(grouped).unwrap_or_default();
            line.push(right(value, width, Style::new()));
        }
        self.wrapped(gutter, &line)
    }

    /// A line of its own below the row after which it is so.
    fn no_return(&self) -> Vec<String> {
        let number = self.columns.number;
        let width = self.look.width.saturating_sub(2 + number + GAP);
        self.wrapped(
            "  ",
            &[right("–".into(), number, FAINT), left(self.rows.no_return.clone(), width, ALARM)],
        )
    }

    /// The lines of a row, each piece broken to the width of its column.
    fn wrapped(&self, gutter: &str, pieces: &[Piece]) -> Vec<String> {
        let broken: Vec<Vec<String>> =
            pieces.iter().map(|piece| broken(&piece.text, piece.width)).collect();
        let height = broken.iter().map(Vec::len).max().unwrap_or(0);
        (0..height)
            .map(|i| {
                let gutter = if i == 0 { gutter } else { "  " };
                let mut line = self.paint.paint(ALARM, gutter.trim_end());
                let mut fill = 2 - display_width(gutter.trim_end());
                for (piece, broken) in pieces.iter().zip(&broken) {
                    let text = broken.get(i).map_or("", String::as_str);
                    let missing = piece.width.saturating_sub(display_width(text));
                    let (before, after) = if piece.right { (missing, 0) } else { (0, missing) };
                    if !text.is_empty() {
                        line += &" ".repeat(fill + before);
                        line += &self.paint.paint(piece.style, text);
                        fill = 0;
                    } else {
                        fill += before;
                    }
                    fill += after + GAP;
                }
                line
            })
            .collect()
    }
}

fn left(text: String, width: usize, style: Style) -> Piece {
    Piece { text, width, right: false, style }
}

fn right(text: String, width: usize, style: Style) -> Piece {
    Piece { text, width, right: true, style }
}

/// Breaks a text at its commas if that is enough, and else where it must.
fn broken(text: &str, width: usize) -> Vec<String> {
    const NO_BREAK: &str = "\u{a0}";
    let options = textwrap::Options::new(width).word_splitter(WordSplitter::NoHyphenation);
    let parts: Vec<&str> = text.split(", ").collect();
    if parts.iter().any(|part| display_width(part) >= width) {
        return textwrap::wrap(text, options).into_iter().map(Into::into).collect();
    }
    let parts: Vec<String> = parts.iter().map(|part| part.replace(' ', NO_BREAK)).collect();
    let joined = parts.join(", ");
    let lines = textwrap::wrap(&joined, options);
    lines.iter().map(|line| line.replace(NO_BREAK, " ")).collect()
}
