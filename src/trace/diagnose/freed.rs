//! Who freed the memory that a thread then used, or freed again.

use super::{Fact, Told};
use crate::trace::Trace;
use crate::trace::words::Words;
use crate::world::{AllocationId, AllocationOp, Op, Outcome, ThreadId};

/// What a thread panics with that uses a primitive in memory that is freed.
pub(crate) const USE_AFTER_FREE: &str = "use after free";

/// What one panics with that frees memory again.
pub(crate) const DOUBLE_FREE: &str = "double free";

/// A thread used memory that was freed, or freed it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freed {
    /// The thread.
    pub thread: ThreadId,
    /// The memory.
    pub memory: AllocationId,
    /// The index of its step.
    pub used: usize,
    /// Whether it frees the memory.
    pub is_free: bool,
    /// The index of the step by which it had been freed.
    pub freed: usize,
}

impl Freed {
    /// The last such step of a thread before this one, if there is any.
    pub(super) fn before(trace: &Trace, thread: ThreadId, after: usize) -> Option<Self> {
        let steps = &trace.steps[..after];
        let is_gone =
            |at: &usize| steps[*at].thread == thread && steps[*at].outcome == Outcome::Gone;
        let used = (0..after).rev().filter(is_gone).find_map(|at| match steps[at].op {
            Op::Allocation(memory, deed) => Some((at, memory, deed == AllocationOp::Free)),
            _ => None,
        });
        let (used, memory, is_free) = used?;
        let frees = Op::Allocation(memory, AllocationOp::Free);
        let freed = steps[..used].iter().position(|step| step.op == frees)?;
        Some(Self { thread, memory, used, is_free, freed })
    }

    pub(super) fn key_steps(&self) -> [usize; 2] {
        [self.freed, self.used]
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let trace = words.trace;
        let memory = trace.names.of(self.memory);
        let [thread, by] = [self.thread, trace.steps[self.freed].thread].map(|it| words.thread(it));
        let [used, freed] = [self.used, self.freed].map(|at| words.step(at));
        let uses = if self.is_free { "freed" } else { "used" };
        let summary = format!("It {uses} {memory} at {used}, which {by} had freed at {freed}.");
        let facts = vec![
            Fact::new(format!("{by} had freed {memory} at {freed}"), [self.freed]),
            Fact::new(format!("{thread} {uses} it at {used}"), [self.used]),
        ];
        let is_another = trace.steps[self.freed].thread != self.thread;
        let remedy = is_another.then(|| match self.is_free {
            true => format!(
                "A swap or an exchange that takes the pointer to {memory} out hands it to one thread alone, which may free it."
            ),
            false => format!(
                "If {memory} were freed only once no other thread could have a pointer to it, this could not happen."
            ),
        });
        Told { summary, facts, remedy }
    }
}
