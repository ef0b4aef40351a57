//! An event that was raised, and lowered before anybody who waits for it came.

use super::Fact;
use crate::trace::Trace;
use crate::trace::words::Words;
use crate::world::{EventId, EventOp, Op};

/// The latest set of an event, and the clear that came after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LostWakeup {
    event: EventId,
    set: usize,
    cleared: usize,
}

impl LostWakeup {
    pub(super) fn find(trace: &Trace, event: EventId) -> Option<Self> {
        let latest = |op| trace.steps.iter().rposition(|step| step.op == Op::Event(event, op));
        let (set, cleared) = (latest(EventOp::Set)?, latest(EventOp::Clear)?);
        let between = trace.steps.get(set..cleared)?;
        let wakes = between.iter().any(|step| step.op == Op::Event(event, EventOp::Wait));
        (!wakes).then_some(Self { event, set, cleared })
    }

    pub(super) fn summary(&self, words: &Words<'_>) -> String {
        format!(
            "A wake-up was lost: the set of {} at {} came before the clear at {}.",
            words.trace.names.of(self.event),
            words.step(self.set),
            words.step(self.cleared),
        )
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Fact {
        let [set, cleared] = [self.set, self.cleared].map(|at| words.trace.steps[at].thread);
        let line = format!(
            "{} set {} {}, {} cleared it {}, and nobody has set it since",
            words.thread(set),
            words.trace.names.of(self.event),
            words.at(self.set),
            words.thread(cleared),
            words.at(self.cleared),
        );
        Fact::new(line, [self.set, self.cleared])
    }
}
