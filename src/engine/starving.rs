//! Who gets no further in a cycle that need not last.

use super::{Found, Report};
use crate::trace::kept_out;

/// How threads can go round for ever, though they need not.
///
/// ```
/// # use tellers::engine::Engine;
/// # if Engine::of_this_build()[0] == Engine::Product {
/// use std::sync::Arc;
/// use tellers::engine::Starving;
/// use tellers::sync::{Event, thread};
///
/// let report = tellers::check(|| {
///     let opening = Arc::new(Event::named("opening"));
///     let theirs = Arc::clone(&opening);
///     let teller = thread::spawn(move || theirs.set());
///     while !opening.is_set() {
///         thread::yield_now();
///     }
///     teller.join().unwrap();
/// });
/// assert_eq!(report.starving(), Some(Starving::SomeKeptOut));
/// # }
/// ```
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
