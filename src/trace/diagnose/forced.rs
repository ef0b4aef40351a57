//! Locks that were taken away from the thread that held them.

use super::Fact;
use crate::trace::words::Words;
use crate::trace::{Replay, Trace};
use crate::world::{LockId, LockOp, Op, Outcome, ThreadId};

/// A release of a lock by another thread than the one that held it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Forced {
    /// The index of the release.
    pub(super) step: usize,
    lock: LockId,
    /// Who held the lock.
    holder: ThreadId,
}

/// What to change where locks were taken away from those who held them, and what that would do.
pub(super) fn remedy(effect: &str) -> String {
    format!(
        "If only the thread that took a lock released it, {effect}. Where releases by others are meant to \
         break up deadlocks: locks that are taken in one fixed order prevent those."
    )
}

impl Forced {
    /// All such releases.
    pub(super) fn find_all(trace: &Trace) -> Vec<Self> {
        let mut found = Vec::new();
        let mut replay = Replay::new(trace);
        while let Some(step) = replay.next_step() {
            if let (Op::Lock(lock, LockOp::Release), Outcome::Done) = (step.op, step.outcome)
                && let Some(holder) = replay.world().holder(lock).filter(|&h| h != step.thread)
            {
                found.push(Self { step: replay.at(), lock, holder });
            }
            replay.advance();
        }
        found
    }

    pub(super) fn tell(self, words: &Words<'_>) -> Fact {
        let step = &words.trace.steps[self.step];
        let (who, holder) = (words.thread(step.thread), words.thread(self.holder));
        let lock = words.trace.names.of(self.lock);
        let line = format!("{who} released {lock} {}, which {holder} held", words.at(self.step));
        Fact::new(line, [self.step])
    }
}
