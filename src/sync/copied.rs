//! Copies of values whose types nobody knows any more.

use std::ptr::NonNull;

/// A copy of a value of some type.
#[derive(Debug)]
pub(super) struct Copied {
    value: NonNull<()>,
    copy: unsafe fn(*const ()) -> Self,
    drop: unsafe fn(NonNull<()>),
}

// SAFETY: the value is, by the bounds of what makes it.
unsafe impl Send for Copied {}
// SAFETY: likewise.
unsafe impl Sync for Copied {}

impl Copied {
    /// # Safety
    /// `data` points to a `T` that nobody changes.
    pub(super) unsafe fn of<T: Clone + Send + Sync + 'static>(data: *const ()) -> Self {
        unsafe fn free<T>(value: NonNull<()>) {
            // SAFETY: it comes from the box below, and is dropped once.
            drop(unsafe { Box::from_raw(value.cast::<T>().as_ptr()) });
        }
        // SAFETY: it does.
        let copy = Box::new(unsafe { (*data.cast::<T>()).clone() });
        Self { value: NonNull::from(Box::leak(copy)).cast(), copy: Self::of::<T>, drop: free::<T> }
    }

    /// A copy of the copy.
    ///
    /// # Safety
    /// Nobody changes it.
    pub(super) unsafe fn again(&self) -> Self {
        // SAFETY: it is of the type that the function is for.
        unsafe { (self.copy)(self.value.as_ptr()) }
    }

    /// Where it is, for as long as this is.
    pub(super) fn as_ptr(&self) -> NonNull<()> {
        self.value
    }
}

impl Drop for Copied {
    fn drop(&mut self) {
        // SAFETY: it is of the type that the function is for, and is dropped once.
        unsafe { (self.drop)(self.value) }
    }
}
