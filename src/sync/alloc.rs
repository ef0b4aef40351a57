//! An allocator that sees what a run frees.

use super::backend;
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, Ordering};

/// The system's allocator, which in the default build sees what a run frees: for a test binary that checks code with
/// [`AtomicPtr`](super::atomic::AtomicPtr).
///
/// Memory that a thread of a run frees is given out again only after that run. To free memory that a pointer was put into
/// an `AtomicPtr` to is an operation, at which other threads may move: as at any other one, no lock of std may be held
/// there. Another operation is the look whether such memory is freed, before each use of a primitive there. A use after
/// free of a primitive, and a second free, are panics; that of memory to which no pointer was put somewhere is seen in the
/// runs of the real code only. What is not behind a primitive of this crate is still there, and nobody sees that it is
/// used. Elsewhere, and in the other builds, it is the system's allocator.
///
/// ```
/// use std::ptr::null_mut;
/// use tellers::sync::atomic::{AtomicPtr, Ordering::SeqCst};
///
/// #[global_allocator]
/// static ALLOC: tellers::Alloc = tellers::Alloc;
///
/// struct Node {
///     next: AtomicPtr<Node>,
/// }
///
/// tellers::check(|| {
///     let node = Box::new(Node { next: AtomicPtr::new(null_mut()) });
///     let head = AtomicPtr::new(Box::into_raw(node));
///     let node = unsafe { Box::from_raw(head.swap(null_mut(), SeqCst)) };
///     assert!(node.next.load(SeqCst).is_null());
/// });
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Alloc;

static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

/// Whether it is the process's allocator.
#[cfg_attr(
    not(all(not(loom), feature = "shuttle")),
    expect(dead_code, reason = "only the default build keeps what a run frees")
)]
pub(crate) fn is_installed() -> bool {
    IS_INSTALLED.load(Ordering::Relaxed)
}

// SAFETY: all memory is the system's, which gets it back by the layout that it gave it out for; some of it later, and
// what a run kept once only.
unsafe impl GlobalAlloc for Alloc {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        let memory = unsafe { System.alloc(layout) };
        gave(memory, layout);
        memory
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's.
        let memory = unsafe { System.alloc_zeroed(layout) };
        gave(memory, layout);
        memory
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if !backend::keeps(memory, layout) {
            // SAFETY: the caller's.
            unsafe { System.dealloc(memory, layout) };
        }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !backend::is_kept(memory) {
            // SAFETY: the caller's.
            return unsafe { System.realloc(memory, layout, size) };
        }
        // SAFETY: the caller sees to it that this is a layout.
        let new = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: the caller sees to it that the size is not 0.
        let moved = unsafe { self.alloc(new) };
        if !moved.is_null() {
            // SAFETY: each has as many bytes, and the new one is nobody else's.
            unsafe { moved.copy_from_nonoverlapping(memory, layout.size().min(size)) };
            // SAFETY: the caller's.
            unsafe { self.dealloc(memory, layout) };
        }
        moved
    }
}

fn gave(memory: *mut u8, layout: Layout) {
    if !IS_INSTALLED.load(Ordering::Relaxed) {
        IS_INSTALLED.store(true, Ordering::Relaxed);
    }
    backend::gave(memory, layout);
}
