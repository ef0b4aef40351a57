//! Where a run puts the value of a cell that was made outside of it.

use super::face::InRun;
use crate::world::OnceId;
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

    /// The cell that the run under way has for this one: the spare beside what stands for it, or itself.
    ///
    /// # Safety
    /// The spare, if there is one, was made as one of this type.
    pub(super) unsafe fn instead_of<'a, T>(
        own: &'a OnceLock<T>,
        object: &InRun<'_, OnceId, Self>,
    ) -> &'a OnceLock<T> {
        let spare = object.beside().and_then(|spare| spare.0);
        // SAFETY: it is of this type, is never freed, and is only ever shared.
        spare.map_or(own, |cell| unsafe { cell.cast().as_ref() })
    }
}
