//! A counting semaphore.

use super::backend::Guarded;
use crate::trace::{Maker, Place};
use crate::world::{Outcome, SemaphoreId, SemaphoreOp};
use std::borrow::Cow;
use std::time::Duration;

/// So many permits, which threads take and give back: a counting semaphore.
///
/// A permit belongs to nobody in particular: any thread can give it back, and nobody does it for a thread
/// that panics or returns early. Whoever is scheduled first gets what is there; a thread that waits for
/// many can be passed by those that want few.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{Semaphore, thread};
///
/// tellers::check(|| {
///     let desk = Arc::new(Semaphore::named("desk", 1));
///     let theirs = Arc::clone(&desk);
///     let other = thread::spawn(move || {
///         theirs.acquire(1);
///         theirs.release(1);
///     });
///     desk.acquire(1);
///     desk.release(1);
///     other.join().unwrap();
/// });
/// # }
/// ```
#[derive(Debug)]
pub struct Semaphore(Guarded<SemaphoreId>);

impl Semaphore {
    /// A semaphore with so many permits, called by the place that makes it.
    #[track_caller]
    pub fn new(permits: u32) -> Self {
        Self(Guarded::new(permits, Maker::Mover(None), Place::caller()))
    }

    /// A semaphore with a name and so many permits.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, permits: u32) -> Self {
        Self(Guarded::new(permits, Maker::Mover(Some(name.into())), Place::caller()))
    }

    /// Waits until so many permits are there, and takes them.
    #[track_caller]
    pub fn acquire(&self, permits: u32) {
        self.0.perform(SemaphoreOp::Acquire(permits), Place::caller(), None);
    }

    /// Takes so many permits if they are there; says whether it did.
    #[track_caller]
    #[must_use = "the permits may not have been there"]
    pub fn try_acquire(&self, permits: u32) -> bool {
        let deed = SemaphoreOp::TryAcquire(permits);
        self.0.perform(deed, Place::caller(), None) == Outcome::Is(true)
    }

    /// Waits at most this long for so many permits; says whether it took them.
    ///
    /// Under a model checker time does not pass: whether the wait was long enough is a free choice
    /// of the scheduler, and every choice is explored.
    #[track_caller]
    #[must_use = "the permits may not have been had in time"]
    pub fn acquire_timeout(&self, permits: u32, timeout: Duration) -> bool {
        let deed = SemaphoreOp::AcquireTimeout(permits);
        self.0.perform(deed, Place::caller(), Some(timeout)) == Outcome::Acquired
    }

    /// Gives so many permits back, or as many as there is room for: there are never more than
    /// [`u32::MAX`].
    #[track_caller]
    pub fn release(&self, permits: u32) {
        self.0.perform(SemaphoreOp::Release(permits), Place::caller(), None);
    }
}
