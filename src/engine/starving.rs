//! Who gets no further in a cycle that need not last.

use super::{Found, Report};
use crate::trace::Replay;

/// How threads can go round for ever, though they need not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starving {
    /// All that can move do, over and over, and none gets any further.
    ///
    /// Known as a livelock to CHESS (Musuvathi and Qadeer, "Fair Stateless Model Checking", PLDI 2008): it takes
    /// no unfair scheduler, only bad luck.
    AllTry,
    /// Some that could move are never given a turn.
    SomeKeptOut,
}

impl<R> Report<R> {
    /// How the program may starve, where that is known: to be asserted against where it must not.
    ///
    /// ```
    /// let report = tellers::check(|| tellers::sync::Lock::new().acquire());
    /// assert_eq!(report.starving(), None);
    /// ```
    pub fn starving(&self) -> Option<Starving> {
        self.proof.as_ref()?.starvation.as_ref()?.starving()
    }
}

impl Found {
    /// What kind of cycle it ends in, if it does.
    pub(crate) fn starving(&self) -> Option<Starving> {
        let round = self.trace.steps.get(self.repeats_from?..)?;
        let mut replay = Replay::new(&self.trace);
        while replay.advance().is_some() {}
        let world = replay.world();
        let moves = |thread| round.iter().any(|step| step.thread == thread);
        let mut able = self.trace.pending.iter().filter(|pending| world.enabled(pending.op));
        let all = able.all(|pending| moves(pending.thread));
        Some(if all { Starving::AllTry } else { Starving::SomeKeptOut })
    }
}
