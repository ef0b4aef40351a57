//! A check whose answer was no longer so when the thread acted on it.

use super::Fact;
use crate::trace::Trace;
use crate::trace::updates::store_behind;
use crate::trace::words::{Words, grouped};
use crate::world::{CellOp, Op, Outcome};

/// A thread read a value, another one changed it, and the first went on and wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The index of the step by which the thread read.
    pub read: usize,
    /// The index of the step by which another one changed what had been read.
    pub changed: usize,
    /// The index of the step by which the first wrote, after that.
    pub wrote: usize,
}

impl Checked {
    /// The latest thing that whoever wrote what this load saw had read and that had been changed by then.
    pub(super) fn behind(trace: &Trace, load: usize) -> Option<Self> {
        let wrote = store_behind(trace, load)?;
        let thread = trace.steps[wrote].thread;
        let own = (0..wrote).rev().filter(|&at| trace.steps[at].thread == thread);
        own.filter_map(|read| Self::of(trace, read, wrote)).next()
    }

    fn of(trace: &Trace, read: usize, wrote: usize) -> Option<Self> {
        let step = &trace.steps[read];
        let (Op::Cell(cell, CellOp::Load), Outcome::Value(seen)) = (step.op, step.outcome) else {
            return None;
        };
        let later = trace.steps[read + 1..wrote].iter();
        let is_read_again = later.clone().any(|s| s.thread == step.thread && s.op == step.op);
        let changes = |at: &usize| match trace.steps[*at].op {
            Op::Cell(to, CellOp::Store(value)) => to == cell && value != seen,
            _ => false,
        };
        let changed = (read + 1..wrote).find(changes)?;
        let now = later.rev().find_map(|step| match step.op {
            Op::Cell(to, CellOp::Store(value)) if to == cell => Some(value),
            _ => None,
        });
        if now == Some(seen) {
            return None;
        }
        let by_another = trace.steps[changed].thread != step.thread;
        (by_another && !is_read_again).then_some(Self { read, changed, wrote })
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        vec![self.read, self.changed, self.wrote]
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Fact {
        let steps = &words.trace.steps;
        let [read, changed] = [self.read, self.changed].map(|at| &steps[at]);
        let value = match changed.op {
            Op::Cell(_, CellOp::Store(value)) => grouped(value),
            _ => String::new(),
        };
        let line = format!(
            "{} had read {} {}, and {} made it {value} {} before {} went on to {}",
            words.thread(read.thread),
            words.done(read),
            words.at(self.read),
            words.thread(changed.thread),
            words.at(self.changed),
            words.thread(read.thread),
            words.step(self.wrote),
        );
        Fact::new(line, self.key_steps())
    }
}
