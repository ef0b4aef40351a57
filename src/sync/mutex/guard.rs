//! The right to a mutex's data.

use super::Mutex;
use crate::sync::backend;
use crate::sync::data::Lent;
use crate::sync::told::InHand;
use crate::trace::Place;
use crate::world::{MutexId, MutexOp};
use std::fmt::{self, Debug, Display};
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::LockResult;

/// The right to the data of a mutex, which is given back when this is dropped.
///
/// ```
/// let balance = tellers::sync::Mutex::new(100);
/// let mut held = balance.lock().unwrap();
/// *held -= 30;
/// assert!(balance.try_lock().is_err());
/// drop(held);
/// assert_eq!(*balance.try_lock().unwrap(), 70);
/// ```
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized + 'a> {
    pub(super) mutex: &'a Mutex<T>,
    /// That of the real one.
    pub(super) real: Option<std::sync::MutexGuard<'a, ()>>,
    /// That of one of a run; a real guard carries no more than a pointer of it.
    pub(super) run: Option<Box<Taken<'a, T>>>,
    pub(super) data: NonNull<T>,
    pub(super) place: Place,
}

/// A mutex of a run, taken.
pub(super) struct Taken<'a, T: ?Sized> {
    pub(super) lent: Lent<'a, MutexId, T>,
    pub(super) in_hand: InHand,
    pub(super) was_panicking: bool,
}

// SAFETY: as of std's: it gives others no more than a `&T`.
unsafe impl<T: ?Sized + Sync> Sync for MutexGuard<'_, T> {}

impl<T: ?Sized> UnwindSafe for MutexGuard<'_, T> {}
impl<T: ?Sized> RefUnwindSafe for MutexGuard<'_, T> {}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Gives the mutex back there, and says which it is.
    #[track_caller]
    pub(in crate::sync) fn unlock(mut self, place: Place) -> &'a Mutex<T> {
        self.place = place;
        self.mutex
    }

    /// Has `f` do something with the guard of the real one, who is not what checks.
    #[track_caller]
    pub(in crate::sync) fn with_real(
        mut self,
        f: impl FnOnce(std::sync::MutexGuard<'a, ()>) -> LockResult<std::sync::MutexGuard<'a, ()>>,
    ) -> LockResult<Self> {
        let real = self.real.take().expect("a mutex that belongs to a run has left it");
        self.mutex.with(f(real), self.data, self.place)
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        let Some(run) = &self.run else { return };
        let Taken { lent, in_hand, was_panicking } = &**run;
        let (data, changed) = lent.left(in_hand);
        let poisons = !was_panicking && backend::is_unwinding();
        lent.perform(MutexOp::Unlock { data, changed, poisons }, self.place, None);
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the mutex is held until this is dropped, and only its holder reaches the data.
        unsafe { self.data.as_ref() }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        if let Some(run) = &mut self.run {
            run.in_hand.write();
        }
        // SAFETY: as above, and who has this alone is the only one to reach them through it.
        unsafe { self.data.as_mut() }
    }
}

impl<T: ?Sized + Debug> Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: ?Sized + Display> Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
