//! Steps in few words.

use super::words::{Words, grouped, listed};
use super::{Follows, Step};
use crate::world::{CellId, CellOp, Op, Outcome};

/// A line for each step, but one for all updates that follow each other, and one for loads.
pub(super) fn briefly(words: &Words<'_>, steps: &[Step]) -> Vec<String> {
    let mut brief = Brief { words, lines: Vec::new(), updates: Vec::new(), loads: Vec::new() };
    for step in steps {
        brief.add(step);
    }
    brief.flush();
    brief.lines
}

struct Brief<'a> {
    words: &'a Words<'a>,
    lines: Vec<String>,
    updates: Vec<String>,
    loads: Vec<(CellId, i64)>,
}

impl Brief<'_> {
    fn add(&mut self, step: &Step) {
        match (step.op, step.outcome) {
            (Op::Cell(cell, CellOp::Load), Outcome::Value(value)) => self.loads.push((cell, value)),
            (Op::Cell(cell, CellOp::Store(stored)), _)
                if step.follows == Follows::Adds
                    && let Some((_, read)) = self.loads.pop_if(|(loaded, _)| *loaded == cell) =>
            {
                if !self.loads.is_empty() {
                    self.flush();
                }
                self.update(cell, stored.wrapping_sub(read));
            }
            _ => {
                self.flush();
                self.lines.push(self.words.done(step));
            }
        }
    }

    fn update(&mut self, cell: CellId, delta: i64) {
        let sign = if delta < 0 { "-=" } else { "+=" };
        let amount = grouped(delta);
        let name = self.words.names.of(cell);
        self.updates.push(format!("{name} {sign} {}", amount.trim_start_matches('-')));
    }

    fn flush(&mut self) {
        if !self.updates.is_empty() {
            self.lines.push(self.updates.join(", "));
            self.updates.clear();
        }
        if !self.loads.is_empty() {
            let loads = self.loads.drain(..);
            let names: Vec<&str> = loads.map(|(cell, _)| self.words.names.of(cell)).collect();
            self.lines.push(format!("read {}", listed(&names)));
        }
    }
}
