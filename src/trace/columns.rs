//! How wide each column of the table is, and what is left out where there is no room.

use super::rows::{Row, Rows, Said};
use super::words::grouped;
use crate::trace::Trace;
use crate::world::{Object, ThreadId};
use textwrap::core::display_width;

/// The space between columns.
pub(super) const GAP: usize = 2;

/// An operation longer than this may be broken over lines.
const ROOM_FOR_AN_OPERATION: usize = 20;

/// A column of operations is never wider than this; only a panic's message would need it to be.
const WIDEST: usize = 40;

/// The widths of the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    pub(super) number: usize,
    pub(super) status: usize,
    pub(super) body: Body,
}

/// The columns to the right of the status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// A column for each thread, and one for each value if there is room.
    Lanes { lanes: Vec<usize>, values: Option<Vec<usize>> },
    /// One column for the thread's name, and one for what it does.
    List { thread: usize, what: usize },
}

impl Columns {
    pub(super) fn fit(trace: &Trace, rows: &Rows, width: usize) -> Self {
        let number = widest(rows.rows.iter().map(|row| display_width(&number_of(row))));
        let status = widest(rows.rows.iter().map(|row| display_width(row.status.words())));
        let used = 2 + number + GAP + status;
        let left = width.saturating_sub(used);
        let values = values(trace, rows);
        let for_values: usize = values.iter().map(|value| value + GAP).sum();
        let with_values = || lanes(trace, rows, left.checked_sub(for_values)?);
        let body = match with_values() {
            Some(lanes) => Body::Lanes { lanes, values: Some(values) },
            None => match lanes(trace, rows, left) {
                Some(lanes) => Body::Lanes { lanes, values: None },
                None => list(trace, rows, left),
            },
        };
        Self { number, status, body }
    }

    /// Where the columns to the right of the status begin.
    pub(super) fn indent(&self) -> usize {
        2 + self.number + GAP + self.status + GAP
    }
}

/// The numbers of the steps in a row.
pub(super) fn number_of(row: &Row) -> String {
    match row.numbers {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
        None => "–".to_owned(),
    }
}

fn widest(widths: impl Iterator<Item = usize>) -> usize {
    widths.max().unwrap_or(0)
}

fn values(trace: &Trace, rows: &Rows) -> Vec<usize> {
    let column = |(at, &object): (usize, &Object)| {
        let values = rows.rows.iter().filter_map(|row| row.values[at]);
        widest(values.map(|value| grouped(value).len()))
            .max(display_width(trace.names.name(object)))
    };
    rows.counted.iter().enumerate().map(column).collect()
}

/// The columns of the threads, if they have room: as wide as their operations, then wider as long
/// as that saves breaking a line.
fn lanes(trace: &Trace, rows: &Rows, left: usize) -> Option<Vec<usize>> {
    let wanted: Vec<(usize, usize)> =
        rows.lanes.iter().map(|&lane| lane_widths(trace, rows, lane)).collect();
    let least: usize = wanted.iter().map(|(least, _)| least + GAP).sum();
    let mut spare = left.checked_sub(least)?;
    let widen = |(least, best): (usize, usize)| {
        let more = spare.min(best - least);
        spare -= more;
        least + more
    };
    Some(wanted.into_iter().map(widen).collect())
}

/// The least and the best width of a thread's column.
fn lane_widths(trace: &Trace, rows: &Rows, lane: ThreadId) -> (usize, usize) {
    let name = display_width(trace.names.thread(lane));
    let (mut least, mut best) = (name, name);
    for row in &rows.rows {
        for said in row.by(lane) {
            let whole = display_width(said);
            best = best.max(whole);
            let parts = said.split(", ").map(|part| display_width(part) + 1);
            least = least.max(if said.contains(", ") { widest(parts) } else { whole });
        }
    }
    (least.min(ROOM_FOR_AN_OPERATION), best.clamp(least.min(ROOM_FOR_AN_OPERATION), WIDEST))
}

fn list(trace: &Trace, rows: &Rows, left: usize) -> Body {
    let names = rows.lanes.iter().map(|&lane| display_width(trace.names.thread(lane)));
    let left = left.saturating_sub(2 * GAP);
    let thread = widest(names).min(left / 2).max(1);
    Body::List { thread, what: left.saturating_sub(thread).max(1) }
}

impl Row {
    /// What a thread does in this row.
    pub(super) fn by(&self, lane: ThreadId) -> impl Iterator<Item = &str> {
        let by: &[(ThreadId, String)] = match &self.said {
            Said::By(by) => by,
            Said::Plainly(_) => &[],
        };
        by.iter().filter(move |(thread, _)| *thread == lane).map(|(_, said)| said.as_str())
    }
}
