//! Whether whoever waits for an answer still does.
//!
//! To read a verdict off a large graph takes as long as to find the graph, and what reads it is a dozen
//! algorithms. All of them follow moves, so the graph counts these, and asks now and then. If nobody waits
//! any more, what is under way is left by unwinding, up to whoever wanted to [`hear`](Patience::hear) of it.
//! Nothing panics: no hook is told, and no lock is poisoned.

use crate::engine::Watch;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// After so many steps it is asked whether to go on: fractions of a millisecond.
pub(super) const EVERY: u32 = 1 << 12;

/// The patience of whoever watches; copies of it are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Patience(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    watch: Watch,
    steps: AtomicU32,
    /// Whether anybody hears what is under way.
    heard: AtomicBool,
}

/// What is under way is left.
struct Left;

impl Patience {
    pub(super) fn of(watch: &Watch) -> Self {
        Self(Arc::new(Inner { watch: watch.clone(), ..Inner::default() }))
    }

    /// A step has been taken that is one of many. Does not return if there is to be no other one.
    #[inline]
    pub(super) fn step(&self) {
        let steps = self.0.steps.load(Ordering::Relaxed).wrapping_add(1);
        self.0.steps.store(steps, Ordering::Relaxed);
        if steps.is_multiple_of(EVERY) {
            self.ask();
        }
    }

    #[cold]
    fn ask(&self) {
        if self.0.heard.load(Ordering::Relaxed) && self.0.watch.is_interrupted() {
            resume_unwind(Box::new(Left));
        }
    }

    /// Does some work, as long as somebody waits for it: nothing if nobody did to its end.
    pub(super) fn hear<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        let before = self.0.heard.swap(true, Ordering::Relaxed);
        // What is left is only read, or thrown away with it.
        let done = catch_unwind(AssertUnwindSafe(work));
        self.0.heard.store(before, Ordering::Relaxed);
        match done {
            Ok(done) => Some(done),
            Err(payload) if payload.is::<Left>() => None,
            Err(payload) => resume_unwind(payload),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    /// One that goes on until it has been asked so often, and how often it was.
    fn asked_until(last: usize) -> (Patience, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let stops = move || count.fetch_add(1, Ordering::Relaxed) + 1 >= last;
        (Patience::of(&Watch::asking(stops, |_| ())), asked)
    }

    #[test]
    fn work_is_left_at_the_first_question_that_is_answered_so() {
        let (patience, asked) = asked_until(3);
        let mut steps = 0;
        let forever = || -> () {
            loop {
                steps += 1;
                patience.step();
            }
        };
        assert_eq!(patience.hear(forever), None);
        assert_eq!((steps, asked.load(Ordering::Relaxed)), (3 * EVERY, 3));
    }

    #[test]
    fn what_nobody_hears_is_not_left() {
        let (patience, _) = asked_until(1);
        assert_eq!(patience.hear(|| 1), Some(1));
        (0..2 * EVERY).for_each(|_| patience.step());
    }
}
