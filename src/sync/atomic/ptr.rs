//! std's atomic pointer.

mod in_run;
mod traits;

use super::{Face, Outside, Used, check_failure, check_load, check_store, is_relaxed};
use crate::sync::backend::{self, raw};
use crate::trace::{Maker, Place};
use crate::world::{
    AtomicPtrDeed, AtomicPtrId, AtomicPtrOp, Kind, Pointee, Pointer, Spurious, ThreadId,
};
use in_run::{Checked, failed, had, leads_outside, leave, name, op, perform, store, told, untold};
use std::cell::UnsafeCell;
use std::panic::RefUnwindSafe;
use std::sync::atomic::{self as std_atomic, AtomicUsize, Ordering};

/// [`std::sync::atomic::AtomicPtr`].
///
/// A thread that reads a pointer finds there what its writer had left behind it, and is told so: what is handed on with a
/// pointer is seen. What is written there later, and handed on by a flag, is not, but by who joins the writer; a verdict
/// says that it takes it for granted that there is none.
///
/// A pointer is told by the thread that first puts it into an atomic pointer, so a thread that puts one there which it
/// came by otherwise (through a mutex, say), while another one has put it there, ends the search. And memory that is
/// freed in a run and given out again in it has two lives under one name; see [`Alloc`](crate::Alloc). Not here are `as_ptr`
/// and `from_ptr`, by which memory is reached that no checker sees.
///
/// ```
/// use tellers::sync::atomic::{AtomicPtr, Ordering::SeqCst};
///
/// let (mut one, mut other) = (1, 2);
/// let latest = AtomicPtr::new(&mut one);
/// assert_eq!(latest.swap(&mut other, SeqCst), &raw mut one);
/// assert!(latest.compare_exchange(&mut one, &mut one, SeqCst, SeqCst).is_err());
/// assert_eq!(latest.into_inner(), &raw mut other);
/// ```
///
/// A stack whose `pop` looks at a node that somebody else may pop and push again meanwhile is another matter; here is
/// a slot that two threads want to fill:
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::ptr::null_mut;
/// use std::sync::Arc;
/// use tellers::sync::atomic::{AtomicPtr, Ordering::SeqCst};
/// use tellers::thread;
///
/// tellers::check(|| {
///     let slot = Arc::new(AtomicPtr::new(null_mut()));
///     let fill = |text: &str, slot: &AtomicPtr<String>| {
///         let mine = Box::into_raw(Box::new(text.to_owned()));
///         let is_first = slot.compare_exchange(null_mut(), mine, SeqCst, SeqCst).is_ok();
///         if !is_first {
///             drop(unsafe { Box::from_raw(mine) });
///         }
///         is_first
///     };
///     let theirs = Arc::clone(&slot);
///     let other = thread::spawn(move || fill("theirs", &theirs));
///     let is_ours = fill("ours", &slot);
///     assert_ne!(other.join().unwrap(), is_ours);
///     let text = unsafe { Box::from_raw(slot.swap(null_mut(), SeqCst)) };
///     assert_eq!(*text == "ours", is_ours);
/// });
/// # }
/// ```
pub struct AtomicPtr<T> {
    face: Face<AtomicPtrId, std_atomic::AtomicPtr<T>, raw::AtomicPtr<()>>,
    /// What somebody has who has it alone.
    alone: UnsafeCell<*mut T>,
    /// The thread that may have changed that, as a number from 1 on; or [`CLOSED`].
    opened_by: AtomicUsize,
}

/// Nobody has had it alone since it was used last.
const CLOSED: usize = 0;

// SAFETY: what one has alone is written by nobody but who has a `&mut`, and read, before the next
// operation, only by who closes it: one thread, once.
unsafe impl<T> Sync for AtomicPtr<T> {}
// SAFETY: a pointer is no more than an address until somebody looks at what is there, which is unsafe.
unsafe impl<T> Send for AtomicPtr<T> {}
impl<T> RefUnwindSafe for AtomicPtr<T> {}

