//! What a thread is given to begin with.

use std::mem::ManuallyDrop;

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
