//! Folds what does not matter to the failure.

use super::brief::briefly;
use super::rows::{Row, Rows, Said, Status};
use super::words::{Words, counted, listed};
use super::{Step, Told, Trace};
use crate::world::ThreadId;
use std::collections::HashSet;
use textwrap::core::display_width;

/// A table of so few rows is shown whole.
const SHORT: usize = 16;

/// An account of folded steps longer than this is cut down to what they do but read.
const LONGEST_ACCOUNT: usize = 60;

/// One that is longer than this, to what they change.
const LONGEST_COUNTED: usize = 120;

impl Rows {
    /// Makes one row of steps that a thread does one after the other, if the table is long and the
    /// failure does not come down to them. Whether it did.
    pub(super) fn fold(&mut self, trace: &Trace, told: &Told) -> bool {
        let unfolded = self.rows.len();
        if unfolded <= SHORT {
            return false;
        }
        let words = Words::new(trace);
        let rows = std::mem::take(&mut self.rows);
        let cited: HashSet<usize> = told.facts.iter().flat_map(|fact| fact.steps.clone()).collect();
        let mover = |row: &Row| row.mover(trace, &cited);
        let together = |a: &Row, b: &Row| mover(a).is_some() && mover(a) == mover(b);
        for run in rows.chunk_by(together) {
            match run {
                [] => {}
                [one] => self.rows.push(one.clone()),
                [first, .., last] => self.rows.push(folded(&words, run, first, last)),
            }
        }
        self.rows.len() < unfolded
    }
}

impl Row {
    /// Who did the one step of this row, if the row can be folded: nothing that is said is about it.
    fn mover(&self, trace: &Trace, cited: &HashSet<usize>) -> Option<ThreadId> {
        let plain = self.status == Status::Success && !self.key && !self.no_return;
        let step = self.step.filter(|step| plain && !cited.contains(step))?;
        matches!(self.said, Said::By(_)).then(|| trace.steps[step].thread)
    }
}

fn folded(words: &Words<'_>, run: &[Row], first: &Row, last: &Row) -> Row {
    let steps: Vec<Step> =
        run.iter().filter_map(|row| Some(words.trace.steps[row.step?])).collect();
    let said = account(words, &steps);
    let latest = |at: usize| run.iter().rev().find_map(|row| *row.values.get(at)?);
    Row {
        numbers: first.numbers.zip(last.numbers).map(|((first, _), (_, last))| (first, last)),
        said: Said::By(vec![(steps[0].thread, said)]),
        values: (0..first.values.len()).map(latest).collect(),
        step: None,
        ..first.clone()
    }
}

fn account(words: &Words<'_>, steps: &[Step]) -> String {
    let whole = briefly(words, steps);
    let account = whole.join(", ");
    if display_width(&account) <= LONGEST_ACCOUNT {
        return account;
    }
    let counted = counted(steps.len(), "step");
    let is_change = |line: &String| line.contains("-=") || line.contains("+=");
    let changes: Vec<String> = whole.iter().filter(|line| is_change(line)).cloned().collect();
    let told = whole.into_iter().filter(|line| !line.starts_with("read ")).collect();
    let all = format!("{counted} with {}", merged(told).join(", "));
    if display_width(&all) <= LONGEST_COUNTED {
        return all;
    }
    let account = format!("{counted} with {} and more", changes.join(", "));
    let fits = !changes.is_empty() && display_width(&account) <= LONGEST_ACCOUNT;
    if fits { account } else { counted }
}

/// What is done to one thing after the other in one piece, as in "release a and b".
fn merged(lines: Vec<String>) -> Vec<String> {
    const DEEDS: [&str; 2] = ["acquire ", "release "];
    let deed =
        |line: &str| DEEDS.into_iter().find(|deed| line.starts_with(deed) && !line.contains(": "));
    let together = |a: &String, b: &String| deed(a).is_some() && deed(a) == deed(b);
    let merge = |run: &[String]| match deed(&run[0]) {
        Some(deed) => {
            let names: Vec<&str> = run.iter().map(|line| &line[deed.len()..]).collect();
            format!("{deed}{}", listed(&names))
        }
        None => run[0].clone(),
    };
    lines.chunk_by(together).map(merge).collect()
}
