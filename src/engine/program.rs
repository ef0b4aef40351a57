//! A program to be checked.

use super::{Conclusion, Ending, Failure, Watch};
use std::sync::Arc;

/// A closure over [`sync`](crate::sync), and what counts as a failure of it.
#[derive(Clone)]
pub struct Program<R> {
    pub(crate) body: Arc<dyn Fn() -> R + Send + Sync>,
    pub(crate) judge: fn(&Ending<R>) -> Vec<Failure>,
    pub(crate) watch: Watch,
}

impl<R> Program<R> {
    /// A program that fails when it deadlocks or when a thread panics.
    pub fn new(body: impl Fn() -> R + Send + Sync + 'static) -> Self {
        Self { body: Arc::new(body), judge: deadlock_or_panic, watch: Watch::default() }
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
