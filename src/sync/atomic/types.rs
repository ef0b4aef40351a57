//! The types of std's atomics, all alike.

use super::{Face, Outside, Used, Word, check_failure, check_load, check_store, op, perform};
use crate::sync::backend::{self, raw};
use crate::trace::{Maker, Place};
use crate::world::{AtomicDeed, AtomicId, AtomicOp, Exchange, Fetch, Kind, Spurious};
use std::cell::UnsafeCell;
use std::panic::RefUnwindSafe;
use std::sync::atomic::{self as std_atomic, AtomicBool as Flag, Ordering};

macro_rules! atomics {
    ($($Atomic:ident($value:ty) { $($name:ident: $Fetch:ident),+ })+) => { $(
        #[doc = concat!("[`std::sync::atomic::", stringify!($Atomic), "`].")]
        ///
        /// ```
        #[doc = concat!("use tellers::sync::atomic::{", stringify!($Atomic), ", Ordering::SeqCst};")]
        ///
        #[doc = concat!("let bits = ", stringify!($Atomic), "::default();")]
        /// let none = bits.load(SeqCst);
        /// assert_eq!(bits.swap(!none, SeqCst), none);
        /// assert_eq!(bits.compare_exchange(none, none, SeqCst, SeqCst), Err(!none));
        /// assert_eq!(bits.into_inner(), !none);
        /// ```
        pub struct $Atomic {
            face: Face<AtomicId, std_atomic::$Atomic, raw::$Atomic>,
            /// What somebody has who has it alone.
            alone: UnsafeCell<$value>,
            /// Whether that may have been changed.
            is_open: Flag,
        }

        // SAFETY: what one has alone is written by nobody but who has a `&mut`, and read, before the next
        // operation, only by who closes it: one thread, once.
        unsafe impl Sync for $Atomic {}
        impl RefUnwindSafe for $Atomic {}

        impl $Atomic {
            /// One that contains this, called by the place that makes it.
            #[track_caller]
            pub fn new(value: $value) -> Self {
                let place = Place::caller();
                let face = if backend::is_checking() {
                    let raw = || raw::$Atomic::new(value);
                    Face::Checked(backend::Atomic::new(value.word(), raw, Maker::Mover(None), place))
                } else {
                    Face::Real(std_atomic::$Atomic::new(value), Outside::new(place))
                };
                Self { face, alone: UnsafeCell::new(value), is_open: Flag::new(false) }
            }

            /// One that contains this, for a static, called by the place where that is. Every run begins with its
            /// value outside, and changes another one.
            #[track_caller]
            pub const fn const_new(value: $value) -> Self {
                let place = Place::caller();
                let face = Face::Real(std_atomic::$Atomic::new(value), Outside::of_static(place));
                Self { face, alone: UnsafeCell::new(value), is_open: Flag::new(false) }
            }

            #[track_caller]
            #[inline]
            fn used_at(&self, place: Place) -> Used<'_, AtomicId, std_atomic::$Atomic, raw::$Atomic> {
                let other = |word| raw::$Atomic::new(<$value>::of(word));
                self.face.used_at(place, |real| real.load(Ordering::SeqCst).word(), other)
            }

            /// Reads the value.
            ///
            /// # Panics
            /// If the ordering is `Release` or `AcqRel`.
            #[track_caller]
            #[inline]
            pub fn load(&self, order: Ordering) -> $value {
                let place = Place::caller();
                match self.used_at(place) {
                    Used::Real(real) => real.load(order),
                    Used::Checked(object) => {
                        check_load(order);
                        let op = op::<$value>(AtomicDeed::Load, &[order]);
                        self.perform(&object, op, place, |raw| raw.load(order).word())
                    }
                }
            }

            /// Writes the value.
            ///
            /// # Panics
            /// If the ordering is `Acquire` or `AcqRel`.
            #[track_caller]
            #[inline]
            pub fn store(&self, value: $value, order: Ordering) {
                let place = Place::caller();
                match self.used_at(place) {
                    Used::Real(real) => real.store(value, order),
                    Used::Checked(object) => {
                        check_store(order);
                        let op = op::<$value>(AtomicDeed::Store(value.word()), &[order]);
                        let store = |raw: &raw::$Atomic| {
                            raw.store(value, order);
                            value.word()
                        };
                        self.perform(&object, op, place, store);
                    }
                }
            }

            /// Writes the value, and returns the one before.
            #[track_caller]
            #[inline]
            pub fn swap(&self, value: $value, order: Ordering) -> $value {
                let place = Place::caller();
                match self.used_at(place) {
                    Used::Real(real) => real.swap(value, order),
                    Used::Checked(object) => {
                        let op = op::<$value>(AtomicDeed::Swap(value.word()), &[order]);
                        self.perform(&object, op, place, |raw| raw.swap(value, order).word())
                    }
                }
            }

            /// Writes `new` if the value is `current`; either way the value before is returned.
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
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let place = Place::caller();
                match self.used_at(place) {
                    Used::Real(real) => real.compare_exchange(current, new, success, failure),
                    Used::Checked(object) => {
                        self.exchange(&object, (current, new), (success, failure), Spurious::No, place)
                    }
                }
            }

            /// As [`compare_exchange`](Self::compare_exchange), and may fail although the value is `current`.
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
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let place = Place::caller();
                match self.used_at(place) {
                    Used::Real(real) => real.compare_exchange_weak(current, new, success, failure),
                    Used::Checked(object) => {
                        self.exchange(&object, (current, new), (success, failure), Spurious::Maybe, place)
                    }
                }
            }

            /// Writes what `f` makes of the value, if it makes anything, and returns the value before.
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
                mut f: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut before = self.load(fetch);
                while let Some(next) = f(before) {
                    match self.compare_exchange_weak(before, next, set, fetch) {
                        Ok(before) => return Ok(before),
                        Err(now) => before = now,
                    }
                }
                Err(before)
            }

            /// The value, which nobody else can reach meanwhile.
            #[track_caller]
            pub fn get_mut(&mut self) -> &mut $value {
                let place = Place::caller();
                if let Face::Checked(_) = self.face {
                    *self.alone.get_mut() = self.load(Ordering::SeqCst);
                    *self.is_open.get_mut() = true;
                }
                match &mut self.face {
                    Face::Real(real, outside) => {
                        outside.is_had_alone(Kind::Atomic, place);
                        real.get_mut()
                    }
                    Face::Checked(_) => self.alone.get_mut(),
                }
            }

            /// The value, of one that nobody else has any more.
            #[track_caller]
            pub fn into_inner(self) -> $value {
                match self.face {
                    Face::Real(real, outside) => {
                        outside.is_had_alone(Kind::Atomic, Place::caller());
                        real.into_inner()
                    }
                    Face::Checked(_) => self.load(Ordering::SeqCst),
                }
            }

            $(
                #[doc = concat!("As std's `", stringify!($name), "`: returns the value before.")]
                #[track_caller]
                #[inline]
                pub fn $name(&self, value: $value, order: Ordering) -> $value {
                    let place = Place::caller();
                    match self.used_at(place) {
                        Used::Real(real) => real.$name(value, order),
                        Used::Checked(object) => {
                            let deed = AtomicDeed::Fetch(Fetch::$Fetch, value.word());
                            let op = op::<$value>(deed, &[order]);
                            self.perform(&object, op, place, |raw| raw.$name(value, order).word())
                        }
                    }
                }
            )+

            #[track_caller]
            fn exchange(
                &self,
                object: &backend::Atomic<AtomicId, raw::$Atomic>,
                (current, new): ($value, $value),
                (success, failure): (Ordering, Ordering),
                spurious: Spurious,
                place: Place,
            ) -> Result<$value, $value> {
                check_failure(failure);
                let deed = AtomicDeed::CompareExchange(Exchange::new(current.word(), new.word()));
                let op = AtomicOp { spurious, ..op::<$value>(deed, &[success, failure]) };
                let told = self.attempt(object, op, place, |raw| {
                    if spurious == Spurious::No {
                        let (Ok(before) | Err(before)) =
                            raw.compare_exchange(current, new, success, failure);
                        return Some(before.word());
                    }
                    if backend::is_unlucky() && raw.load(Ordering::SeqCst) == current {
                        return None;
                    }
                    match raw.compare_exchange_weak(current, new, success, failure) {
                        Err(before) if before == current => None,
                        Ok(before) | Err(before) => Some(before.word()),
                    }
                });
                match told {
                    Some(before) if before == current => Ok(before),
                    Some(before) => Err(before),
                    None => Err(current),
                }
            }

            /// Performs an operation of a run that does not fail spuriously.
            #[track_caller]
            fn perform(
                &self,
                object: &backend::Atomic<AtomicId, raw::$Atomic>,
                deed: AtomicOp,
                place: Place,
                real: impl Fn(&raw::$Atomic) -> i64,
            ) -> $value {
                let told = self.attempt(object, deed, place, |raw| Some(real(raw)));
                told.expect("only a weak compare-exchange fails spuriously")
            }

            /// Performs an operation of a run, after what somebody did who had it alone; nothing if it fails
            /// spuriously.
            #[track_caller]
            fn attempt(
                &self,
                object: &backend::Atomic<AtomicId, raw::$Atomic>,
                deed: AtomicOp,
                place: Place,
                real: impl Fn(&raw::$Atomic) -> Option<i64>,
            ) -> Option<$value> {
                if self.is_open.load(Ordering::Relaxed) && self.is_open.swap(false, Ordering::Relaxed)
                {
                    // SAFETY: who had it alone has it no more, and nobody else writes here.
                    let value = unsafe { *self.alone.get() };
                    let op = op::<$value>(AtomicDeed::Store(value.word()), &[]);
                    perform(object, op, place, |raw| {
                        raw.store(value, Ordering::SeqCst);
                        Some(value.word())
                    });
                }
                perform(object, deed, place, real).map(<$value>::of)
            }
        }
    )+ };
}

macro_rules! integers {
    ($($Atomic:ident($value:ty))+) => {
        atomics! { $($Atomic($value) {
            fetch_add: Add, fetch_sub: Sub, fetch_and: And, fetch_nand: Nand, fetch_or: Or,
            fetch_xor: Xor, fetch_max: Max, fetch_min: Min
        })+ }
    };
}

integers! {
    AtomicI8(i8) AtomicI16(i16) AtomicI32(i32) AtomicI64(i64) AtomicIsize(isize)
    AtomicU8(u8) AtomicU16(u16) AtomicU32(u32) AtomicU64(u64) AtomicUsize(usize)
}

atomics! {
    AtomicBool(bool) { fetch_and: And, fetch_nand: Nand, fetch_or: Or, fetch_xor: Xor }
}

impl AtomicBool {
    /// Turns it over, and returns the value before.
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}
