//! A line of the table.

use ::tellers::thousands;
use comfy_table::presets::UTF8_HORIZONTAL_ONLY;
use comfy_table::{CellAlignment, Table};
use std::time::Duration;

/// What an engine made of a program.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) program: String,
    pub(super) engine: &'static str,
    /// How often it ran the program; nothing for an engine that runs none.
    pub(super) runs: Option<u64>,
    /// How many states it visited; nothing for an engine that keeps none.
    pub(super) states: Option<u64>,
    pub(super) time: Option<Duration>,
    /// What else there is to say.
    pub(super) note: String,
    pub(super) criteria: Vec<Criterion>,
}

/// What is asked of a row.
#[derive(Clone, Debug)]
pub(super) struct Criterion {
    what: String,
    met: bool,
}

impl Row {
    /// A line in which nothing has been measured yet.
    pub(super) fn new(program: impl Into<String>, engine: &'static str) -> Self {
        let (program, note) = (program.into(), String::new());
        Self { program, engine, runs: None, states: None, time: None, note, criteria: Vec::new() }
    }

    /// The same line, of which this is asked.
    pub(super) fn asked(mut self, what: impl Into<String>, met: bool) -> Self {
        self.criteria.push(Criterion { what: what.into(), met });
        self
    }

    /// The same line, of which it is asked that it took less than that.
    pub(super) fn within(self, limit: Duration) -> Self {
        let met = self.time.is_some_and(|time| time < limit);
        self.asked(format!("under {limit:?}"), met)
    }

    /// The same line, of which it is asked that it was so many times faster than another.
    pub(super) fn faster(self, times: f64, than: &Self) -> Self {
        let Some(ratio) = self.ratio(than) else { return self };
        let what = format!("{times} × faster than {}: {ratio:.1} ×", than.engine);
        self.asked(what, ratio >= times)
    }

    fn ratio(&self, than: &Self) -> Option<f64> {
        Some(than.time?.as_secs_f64() / self.time?.as_secs_f64())
    }
}

/// The lines as a table.
pub(super) fn table(rows: &[Row]) -> Table {
    let mut table = plain(["program", "engine", "runs", "states", "time", "", "criterion", "met"]);
    for row in rows {
        let each =
            |f: fn(&Criterion) -> &str| row.criteria.iter().map(f).collect::<Vec<_>>().join("\n");
        table.add_row([
            row.program.clone(),
            row.engine.to_owned(),
            row.runs.map_or_else(String::new, number),
            row.states.map_or_else(String::new, number),
            row.time.map_or_else(String::new, milliseconds),
            row.note.clone(),
            each(|criterion| &criterion.what),
            each(|criterion| if criterion.met { "yes" } else { "NO" }),
        ]);
    }
    align_right(&mut table, 2..5);
    table
}

/// An empty table with these titles.
pub(super) fn plain<const N: usize>(titles: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY).set_header(titles);
    table
}

/// Numbers stand under numbers.
pub(super) fn align_right(table: &mut Table, columns: impl IntoIterator<Item = usize>) {
    for column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

pub(super) fn number(number: u64) -> String {
    thousands(number.try_into().unwrap_or(i64::MAX))
}

pub(super) fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", 1e3 * time.as_secs_f64())
}
