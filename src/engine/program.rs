//! A program to be checked.

use super::{Collected, Collector, Conclusion, Ending, Extent, Failure, Report, Watch};
use crate::supervisor::{Allowance, Crash, STUCK_AFTER, supervised};
use parking_lot::Mutex;
use std::hash::Hash;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

/// What a checked program may take beside the search: more bytes than any takes that is meant to end.
const MODEL_BYTES: usize = 4 << 30;

/// A closure over [`sync`](crate::sync), and what counts as a failure of it.
#[derive(Clone)]
pub struct Program<R> {
    pub(crate) body: Arc<dyn Fn() -> R + Send + Sync>,
    pub(crate) judge: fn(&Ending<R>) -> Vec<Failure>,
    pub(crate) watch: Watch,
    pub(crate) stuck_after: Duration,
}

impl<R> Program<R> {
    /// A program that fails when it deadlocks or when a thread panics.
    pub fn new(body: impl Fn() -> R + Send + Sync + 'static) -> Self {
        Self {
            body: Arc::new(body),
            judge: deadlock_or_panic,
            watch: Watch::default(),
            stuck_after: STUCK_AFTER,
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

    /// The same program; whoever checks it gives up when one of its threads comes to no operation for so
    /// long. That is 10 seconds if nothing else is said.
    #[must_use]
    pub fn stuck_after(self, time: Duration) -> Self {
        Self { stuck_after: time, ..self }
    }

    /// Does something with the program that is not to end the process. What it came to counts, whatever
    /// the destructors of thread locals do afterwards.
    pub(crate) fn supervised<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Crash>
    where
        R: Clone + 'static,
    {
        self.supervised_within(0, work).or_else(|(crash, result)| result.ok_or(crash))
    }

    /// The same for a search that may take so many bytes itself; what it came to is there if it crashed
    /// afterwards.
    pub(crate) fn supervised_within<T: Send + 'static>(
        &self,
        bytes: usize,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, (Crash, Option<T>)>
    where
        R: Clone + 'static,
    {
        let program = self.clone();
        let bytes = bytes.saturating_add(MODEL_BYTES);
        supervised(Allowance { stuck_after: self.stuck_after, bytes }, move || work(&program))
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

    /// The report of a search that is not to end the process: how far it went, and what it collected
    /// until then.
    pub(crate) fn report(
        &self,
        search: impl FnOnce(&Self, &Collected<R>) -> Extent + Send + 'static,
    ) -> Report<R>
    where
        R: Clone + Ord + Hash + Send + 'static,
    {
        let collected = Arc::new(Mutex::new(Collector::new(self)));
        let shared = Arc::clone(&collected);
        let report = self.supervised_within(0, move |program| {
            let extent = search(program, &shared);
            let all = mem::replace(&mut *shared.lock(), Collector::new(program));
            let extent = all.extent_if_interrupted().unwrap_or(extent);
            all.report(extent)
        });
        match report {
            Ok(report) => report,
            Err((crash, Some(report))) => Report { extent: (&crash).into(), ..report },
            Err((crash, None)) => self.report_until(&crash, &collected),
        }
    }

    /// What a search had collected until it crashed.
    fn report_until(&self, crash: &Crash, collected: &Collected<R>) -> Report<R>
    where
        R: Clone + Ord + Hash + Send + 'static,
    {
        // A search that crashed while it judged an ending still has it.
        let all = collected.try_lock().map(|mut all| mem::replace(&mut *all, Collector::new(self)));
        let extent = Extent::from(crash);
        let report = all.and_then(|all| self.supervised(move |_| all.report(extent)).ok());
        report.unwrap_or_else(|| Report::of_nothing(crash.into()))
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
