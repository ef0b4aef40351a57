//! Python's `threading.Lock`.

use super::{backend, quiet};
use crate::trace::Place;
use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

/// A mutual-exclusion lock that guards nothing in particular, belongs to nobody, and can be
/// released by any thread: Python's `threading.Lock`. It is not re-entrant.
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use tellers::sync::{Lock, thread};
///
/// tellers::check(|| {
///     let lock = Arc::new(Lock::named("lock"));
///     assert!(lock.acquire_timeout(Duration::from_secs(1)));
///     let theirs = Arc::clone(&lock);
///     let other = thread::spawn(move || theirs.release());
///     lock.acquire();
///     assert!(lock.locked());
///     assert_eq!(other.join().unwrap(), Ok(()));
/// });
/// ```
#[derive(Debug)]
pub struct Lock(backend::Lock);

/// The lock to be released was not held.
///
/// ```
/// use tellers::sync::{Lock, ReleaseUnlocked};
///
/// tellers::check(|| assert_eq!(Lock::named("lock").release(), Err(ReleaseUnlocked)));
/// assert_eq!(ReleaseUnlocked.to_string(), "release unlocked lock");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReleaseUnlocked;

impl Lock {
    /// A free lock, called by the place that makes it.
    #[track_caller]
    #[allow(clippy::new_without_default, reason = "a default would be called by a place in std")]
    pub fn new() -> Self {
        Self(backend::Lock::new(None, Place::caller()))
    }

    /// A free lock with a name.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self(backend::Lock::new(Some(name.into()), Place::caller()))
    }

    /// Waits while the lock is held, and takes it.
    #[track_caller]
    #[inline]
    pub fn acquire(&self) {
        self.0.acquire(Place::caller());
    }

    /// Waits at most this long while the lock is held; says whether it took it.
    ///
    /// Under a model checker time does not pass: whether the wait was long enough is a free choice
    /// of the scheduler, and every choice is explored.
    #[track_caller]
    #[inline]
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.0.acquire_timeout(timeout, Place::caller())
    }

    /// Gives the lock back, whichever thread took it.
    ///
    /// # Errors
    /// If nobody holds it.
    #[track_caller]
    #[inline]
    pub fn release(&self) -> Result<(), ReleaseUnlocked> {
        if self.0.release(Place::caller()) { Ok(()) } else { Err(ReleaseUnlocked) }
    }

    /// Whether somebody holds the lock.
    #[track_caller]
    pub fn locked(&self) -> bool {
        self.0.locked(Place::caller())
    }

    /// Takes the lock until the guard is dropped, as Python's `with` does.
    #[track_caller]
    #[inline]
    pub fn guard(&self) -> Guard<'_> {
        self.0.acquire(Place::caller());
        Guard { lock: self, place: Place::caller() }
    }
}

/// A lock that is held until this is dropped.
///
/// Somebody else may have released it meanwhile. Dropping the guard then panics, unless the thread
/// is panicking already; [`release`](Self::release) returns the error instead.
///
/// ```
/// use tellers::sync::{Lock, ReleaseUnlocked};
///
/// tellers::check(|| {
///     let lock = Lock::named("lock");
///     drop(lock.guard());
///     let held = lock.guard();
///     assert_eq!(lock.release(), Ok(()));
///     assert_eq!(held.release(), Err(ReleaseUnlocked));
/// });
/// ```
#[derive(Debug)]
#[must_use = "the lock is released when the guard is dropped"]
pub struct Guard<'a> {
    lock: &'a Lock,
    place: Place,
}

impl Guard<'_> {
    /// Releases the lock now.
    ///
    /// # Errors
    /// If somebody else has released it.
    #[track_caller]
    pub fn release(self) -> Result<(), ReleaseUnlocked> {
        let lock = self.lock;
        std::mem::forget(self);
        lock.release()
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        let released = self.lock.0.release(self.place);
        if !released && !backend::is_unwinding() {
            quiet::panic_at(self.place, ReleaseUnlocked);
        }
    }
}

impl std::error::Error for ReleaseUnlocked {}

impl fmt::Display for ReleaseUnlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("release unlocked lock")
    }
}
