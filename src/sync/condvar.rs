//! std's condition variable.

use super::Name;
use super::backend::Guarded;
use super::face::{Face, Used, map};
use super::mutex::MutexGuard;
use crate::trace::Place;
use crate::world::{CondvarId, CondvarOp, Outcome};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::sync::LockResult;
use std::time::{Duration, Instant};

/// [`std::sync::Condvar`].
///
/// In a checked closure it belongs to the run; anywhere else it is the real thing. A notification is for one of
/// those that wait when it comes, whichever; where nobody waits it is lost. Whether a wait with a timeout was
/// long enough is a free choice of the scheduler.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{Condvar, Mutex, thread};
///
/// tellers::check(|| {
///     let mail = Arc::new((Mutex::new(None), Condvar::new()));
///     let theirs = Arc::clone(&mail);
///     let other = thread::spawn(move || {
///         *theirs.0.lock().unwrap() = Some(7);
///         theirs.1.notify_one();
///     });
///     let letter = mail.1.wait_while(mail.0.lock().unwrap(), |letter| letter.is_none());
///     assert_eq!(*letter.unwrap(), Some(7));
///     other.join().unwrap();
/// });
/// # }
/// ```
pub struct Condvar(Face<std::sync::Condvar, CondvarId>);

/// Whether a wait ended because its time was over.
///
/// ```
/// use std::time::Duration;
/// use tellers::sync::{Condvar, Mutex};
///
/// let (mail, came) = (Mutex::new(None::<u32>), Condvar::new());
/// let time = Duration::from_millis(1);
/// let waited = came.wait_timeout_while(mail.lock().unwrap(), time, |letter| letter.is_none());
/// let (letter, result) = waited.unwrap();
/// assert_eq!((*letter, result.timed_out()), (None, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    /// Whether it did.
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    /// A condition variable, called by the place that makes it.
    #[track_caller]
    pub fn new() -> Self {
        Self::made(None, Place::caller())
    }

    /// A condition variable for a static, called by the place where that is.
    #[track_caller]
    pub const fn const_new() -> Self {
        Self(Face::of_static(std::sync::Condvar::new(), Place::caller()))
    }

    /// A condition variable with a name.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self::made(Some(name.into()), Place::caller())
    }

    #[track_caller]
    fn made(name: Name, place: Place) -> Self {
        Self(Face::new(Default::default, Default::default, name, place))
    }

    #[track_caller]
    fn used_at(&self, place: Place) -> Used<'_, std::sync::Condvar, CondvarId> {
        self.0.used_at(place, |_| Default::default())
    }

    /// Gives the mutex back, waits for a notification, and takes it again.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn wait<'a, T: ?Sized>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => guard.with_real(|guard| real.wait(guard)),
            Used::Checked(object) => map(until(&object, guard, None, place), |(guard, _)| guard),
        }
    }

    /// Waits while the condition holds, which is looked at under the mutex.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn wait_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while condition(&mut *guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// As [`wait`](Self::wait), for at most this long; says whether that was too short.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn wait_timeout<'a, T: ?Sized>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => {
                let mut late = false;
                let waited = guard.with_real(|guard| {
                    map(real.wait_timeout(guard, timeout), |(guard, result)| {
                        late = result.timed_out();
                        guard
                    })
                });
                map(waited, |guard| (guard, WaitTimeoutResult(late)))
            }
            Used::Checked(object) => until(&object, guard, Some(timeout), place),
        }
    }

    /// As [`wait_while`](Self::wait_while), for at most this long in all; says whether the condition holds still.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn wait_timeout_while<'a, T: ?Sized>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut condition: impl FnMut(&mut T) -> bool,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (place, begun) = (Place::caller(), Instant::now());
        let mut result = WaitTimeoutResult(false);
        while condition(&mut *guard) {
            let left = match self.used_at(place) {
                Used::Real(_) => timeout.saturating_sub(begun.elapsed()),
                Used::Checked(_) => timeout,
            };
            if result.timed_out() || left.is_zero() {
                return Ok((guard, WaitTimeoutResult(true)));
            }
            (guard, result) = self.wait_timeout(guard, left)?;
        }
        Ok((guard, WaitTimeoutResult(false)))
    }

    /// Notifies one of those that wait, if there is one.
    #[track_caller]
    pub fn notify_one(&self) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.notify_one(),
            Used::Checked(object) => drop(object.perform(CondvarOp::NotifyOne, place, None)),
        }
    }

    /// Notifies all that wait.
    #[track_caller]
    pub fn notify_all(&self) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.notify_all(),
            Used::Checked(object) => drop(object.perform(CondvarOp::NotifyAll, place, None)),
        }
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}

/// Who is to be notified says so before the mutex is given back, so no notification comes between.
#[track_caller]
fn until<'a, T: ?Sized>(
    object: &Guarded<CondvarId>,
    guard: MutexGuard<'a, T>,
    within: Option<Duration>,
    place: Place,
) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
    object.perform(CondvarOp::Wait, place, None);
    let mutex = guard.unlock(place);
    let deed = if within.is_some() { CondvarOp::WakeTimeout } else { CondvarOp::Wake };
    let outcome = object.perform(deed, place, within);
    let result = WaitTimeoutResult(outcome == Outcome::TimedOut);
    map(mutex.lock_at(place), |guard| (guard, result))
}
