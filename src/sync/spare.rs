//! Where a run puts the value of a cell that was made outside of it.

use std::ptr::NonNull;
use std::sync::OnceLock;

/// An empty cell of some type, which is never freed: whoever borrows from a static does so for ever. Or none.
#[derive(Debug)]
pub(super) struct Spare(Option<NonNull<()>>);

// SAFETY: the cell is reached only by who has the one that it stands in for, whose bounds are std's.
unsafe impl Send for Spare {}
// SAFETY: likewise.
unsafe impl Sync for Spare {}

impl Spare {
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn empty<T>() -> Self {
        let cell: &mut OnceLock<T> = Box::leak(Box::new(OnceLock::new()));
        Self(Some(NonNull::from(cell).cast()))
    }

    /// The cell, if there is one.
    ///
    /// # Safety
    /// It was made as one of this type.
    pub(super) unsafe fn get<'a, T>(&self) -> Option<&'a OnceLock<T>> {
        // SAFETY: it is of this type, is never freed, and is only ever shared.
        self.0.map(|cell| unsafe { cell.cast().as_ref() })
    }
}
