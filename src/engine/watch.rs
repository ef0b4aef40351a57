//! Follows a search from outside, and stops it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// How often the program has been run.
    pub runs: u64,
    /// How many states have been reached, by an engine that explores states.
    pub states: usize,
    /// How many of them it has not looked at yet.
    pub frontier: usize,
}

/// What is told of a search, and can be told to it.
#[derive(Clone)]
pub struct Watch {
    interrupt: Arc<AtomicBool>,
    tell: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Watch {
    /// Calls `tell` now and then, and stops the search soon after `interrupt` is set.
    pub fn new(
        interrupt: Arc<AtomicBool>,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Self {
        Self { interrupt, tell: Arc::new(tell) }
    }

    /// Whether the search is to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Says how far the search has come.
    pub(crate) fn tell(&self, progress: Progress) {
        (self.tell)(progress);
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self::new(Arc::default(), |_| ())
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("interrupt", &self.interrupt).finish_non_exhaustive()
    }
}