impl<T> AtomicPtr<T> {
    /// One that contains this, called by the place that makes it.
    #[track_caller]
    pub fn new(pointer: *mut T) -> Self {
        let place = Place::caller();
        let face = if backend::is_checking() {
            let first = leave(pointer, place);
            let raw = || raw::AtomicPtr::new(pointer.cast());
            Face::Checked(backend::Atomic::new(first, raw, Maker::Mover(None), place))
        } else {
            Face::Real(std_atomic::AtomicPtr::new(pointer), Outside::new(place))
        };
        Self { face, alone: UnsafeCell::new(pointer), opened_by: AtomicUsize::new(CLOSED) }
    }

    /// One that contains this, for a static, called by the place where that is. Every run begins with its value
    /// outside, which leads nowhere, and changes another one.
    #[track_caller]
    pub const fn const_new(pointer: *mut T) -> Self {
        let outside = Outside::of_static(Place::caller());
        let face = Face::Real(std_atomic::AtomicPtr::new(pointer), outside);
        Self { face, alone: UnsafeCell::new(pointer), opened_by: AtomicUsize::new(CLOSED) }
    }

    #[track_caller]
    #[inline]
    fn used_at(
        &self,
        place: Place,
    ) -> Used<'_, AtomicPtrId, std_atomic::AtomicPtr<T>, raw::AtomicPtr<()>> {
        let find = |real: &std_atomic::AtomicPtr<T>| {
            let address = real.load(Ordering::SeqCst).addr();
            let Some(to) = Pointee::nowhere(address) else { leads_outside(place) };
            untold(to)
        };
        let other = |first: Pointer| {
            let pointer = backend::with_pointers(|pointers, _, _| pointers.named(first.to));
            raw::AtomicPtr::new(pointer)
        };
        self.face.used_at(place, find, other)
    }

    /// Reads the pointer.
    ///
    /// # Panics
    /// If the ordering is `Release` or `AcqRel`.
    #[track_caller]
    #[inline]
    pub fn load(&self, order: Ordering) -> *mut T {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.load(order),
            Used::Checked(object) => {
                check_load(order);
                self.close(&object, place);
                let op = op(AtomicPtrDeed::Load, &[order]);
                had(perform(&object, op, place, |raw| told(raw.load(order))))
            }
        }
    }

    /// Writes the pointer.
    ///
    /// # Panics
    /// If the ordering is `Acquire` or `AcqRel`.
    #[track_caller]
    #[inline]
    pub fn store(&self, pointer: *mut T, order: Ordering) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.store(pointer, order),
            Used::Checked(object) => {
                check_store(order);
                self.close(&object, place);
                store(&object, pointer, order, place);
            }
        }
    }

    /// Writes the pointer, and returns the one before.
    #[track_caller]
    #[inline]
    pub fn swap(&self, pointer: *mut T, order: Ordering) -> *mut T {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.swap(pointer, order),
            Used::Checked(object) => {
                self.close(&object, place);
                let op = op(AtomicPtrDeed::Swap(leave(pointer, place)), &[order]);
                had(perform(&object, op, place, |raw| told(raw.swap(pointer.cast(), order))))
            }
        }
    }

    /// Writes `new` if the pointer is `current`; either way the pointer before is returned.
    ///
    /// # Errors
    /// If it is not.
    ///
    /// # Panics
    /// If the ordering of the failure is `Release` or `AcqRel`.
    #[track_caller]
    #[inline]
    pub fn compare_exchange(
        &self,
        current: *mut T,
        new: *mut T,
        success: Ordering,
        failure: Ordering,
    ) -> Result<*mut T, *mut T> {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.compare_exchange(current, new, success, failure),
            Used::Checked(object) => {
                self.exchange(&object, (current, new), (success, failure), Spurious::No, place)
            }
        }
    }

    /// As [`compare_exchange`](Self::compare_exchange), and may fail although the pointer is `current`.
    ///
    /// # Errors
    /// If it is not, or for no reason.
    ///
    /// # Panics
    /// If the ordering of the failure is `Release` or `AcqRel`.
    #[track_caller]
    #[inline]
    pub fn compare_exchange_weak(
        &self,
        current: *mut T,
        new: *mut T,
        success: Ordering,
        failure: Ordering,
    ) -> Result<*mut T, *mut T> {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.compare_exchange_weak(current, new, success, failure),
            Used::Checked(object) => {
                self.exchange(&object, (current, new), (success, failure), Spurious::Maybe, place)
            }
        }
    }

    /// Writes what `f` makes of the pointer, if it makes anything, and returns the pointer before.
    ///
    /// # Errors
    /// If it makes nothing.
    ///
    /// # Panics
    /// If the ordering of the load is `Release` or `AcqRel`.
    #[track_caller]
    pub fn fetch_update(
        &self,
        set: Ordering,
        fetch: Ordering,
        mut f: impl FnMut(*mut T) -> Option<*mut T>,
    ) -> Result<*mut T, *mut T> {
        let mut before = self.load(fetch);
        while let Some(next) = f(before) {
            match self.compare_exchange_weak(before, next, set, fetch) {
                Ok(before) => return Ok(before),
                Err(now) => before = now,
            }
        }
        Err(before)
    }

    /// The pointer, which nobody else can reach meanwhile. Whoever changes it so must be the first to use it after that.
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut *mut T {
        let place = Place::caller();
        if let Face::Checked(_) = self.face {
            let me = number(backend::current());
            if *self.opened_by.get_mut() != me {
                *self.alone.get_mut() = self.load(Ordering::SeqCst);
            }
            *self.opened_by.get_mut() = me;
        }
        match &mut self.face {
            Face::Real(real, outside) => {
                outside.is_had_alone(Kind::AtomicPtr, place);
                real.get_mut()
            }
            Face::Checked(_) => self.alone.get_mut(),
        }
    }

    /// The pointer, of one that nobody else has any more.
    #[track_caller]
    pub fn into_inner(self) -> *mut T {
        match self.face {
            Face::Real(real, outside) => {
                outside.is_had_alone(Kind::AtomicPtr, Place::caller());
                real.into_inner()
            }
            Face::Checked(_) => self.load(Ordering::SeqCst),
        }
    }

    #[track_caller]
    fn exchange(
        &self,
        object: &Checked,
        (current, new): (*mut T, *mut T),
        (success, failure): (Ordering, Ordering),
        spurious: Spurious,
        place: Place,
    ) -> Result<*mut T, *mut T> {
        check_failure(failure);
        self.close(object, place);
        let (from, to) = (current.cast(), new.cast());
        let expected = name(current, place);
        let deed = AtomicPtrDeed::CompareExchange { expected, new: leave(new, place) };
        let op = AtomicPtrOp { spurious, ..op(deed, &[success, failure]) };
        let before = perform(object, op, place, |raw| {
            if spurious == Spurious::No {
                let (Ok(before) | Err(before)) = raw.compare_exchange(from, to, success, failure);
                return told(before);
            }
            if backend::is_unlucky() && raw.load(Ordering::SeqCst) == from {
                return failed(from);
            }
            match raw.compare_exchange_weak(from, to, success, failure) {
                Err(before) if before == from => failed(from),
                Ok(before) | Err(before) => told(before),
            }
        });
        match before {
            Some(before) if before.cast() == current => Ok(before.cast()),
            Some(before) => Err(before.cast()),
            None => Err(current),
        }
    }

    /// Who had it alone has it no more, and wrote this there.
    #[track_caller]
    fn close(&self, object: &Checked, place: Place) {
        if self.opened_by.load(Ordering::Relaxed) == CLOSED {
            return;
        }
        let opened_by = self.opened_by.swap(CLOSED, Ordering::Relaxed);
        if opened_by == CLOSED {
            return;
        }
        if opened_by != number(backend::current()) {
            backend::refuse(|| {
                format!(
                    "by the use, at {place}, of an AtomicPtr that another thread has had alone, by get_mut: whoever had \
                     it must be the first to use it, so store there what it is to be"
                )
            });
        }
        // SAFETY: who had it alone has it no more, and nobody else writes here.
        let pointer = unsafe { *self.alone.get() };
        store(object, pointer, Ordering::SeqCst, place);
    }
}

/// A thread, as what says who has had one alone.
fn number(thread: ThreadId) -> usize {
    thread.index() + 1
}
