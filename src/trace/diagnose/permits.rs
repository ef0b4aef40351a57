//! Permits that were taken and not given back.

use super::Fact;
use crate::trace::Trace;
use crate::trace::words::Words;
use crate::world::{Op, Outcome, SemaphoreId, SemaphoreOp, ThreadId};

/// The latest step by which a thread took permits of a semaphore, where it has given none back since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    semaphore: SemaphoreId,
    thread: ThreadId,
    taken: usize,
}

impl Kept {
    /// Of every thread that keeps some.
    pub(super) fn find_all(trace: &Trace, semaphore: SemaphoreId) -> Vec<Self> {
        let mut kept: Vec<Self> = Vec::new();
        for (taken, step) in trace.steps.iter().enumerate() {
            let Op::Semaphore(id, deed) = step.op else { continue };
            if id != semaphore {
                continue;
            }
            let thread = step.thread;
            let takes = match deed {
                SemaphoreOp::Acquire(_) => true,
                SemaphoreOp::TryAcquire(_) => step.outcome == Outcome::Is(true),
                SemaphoreOp::AcquireTimeout(_) => step.outcome == Outcome::Acquired,
                SemaphoreOp::Release(_) => false,
            };
            if takes || matches!(deed, SemaphoreOp::Release(_)) {
                kept.retain(|kept| kept.thread != thread);
            }
            if takes {
                kept.push(Self { semaphore, thread, taken });
            }
        }
        kept
    }

    /// Whether its thread can give nothing back any more.
    pub(super) fn has_ended(&self, trace: &Trace) -> bool {
        trace.ends.iter().any(|end| end.thread == self.thread)
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Fact {
        let ended = self.has_ended(words.trace);
        let line = format!(
            "{} took from {} {}, {}gave nothing back",
            words.thread(self.thread),
            words.trace.names.of(self.semaphore),
            words.at(self.taken),
            if ended { "has ended, and " } else { "and " },
        );
        Fact::new(line, [self.taken])
    }
}
