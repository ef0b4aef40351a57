//! A scheduler that stops when somebody says so.

use super::Watch;
use super::chooser::Chooser;
use crate::sync::backend::with_run;
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// A scheduler that stops when whoever watches says so, or when the search has to end.
pub(crate) struct Watched<S> {
    inner: Option<S>,
    watch: Watch,
    steps: u32,
}

/// After so many steps it is asked whether to go on.
pub(crate) const ASKS_EVERY: u32 = 1 << 10;

impl<S> Watched<S> {
    pub(crate) fn new(scheduler: S, watch: Watch) -> Self {
        Self { inner: Some(scheduler), watch, steps: 0 }
    }
}

impl<S: Scheduler> Scheduler for Watched<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.watch.is_interrupted() || with_run(|run| run.is_refused()) {
            // Dropped before its last run, shuttle's say that the run before has failed.
            std::mem::forget(self.inner.take());
        }
        self.inner.as_mut()?.new_execution()
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(ASKS_EVERY) && self.watch.is_interrupted() {
            return None;
        }
        self.inner.as_mut()?.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.as_mut().map_or(0, Scheduler::next_u64)
    }
}

impl<S: Chooser> Chooser for Watched<S> {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        self.inner.as_mut()?.choose(offered)
    }
}
