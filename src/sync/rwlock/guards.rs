//! The rights to read and to write a lock's data.

use super::RwLock;
use crate::sync::backend;
use crate::trace::Place;
use crate::world::{DataId, RwLockOp};
use std::fmt::{self, Debug, Display};
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

/// The right to read the data of a lock, which is given back when this is dropped.
///
/// ```
/// let rate = tellers::sync::RwLock::new(3);
/// let (one, other) = (rate.read().unwrap(), rate.read().unwrap());
/// assert_eq!(*one + *other, 6);
/// drop(one);
/// assert!(rate.try_write().is_err());
/// drop(other);
/// assert!(rate.try_write().is_ok());
/// ```
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized + 'a> {
    lock: &'a RwLock<T>,
    /// That of the real one.
    real: Option<std::sync::RwLockReadGuard<'a, ()>>,
    place: Place,
    is_of_its_thread: PhantomData<*const T>,
}

/// The right to write the data of a lock, which is given back when this is dropped.
///
/// ```
/// use tellers::sync::{RwLock, RwLockWriteGuard};
///
/// let rate = RwLock::new(3);
/// let mut written = rate.write().unwrap();
/// *written += 1;
/// assert!(rate.try_read().is_err());
/// let read = RwLockWriteGuard::downgrade(written);
/// assert_eq!(*rate.try_read().unwrap(), *read);
/// ```
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized + 'a> {
    lock: &'a RwLock<T>,
    /// That of the real one.
    real: Option<std::sync::RwLockWriteGuard<'a, ()>>,
    /// The data, as they were.
    pub(super) told: DataId,
    was_panicking: bool,
    place: Place,
    is_of_its_thread: PhantomData<*const ()>,
}

// SAFETY: as of std's: it gives others no more than a `&T`.
unsafe impl<T: ?Sized + Sync> Sync for RwLockReadGuard<'_, T> {}
// SAFETY: likewise.
unsafe impl<T: ?Sized + Sync> Sync for RwLockWriteGuard<'_, T> {}

impl<T: ?Sized> RwLock<T> {
    pub(super) fn reader<'a>(
        &'a self,
        real: Option<std::sync::RwLockReadGuard<'a, ()>>,
        place: Place,
    ) -> RwLockReadGuard<'a, T> {
        RwLockReadGuard { lock: self, real, place, is_of_its_thread: PhantomData }
    }

    pub(super) fn writer<'a>(
        &'a self,
        real: Option<std::sync::RwLockWriteGuard<'a, ()>>,
        place: Place,
    ) -> RwLockWriteGuard<'a, T> {
        RwLockWriteGuard {
            lock: self,
            was_panicking: real.is_none() && backend::is_unwinding(),
            real,
            told: DataId::default(),
            place,
            is_of_its_thread: PhantomData,
        }
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// Goes on reading what it wrote: nobody else writes in between.
    #[track_caller]
    pub fn downgrade(guard: Self) -> RwLockReadGuard<'a, T> {
        let place = Place::caller();
        let mut guard = ManuallyDrop::new(guard);
        let lock = guard.lock;
        if let Some(real) = guard.real.take() {
            return lock.reader(Some(std::sync::RwLockWriteGuard::downgrade(real)), place);
        }
        let data = lock.kept.told(place);
        let deed = RwLockOp::Downgrade { data, changed: data != guard.told };
        lock.kept.perform(deed, place, None);
        lock.reader(None, place)
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        if self.real.is_none() {
            self.lock.kept.perform(RwLockOp::EndRead, self.place, None);
        }
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        if self.real.is_some() {
            return;
        }
        let data = self.lock.kept.told(self.place);
        let poisons = !self.was_panicking && backend::is_unwinding();
        let deed = RwLockOp::EndWrite { data, changed: data != self.told, poisons };
        self.lock.kept.perform(deed, self.place, None);
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: nobody writes until this is dropped.
        unsafe { &*self.lock.kept.data.get() }
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: nobody else reads or writes until this is dropped.
        unsafe { &*self.lock.kept.data.get() }
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and who has this alone is the only one to reach them through it.
        unsafe { &mut *self.lock.kept.data.get() }
    }
}

macro_rules! shown_as_the_data {
    ($($Guard:ident: $($Format:ident),+;)+) => { $($(
        impl<T: ?Sized + $Format> $Format for $Guard<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                (**self).fmt(f)
            }
        }
    )+)+ };
}

shown_as_the_data!(
    RwLockReadGuard: Debug, Display;
    RwLockWriteGuard: Debug, Display;
);
