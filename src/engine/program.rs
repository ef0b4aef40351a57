//! A program to be checked.

use super::erased::{Erased, Judge};
use super::{Ending, Failure, Watch};
use crate::supervisor::STUCK_AFTER;
use crate::sync::refusal::Refusal;
use crate::sync::value::erased;
use crate::trace::Place;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

/// A closure over [`sync`](crate::sync), and what counts as a failure of it.
///
/// ```
/// use tellers::engine::{Effort, Engine, Failure, Program, Verdict};
/// use tellers::sync::Cell;
///
/// let program = Program::new(|| {
///     let balance = Cell::named("balance", 30);
///     balance.store(balance.load() - 50);
/// });
/// let overdrawn = program.judged_by(|ending| match ending.cells[0] {
///     0.. => vec![],
///     _ => vec![Failure::LostUpdate],
/// });
/// let engine = Engine::of_this_build()[0];
/// let report = engine.run(&overdrawn, Effort::of(engine)).unwrap();
/// assert_eq!(report.verdict(), Verdict::Failed);
/// assert!(report.failures.contains_key(&Failure::LostUpdate));
/// ```
pub struct Program<R> {
    pub(crate) erased: Erased,
    returns: PhantomData<fn() -> R>,
}

impl<R> Program<R> {
    /// A program that fails when it deadlocks or when a thread panics. It is known by the place of the
    /// call.
    #[track_caller]
    pub fn new(body: impl Fn() -> R + Send + Sync + 'static) -> Self
    where
        R: Clone + Ord + Hash + Send + 'static,
    {
        let erased = Erased {
            body: erased(body),
            judge: Arc::new(Ending::failures),
            watch: Watch::default(),
            stuck_after: STUCK_AFTER,
            refusal: Refusal::default(),
            at: Place::caller(),
        };
        Self { erased, returns: PhantomData }
    }

    /// The same program, judged in another way: `judge` says in which ways an ending is a failure.
    #[must_use]
    pub fn judged_by(self, judge: fn(&Ending<R>) -> Vec<Failure>) -> Self
    where
        R: 'static,
    {
        let judge: Judge = Arc::new(move |ending| judge(&ending.clone().typed()));
        self.but(|erased| Erased { judge, ..erased })
    }

    /// The same program; whoever checks it tells `watch`, and stops when that says so.
    #[must_use]
    pub fn watched_by(self, watch: Watch) -> Self {
        self.but(|erased| Erased { watch, ..erased })
    }

    /// The same program; whoever checks it stops after this time.
    pub(crate) fn within(self, time: Option<Duration>) -> Self {
        let watch = self.erased.watch.clone().within(time);
        self.watched_by(watch)
    }

    /// The same program; whoever checks it gives up when one of its threads comes to no operation for so
    /// long. That is 10 seconds if nothing else is said.
    #[must_use]
    pub fn stuck_after(self, time: Duration) -> Self {
        self.but(|erased| Erased { stuck_after: time, ..erased })
    }

    /// The same program, known by this place.
    #[cfg(feature = "cli")]
    pub(crate) fn at(self, at: Place) -> Self {
        self.but(|erased| Erased { at, ..erased })
    }

    fn but(self, change: impl FnOnce(Erased) -> Erased) -> Self {
        Self { erased: change(self.erased), returns: PhantomData }
    }
}

impl<R> Clone for Program<R> {
    fn clone(&self) -> Self {
        Self { erased: self.erased.clone(), returns: PhantomData }
    }
}

impl<R> std::fmt::Debug for Program<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Program").finish_non_exhaustive()
    }
}
