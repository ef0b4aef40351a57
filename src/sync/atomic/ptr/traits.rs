//! What std's atomic pointer is besides, and how it is changed where it points.

use super::AtomicPtr;
use std::fmt::{self, Debug};
use std::ptr::null_mut;
use std::sync::atomic::Ordering;

impl<T> Debug for AtomicPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(&self.load(Ordering::Relaxed), f)
    }
}

impl<T> fmt::Pointer for AtomicPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.load(Ordering::Relaxed), f)
    }
}

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(null_mut())
    }
}

impl<T> From<*mut T> for AtomicPtr<T> {
    #[track_caller]
    fn from(pointer: *mut T) -> Self {
        Self::new(pointer)
    }
}

macro_rules! fetches {
    ($($name:ident: |$pointer:ident, $with:ident| $now:expr;)+) => { $(
        #[doc = concat!("As std's `", stringify!($name), "`: returns the pointer before.")]
        ///
        /// In a run it is a load, and a compare-exchange that is tried again if somebody came between.
        #[track_caller]
        pub fn $name(&self, $with: usize, order: Ordering) -> *mut T {
            self.fetch(order, |$pointer| $now)
        }
    )+ };
}

impl<T> AtomicPtr<T> {
    fetches! {
        fetch_ptr_add: |pointer, many| pointer.wrapping_add(many);
        fetch_ptr_sub: |pointer, many| pointer.wrapping_sub(many);
        fetch_byte_add: |pointer, many| pointer.wrapping_byte_add(many);
        fetch_byte_sub: |pointer, many| pointer.wrapping_byte_sub(many);
        fetch_or: |pointer, bits| pointer.map_addr(|address| address | bits);
        fetch_and: |pointer, bits| pointer.map_addr(|address| address & bits);
        fetch_xor: |pointer, bits| pointer.map_addr(|address| address ^ bits);
    }

    #[track_caller]
    fn fetch(&self, order: Ordering, f: impl Fn(*mut T) -> *mut T) -> *mut T {
        let mut before = self.load(Ordering::Relaxed);
        loop {
            match self.compare_exchange(before, f(before), order, Ordering::Relaxed) {
                Ok(before) => return before,
                Err(now) => before = now,
            }
        }
    }
}
