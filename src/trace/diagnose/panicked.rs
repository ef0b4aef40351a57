//! What a thread had read when it panicked.

use super::{Fact, Told};
use crate::trace::Trace;
use crate::trace::words::{Words, in_one_line};
use crate::world::{Op, ThreadId};

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
        Some(Self { thread, message, saw })
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let thread = words.thread(self.thread);
        let facts = self
            .saw
            .iter()
            .map(|&at| {
                let step = &words.trace.steps[at];
                let line = format!(
                    "{thread} had seen {} {}",
                    words.done(step.op, step.outcome),
                    words.at(at)
                );
                Fact::new(line, [at])
            })
            .collect();
        let summary = format!("{thread} panicked: {}", in_one_line(&self.message));
        Told { summary, facts, remedy: None }
    }
}

/// Whether an operation changes nothing and is there for its answer.
fn is_question(op: Op) -> bool {
    matches!(op, Op::Load(_) | Op::IsSet(_) | Op::Locked(_) | Op::IsFinished(_))
}
