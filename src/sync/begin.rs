//! What a thread is given to begin with.

use std::mem::{ManuallyDrop, transmute};

/// Something for a thread that may never begin: it is dropped by the thread, or not at all.
pub(super) struct Unbegun<T>(ManuallyDrop<T>);

impl<T> Unbegun<T> {
    pub(super) fn new(value: T) -> Self {
        Self(ManuallyDrop::new(value))
    }

    /// The thread begins.
    pub(super) fn begin(self) -> T {
        ManuallyDrop::into_inner(self.0)
    }
}

/// A body for an engine that starts only what borrows nothing.
///
/// # Safety
/// What it borrows must be there whenever it runs, and when it is dropped if that drops more than memory.
pub(super) unsafe fn unbound<'a>(
    body: impl FnOnce() + Send + 'a,
) -> Box<dyn FnOnce() + Send + 'static> {
    let body: Box<dyn FnOnce() + Send + 'a> = Box::new(body);
    // SAFETY: the types differ in no more than the lifetime, for which the caller answers.
    unsafe { transmute(body) }
}
