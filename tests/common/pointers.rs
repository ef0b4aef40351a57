//! Atomic pointers to nodes, which no engine sees into.

use super::instr::{MODULUS, To};
use super::run::{Told, acc};
use std::ptr::null_mut;
use tellers::sync::atomic::{AtomicPtr, Ordering::SeqCst};

/// What a pointer leads to.
struct Node {
    number: i64,
}

/// An atomic pointer.
pub struct Pointer(AtomicPtr<Node>);

/// The pointer that a thread keeps.
pub struct Kept(*mut Node);

// SAFETY: nobody changes what is there, and it is there for ever, or until the run is over.
unsafe impl Send for Kept {}

impl Default for Kept {
    fn default() -> Self {
        Self(null_mut())
    }
}

impl Kept {
    fn keep(&mut self, pointer: *mut Node, seen: &mut Told) {
        self.0 = pointer;
        // SAFETY: as above.
        seen.push(unsafe { pointer.as_ref() }.map_or(-1, |node| node.number));
    }
}

/// A new node, whose number is the latest observation plus this.
fn make(more: i64, seen: &Told) -> *mut Node {
    Box::into_raw(Box::new(Node { number: (acc(seen) + more).rem_euclid(MODULUS) }))
}

impl Pointer {
    /// One to nothing.
    #[track_caller]
    pub fn new() -> Self {
        Self(AtomicPtr::new(null_mut()))
    }

    pub fn perform(&self, to: To, kept: &mut Kept, seen: &mut Told) {
        match to {
            To::Publish(more) => self.0.store(make(more, seen), SeqCst),
            To::Put => self.0.store(kept.0, SeqCst),
            To::Follow => kept.keep(self.0.load(SeqCst), seen),
            To::Free => {
                if !kept.0.is_null() {
                    // SAFETY: the allocator keeps what a run frees, and frees it once; elsewhere nobody frees anything.
                    drop(unsafe { Box::from_raw(kept.0) });
                }
                kept.keep(self.0.load(SeqCst), seen);
            }
            To::Replace(more) => kept.keep(self.0.swap(make(more, seen), SeqCst), seen),
            To::Change(more) => {
                let new = make(more, seen);
                told(self.0.compare_exchange(kept.0, new, SeqCst, SeqCst), kept, seen);
            }
            To::ChangeWeakly(more) => {
                let new = make(more, seen);
                told(self.0.compare_exchange_weak(kept.0, new, SeqCst, SeqCst), kept, seen);
            }
        }
    }
}

fn told(result: Result<*mut Node, *mut Node>, kept: &mut Kept, seen: &mut Told) {
    let is_so = result.is_ok();
    let (Ok(before) | Err(before)) = result;
    kept.keep(before, seen);
    seen.push(is_so.into());
}
