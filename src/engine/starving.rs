//! Who gets no further in a cycle that need not last.

use super::{Found, Report};
use crate::trace::kept_out;

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
        let all = kept_out(&self.trace, self.repeats_from?).is_empty();
        Some(if all { Starving::AllTry } else { Starving::SomeKeptOut })
    }
}
