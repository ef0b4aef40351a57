//! What nobody need be told where the real code runs, and nobody follows its threads.

use crate::trace::Place;
use crate::world::DataId;
use std::alloc::Layout;
use std::ops::Range;

/// What a thread does is not refused.
pub(super) fn refuse(_: impl FnOnce() -> String) {}

/// Whoever takes data need not be told which they are.
pub(super) fn version() -> DataId {
    DataId::untold()
}

/// Nor what is behind a pointer.
pub(super) fn past() -> DataId {
    DataId::untold()
}

/// Nor need anybody know who has some in hand.
pub(super) fn takes_in_hand() {}

/// Likewise.
pub(super) fn hands_back() {}

/// How a thread ends tells no more than that it does.
pub(super) fn end_tells() {}

/// Memory is the system's.
pub(super) fn gave(_: *mut u8, _: Layout) {}

/// It gets back what is freed.
pub(super) fn keeps(_: *mut u8, _: Layout) -> bool {
    false
}

/// Likewise.
pub(super) fn is_kept(_: *mut u8) -> bool {
    false
}

/// Nobody sees which memory a pointer leads to.
pub(super) fn memory_of(_: *mut ()) -> Range<usize> {
    0..0
}

/// To free memory is no operation.
pub(super) fn publish(_: *mut (), _: DataId, _: Place) {}
