//! A program to be checked.

use super::{Conclusion, Ending, Failure, Watch};
use crate::supervisor::{Crash, STUCK_AFTER, supervised};
use crate::sync::backend;
use crate::sync::refusal::Refusal;
use crate::trace::Place;
use std::sync::Arc;
use std::time::Duration;

/// A closure over [`sync`](crate::sync), and what counts as a failure of it.
#[derive(Clone)]
pub struct Program<R> {
    pub(crate) body: Arc<dyn Fn() -> R + Send + Sync>,
    pub(crate) judge: fn(&Ending<R>) -> Vec<Failure>,
    pub(crate) watch: Watch,
    pub(crate) stuck_after: Duration,
    /// Why the search under way has to end, if it has.
    pub(crate) refusal: Refusal,
    /// What it is known by, should it end the process.
    at: Place,
}

impl<R> Program<R> {
    /// A program that fails when it deadlocks or when a thread panics. It is known by the place of the
    /// call.
    #[track_caller]
    pub fn new(body: impl Fn() -> R + Send + Sync + 'static) -> Self {
        Self {
            body: Arc::new(body),
            judge: deadlock_or_panic,
            watch: Watch::default(),
            stuck_after: STUCK_AFTER,
            refusal: Refusal::default(),
            at: Place::caller(),
        }
    }

    /// The same program, judged in another way: `judge` says in which ways an ending is a failure.
    #[must_use]
    pub fn judged_by(self, judge: fn(&Ending<R>) -> Vec<Failure>) -> Self {
        Self { judge, ..self }
    }

    /// The same program; whoever checks it tells `watch`, and stops when that says so.
    #[must_use]
    pub fn watched_by(self, watch: Watch) -> Self {
        Self { watch, ..self }
    }

    /// The same program; whoever checks it stops after this time.
    pub(crate) fn within(self, time: Option<Duration>) -> Self {
        Self { watch: self.watch.within(time), ..self }
    }

    /// The same program; whoever checks it gives up when one of its threads comes to no operation for so
    /// long. That is 10 seconds if nothing else is said.
    #[must_use]
    pub fn stuck_after(self, time: Duration) -> Self {
        Self { stuck_after: time, ..self }
    }

    /// The same program, known by this place.
    #[cfg(feature = "cli")]
    pub(crate) fn at(self, at: Place) -> Self {
        Self { at, ..self }
    }

    /// Does something with the program that may block for ever.
    pub(crate) fn supervised<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Crash>
    where
        R: Clone + 'static,
    {
        backend::refuse_inside_of_a_run(None);
        let program = Self { refusal: Refusal::default(), ..self.clone() };
        supervised(self.at, self.stuck_after, move || work(&program))
    }

    /// Something better than what is known, or that, should the search for it crash.
    #[cfg(any(loom, feature = "shuttle"))]
    pub(crate) fn improved<T: Clone + Send + 'static>(
        &self,
        known: T,
        search: impl FnOnce(&Self, T) -> T + Send + 'static,
    ) -> T
    where
        R: Clone + 'static,
    {
        let start = known.clone();
        self.supervised(move |program| search(program, start)).unwrap_or(known)
    }
}

impl<R> std::fmt::Debug for Program<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}

/// The failures that need no knowledge of the program: a deadlock, or a panic in any thread.
pub fn deadlock_or_panic<R>(ending: &Ending<R>) -> Vec<Failure> {
    let mut failures = Vec::new();
    if ending.is_deadlock() {
        failures.push(Failure::Deadlock);
    }
    if matches!(ending.conclusion, Conclusion::Panicked) || !ending.panics.is_empty() {
        failures.push(Failure::Panic);
    }
    failures
}
