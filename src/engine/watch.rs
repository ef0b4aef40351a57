//! Follows a search from outside, and stops it.

use super::{Failure, Found};
use parking_lot::Mutex;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How far a search has come.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
/// use tellers::engine::{Effort, Engine, Program, Progress, Watch};
///
/// let runs = Arc::new(AtomicU64::new(0));
/// let seen = Arc::clone(&runs);
/// let watch = Watch::asking(|| false, move |far: Progress| seen.store(far.runs, Relaxed));
/// let program = Program::new(|| tellers::choose(300)).watched_by(watch);
/// let engine = *Engine::of_this_build().last().unwrap();
/// engine.run(&program, Effort::of(engine)).unwrap();
/// assert!(runs.load(Relaxed) >= 256);
/// ```
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
///
/// ```
/// use std::time::Duration;
/// use tellers::engine::{Effort, Engine, Program, Watch};
///
/// let hurried = Watch::default().within(Some(Duration::ZERO));
/// let engine = Engine::of_this_build()[0];
/// let report = engine.run(&Program::new(|| ()).watched_by(hurried), Effort::of(engine)).unwrap();
/// assert!(report.extent.cut_short().unwrap().starts_with("at the limit of time"));
/// ```
#[derive(Clone)]
pub struct Watch {
    stops: Arc<dyn Fn() -> bool + Send + Sync>,
    deadline: Option<Instant>,
    tell: Arc<dyn Fn(Progress) + Send + Sync>,
    early: Option<Arc<Early>>,
}

/// A failure that was found early, to be shown if the rest takes long.
struct Early {
    from: Instant,
    found: Mutex<Option<(Failure, Found)>>,
    show: Show,
}

type Show = Box<dyn Fn(Failure, &Found) + Send + Sync>;

impl Watch {
    /// Calls `tell` now and then, and stops the search soon after `interrupt` is set.
    pub fn new(
        interrupt: Arc<AtomicBool>,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Self {
        Self::asking(move || interrupt.load(Ordering::Relaxed), tell)
    }

    /// Calls `tell` now and then, and stops the search as soon as it has asked `stops` and heard that it is
    /// to. It asks every few thousand steps of whatever it does.
    pub fn asking(
        stops: impl Fn() -> bool + Send + Sync + 'static,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Self {
        Self { stops: Arc::new(stops), deadline: None, tell: Arc::new(tell), early: None }
    }

    /// The same, and `show` is given a failure, once, if one was found and the search still goes on after
    /// this time. It is as simple as it could be made at once, and there may be simpler ones.
    #[must_use]
    pub fn showing(
        self,
        after: Duration,
        show: impl Fn(Failure, &Found) + Send + Sync + 'static,
    ) -> Self {
        let (from, found) = (Instant::now() + after, Mutex::default());
        Self { early: Some(Arc::new(Early { from, found, show: Box::new(show) })), ..self }
    }

    /// The same, but the search stops after this time, if one is given.
    #[must_use]
    pub fn within(self, time: Option<Duration>) -> Self {
        Self { deadline: time.and_then(|time| Instant::now().checked_add(time)), ..self }
    }

    /// Whether the search is to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.why().is_some()
    }

    /// Why the search is to stop, if it is, in words that go on from "cut short".
    pub(crate) fn why(&self) -> Option<&'static str> {
        if (self.stops)() {
            Some("by an interrupt")
        } else if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            Some(AT_THE_LIMIT_OF_TIME)
        } else {
            None
        }
    }

    /// Says how far the search has come.
    pub(crate) fn tell(&self, progress: Progress) {
        (self.tell)(progress);
        if let Some(early) = &self.early
            && Instant::now() >= early.from
            && let Some((failure, found)) = early.found.lock().take()
        {
            (early.show)(failure, &found);
        }
    }

    /// A failure was found, and the search goes on.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn found(&self, failure: Failure, found: &Found) {
        if let Some(early) = &self.early {
            early.found.lock().get_or_insert_with(|| (failure, found.clone()));
        }
    }
}

/// What a search says that took too long.
pub(crate) const AT_THE_LIMIT_OF_TIME: &str = "at the limit of time";

impl Default for Watch {
    fn default() -> Self {
        Self::asking(|| false, |_| ())
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("deadline", &self.deadline).finish_non_exhaustive()
    }
}
