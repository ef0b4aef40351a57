//! What a thread had read when it panicked.

use super::lost_update::{Lost, losses};
use super::{Fact, Told};
use crate::trace::Trace;
use crate::trace::updates::Updates;
use crate::trace::words::{Words, in_one_line};
use crate::world::{CellOp, Op, Outcome, ThreadId};

/// A panic ended a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    /// The thread.
    pub thread: ThreadId,
    /// What the panic said, and where.
    pub message: String,
    /// The indices of the steps by which the thread last learned something of each cell, event,
    /// lock and thread.
    pub saw: Vec<usize>,
    /// The lost updates that it saw the consequence of.
    pub losses: Vec<Lost>,
}

impl Panicked {
    pub(super) fn find(trace: &Trace) -> Option<Self> {
        let end = trace.ends.iter().find(|end| end.panic.is_some())?;
        let (thread, message) = (end.thread, end.panic.clone()?);
        let mut known = Vec::new();
        let mut saw = Vec::new();
        for (at, step) in trace.steps[..end.after].iter().enumerate().rev() {
            if step.thread == thread && is_question(step.op) && !known.contains(&step.op) {
                known.push(step.op);
                saw.push(at);
            }
        }
        saw.reverse();
        let losses = losses_in(trace, &saw);
        Some(Self { thread, message, saw, losses })
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        let lost = self.losses.iter().flat_map(Lost::key_steps);
        self.saw.iter().copied().chain(lost).collect()
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let thread = words.thread(self.thread);
        let mut facts: Vec<Fact> = self.saw.iter().map(|&at| self.seen(at, words)).collect();
        let mut summary = format!("{thread} panicked: {}", in_one_line(&self.message));
        if let Some(lost) = self.losses.first() {
            summary =
                format!("{summary}. Before that, an update was lost: {}", lost.summary(words));
            facts.extend(lost.facts(words));
        }
        let remedy = self.losses.first().map(|lost| lost.remedy(words));
        Told { summary, facts, remedy }
    }

    /// What the thread had seen, and who had made it so.
    fn seen(&self, at: usize, words: &Words<'_>) -> Fact {
        let steps = &words.trace.steps;
        let step = &steps[at];
        let thread = words.thread(self.thread);
        let line =
            format!("{thread} had seen {} {}", words.done(step.op, step.outcome), words.at(at));
        let (Op::Cell(cell, CellOp::Load), Outcome::Value(seen)) = (step.op, step.outcome) else {
            return Fact::new(line, [at]);
        };
        match steps[..at].iter().rposition(|step| step.op == Op::Cell(cell, CellOp::Store(seen))) {
            Some(store) if steps[store].thread != self.thread => {
                let writer = words.thread(steps[store].thread);
                Fact::new(format!("{line}, written by {writer} {}", words.at(store)), [at, store])
            }
            _ => Fact::new(line, [at]),
        }
    }
}

/// The lost updates that these loads saw the consequence of: nobody wrote the cell since, but by
/// adding to what was there.
fn losses_in(trace: &Trace, loads: &[usize]) -> Vec<Lost> {
    let Updates { updates, .. } = Updates::of(trace);
    let is_update = |store| updates.iter().any(|update| update.store == store);
    let saw = |lost: &Lost, load: usize| {
        let cell = lost.update.cell;
        let mut since = lost.update.store + 1..load;
        let writes = |&at: &usize| matches!(trace.steps[at].op, Op::Cell(to, CellOp::Store(_)) if to == cell);
        let kept = since.all(|at| !writes(&at) || is_update(at));
        trace.steps[load].op == Op::Cell(cell, CellOp::Load) && lost.update.store < load && kept
    };
    let seen = |lost: &Lost| loads.iter().any(|&load| saw(lost, load));
    losses(trace, &updates).into_iter().filter(seen).collect()
}

/// Whether an operation changes nothing and is there for its answer.
fn is_question(op: Op) -> bool {
    op.asks() || matches!(op, Op::Cell(_, CellOp::Load))
}
