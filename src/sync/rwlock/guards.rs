//! The rights to read and to write a lock's data.

use crate::sync::backend;
use crate::sync::data::Lent;
use crate::sync::face::result;
use crate::sync::told::InHand;
use crate::trace::Place;
use crate::world::{Outcome, RwLockId, RwLockOp};
use std::fmt::{self, Debug, Display};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::LockResult;

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
    held: Held<std::sync::RwLockReadGuard<'a, ()>, Lent<'a, RwLockId, T>>,
    data: NonNull<T>,
    place: Place,
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
    held: Held<std::sync::RwLockWriteGuard<'a, ()>, Written<'a, T>>,
    data: NonNull<T>,
    place: Place,
    is_written: PhantomData<&'a mut T>,
}

/// What is held: a real lock, or one of a run.
enum Held<R, C> {
    Real(R),
    Checked(Box<C>),
    /// It has been handed on.
    Nothing,
}

/// A lock of a run, to be written.
struct Written<'a, T: ?Sized> {
    lent: Lent<'a, RwLockId, T>,
    in_hand: InHand,
    was_panicking: bool,
}

// SAFETY: as of std's: it gives others no more than a `&T`.
unsafe impl<T: ?Sized + Sync> Sync for RwLockReadGuard<'_, T> {}
// SAFETY: likewise.
unsafe impl<T: ?Sized + Sync> Sync for RwLockWriteGuard<'_, T> {}

impl<T: ?Sized + RefUnwindSafe> UnwindSafe for RwLockReadGuard<'_, T> {}
impl<T: ?Sized + RefUnwindSafe> RefUnwindSafe for RwLockReadGuard<'_, T> {}
impl<T: ?Sized> UnwindSafe for RwLockWriteGuard<'_, T> {}
impl<T: ?Sized> RefUnwindSafe for RwLockWriteGuard<'_, T> {}

impl<'a, T: ?Sized> RwLockReadGuard<'a, T> {
    /// Of who reads what a real lock keeps.
    pub(super) fn of_real(
        real: std::sync::RwLockReadGuard<'a, ()>,
        data: NonNull<T>,
        place: Place,
    ) -> Self {
        Self { held: Held::Real(real), data, place }
    }

    /// Of who reads in a run.
    #[track_caller]
    pub(super) fn told(
        lent: Lent<'a, RwLockId, T>,
        outcome: Outcome,
        place: Place,
    ) -> LockResult<Self> {
        let (_, is_poisoned) = lent.seen(outcome, place);
        let data = lent.data;
        result(Self { held: Held::Checked(Box::new(lent)), data, place }, is_poisoned)
    }
}

impl<'a, T: ?Sized> RwLockWriteGuard<'a, T> {
    /// Of who writes what a real lock keeps.
    pub(super) fn of_real(
        real: std::sync::RwLockWriteGuard<'a, ()>,
        data: NonNull<T>,
        place: Place,
    ) -> Self {
        Self { held: Held::Real(real), data, place, is_written: PhantomData }
    }

    /// Of who writes in a run.
    #[track_caller]
    pub(super) fn told(
        lent: Lent<'a, RwLockId, T>,
        outcome: Outcome,
        place: Place,
    ) -> LockResult<Self> {
        let (in_hand, is_poisoned) = lent.taken(outcome, place);
        let data = lent.data;
        let written = Written { lent, in_hand, was_panicking: backend::is_unwinding() };
        let held = Held::Checked(Box::new(written));
        result(Self { held, data, place, is_written: PhantomData }, is_poisoned)
    }

    /// Goes on reading what it wrote: nobody else writes in between.
    #[track_caller]
    pub fn downgrade(mut guard: Self) -> RwLockReadGuard<'a, T> {
        let place = Place::caller();
        let held = match std::mem::replace(&mut guard.held, Held::Nothing) {
            Held::Real(real) => Held::Real(std::sync::RwLockWriteGuard::downgrade(real)),
            Held::Checked(written) => {
                let Written { lent, in_hand, .. } = *written;
                let (data, changed) = lent.left(&in_hand);
                lent.perform(RwLockOp::Downgrade { data, changed }, place, None);
                Held::Checked(Box::new(lent))
            }
            Held::Nothing => Held::Nothing,
        };
        RwLockReadGuard { held, data: guard.data, place }
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        if let Held::Checked(lent) = &self.held {
            lent.perform(RwLockOp::EndRead, self.place, None);
        }
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        let Held::Checked(written) = &self.held else { return };
        let Written { lent, in_hand, was_panicking } = &**written;
        let (data, changed) = lent.left(in_hand);
        let poisons = !was_panicking && backend::is_unwinding();
        lent.perform(RwLockOp::EndWrite { data, changed, poisons }, self.place, None);
    }
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: nobody writes until this is dropped.
        unsafe { self.data.as_ref() }
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: nobody else reads or writes until this is dropped.
        unsafe { self.data.as_ref() }
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        if let Held::Checked(written) = &mut self.held {
            written.in_hand.write();
        }
        // SAFETY: as above, and who has this alone is the only one to reach them through it.
        unsafe { self.data.as_mut() }
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
