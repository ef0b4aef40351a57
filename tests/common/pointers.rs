//! Atomic pointers to nodes, which no engine sees into.

use super::instr::{MODULUS, To};
use super::run::{Told, acc};
use std::ptr::null_mut;
use std::sync::{Arc, Mutex};
use tellers::sync::atomic::{AtomicPtr, Ordering::SeqCst};

/// What a pointer leads to.
struct Node {
    number: i64,
}

/// Every node of a run, until that is over.
#[derive(Clone, Default)]
pub struct Nodes(Arc<Mutex<Vec<Arc<Node>>>>);

/// An atomic pointer.
pub struct Pointer(AtomicPtr<Node>);

/// The pointer that a thread keeps.
pub struct Kept(*mut Node);

// SAFETY: nobody changes what is there, and it is there until the run is over.
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

impl Nodes {
    /// A new one, whose number is the latest observation plus this.
    fn make(&self, more: i64, seen: &Told) -> *mut Node {
        let node = Arc::new(Node { number: (acc(seen) + more).rem_euclid(MODULUS) });
        let pointer = Arc::as_ptr(&node).cast_mut();
        self.0.lock().unwrap().push(node);
        pointer
    }
}

impl Pointer {
    /// One to nothing.
    #[track_caller]
    pub fn new() -> Self {
        Self(AtomicPtr::new(null_mut()))
    }

    pub fn perform(&self, to: To, nodes: &Nodes, kept: &mut Kept, seen: &mut Told) {
        match to {
            To::Publish(more) => self.0.store(nodes.make(more, seen), SeqCst),
            To::Put => self.0.store(kept.0, SeqCst),
            To::Follow => kept.keep(self.0.load(SeqCst), seen),
            To::Replace(more) => kept.keep(self.0.swap(nodes.make(more, seen), SeqCst), seen),
            To::Change(more) => {
                let new = nodes.make(more, seen);
                told(self.0.compare_exchange(kept.0, new, SeqCst, SeqCst), kept, seen);
            }
            To::ChangeWeakly(more) => {
                let new = nodes.make(more, seen);
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
