//! Loads that a weak memory model let see an old value.

use super::Fact;
use crate::trace::words::{Words, grouped};
use crate::trace::{Replay, Trace};
use crate::world::{CellId, CellOp, Op, Outcome};

/// A load that did not see the latest store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stale {
    /// The index of the load's step.
    pub load: usize,
    /// The cell.
    pub cell: CellId,
    /// The value that it answered.
    pub seen: i64,
    /// The index of the latest store before it, which it did not see.
    pub unseen: usize,
    /// The value of that store.
    pub latest: i64,
}

impl Stale {
    pub(super) fn find_all(trace: &Trace) -> Vec<Self> {
        let mut found = Vec::new();
        let mut replay = Replay::new(trace);
        while let Some(step) = replay.next_step() {
            let load = replay.at();
            let answer = replay.advance();
            if let (
                Op::Cell(cell, CellOp::Load),
                Outcome::Value(seen),
                Some(Outcome::Value(latest)),
            ) = (step.op, step.outcome, answer)
                && seen != latest
                && let Some(unseen) = last_store(trace, cell, load)
            {
                found.push(Self { load, cell, seen, unseen, latest });
            }
        }
        found
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Fact {
        let trace = words.trace;
        let (reader, writer) = (trace.steps[self.load].thread, trace.steps[self.unseen].thread);
        let unseen = match reader == writer {
            false => {
                format!("it did not see {}'s {} yet", words.thread(writer), grouped(self.latest))
            }
            true => format!("its own {} reached memory before that", grouped(self.latest)),
        };
        let line = format!(
            "{} read the old {} = {} {}: {unseen} {}. The memory model allows that; no sequentially consistent run shows it",
            words.thread(reader),
            trace.names.of(self.cell),
            grouped(self.seen),
            words.at(self.load),
            words.at(self.unseen),
        );
        Fact::new(line, [self.load, self.unseen])
    }
}

fn last_store(trace: &Trace, cell: CellId, before: usize) -> Option<usize> {
    trace.steps[..before]
        .iter()
        .rposition(|step| matches!(step.op, Op::Cell(stored, CellOp::Store(_)) if stored == cell))
}
