//! An atomic pointer of a run: its pointers are named, and told with what was left behind them.

use super::is_relaxed;
use crate::sync::backend::{self, raw};
use crate::trace::Place;
use crate::world::{
    AtomicPtrDeed, AtomicPtrId, AtomicPtrOp, DataId, Outcome, Pointee, Pointer, Spurious,
};
use std::ptr::null_mut;
use std::sync::atomic::Ordering;

/// What a run has of one, whatever it points to.
pub(super) type Checked = backend::Atomic<AtomicPtrId, raw::AtomicPtr<()>>;

/// What was there, by what does not fail spuriously.
pub(super) fn had<T>(before: Option<*mut ()>) -> *mut T {
    before.expect("only a weak compare-exchange fails spuriously").cast()
}

/// What is done, by these orderings.
pub(super) fn op(deed: AtomicPtrDeed, orders: &[Ordering]) -> AtomicPtrOp {
    AtomicPtrOp { deed, relaxed: is_relaxed(orders), spurious: Spurious::No }
}

/// The name of a pointer that the thread that moves comes with.
#[track_caller]
pub(super) fn name<T>(pointer: *mut T, place: Place) -> DataId {
    let tag = align_of::<T>() - 1;
    let pointer = pointer.cast();
    let memory = backend::memory_of(pointer);
    let (is_smuggled, name) = backend::with_pointers(|pointers, thread, called| {
        let is_smuggled = pointers.is_smuggled((pointer, tag), &memory, thread);
        (is_smuggled, pointers.name((pointer, tag), thread, called))
    });
    if is_smuggled {
        backend::refuse(|| {
            format!(
                "by the use, at {place}, of a pointer to what another thread has put into an AtomicPtr, and this one has \
                 come by otherwise: it has it neither from an AtomicPtr nor from who started it, or whom it joined, and \
                 had put it there"
            )
        });
    }
    name
}

/// A pointer that the thread that moves leaves behind, and with it all that it has written there.
#[track_caller]
pub(super) fn leave<T>(pointer: *mut T, place: Place) -> Pointer {
    let to = name(pointer, place);
    if !Pointee::is_named(to) {
        return Pointer { to, left: DataId::NONE };
    }
    backend::publish(pointer.cast(), to, place);
    backend::end_tells();
    Pointer { to, left: backend::past() }
}

/// Of a run by real pointers: what it answers that one was there.
pub(super) fn told(pointer: *mut ()) -> Outcome {
    Outcome::Pointer(untold(backend::name_of(pointer)))
}

/// The same, of a spurious failure to change one that is there.
pub(super) fn failed(pointer: *mut ()) -> Outcome {
    let there = untold(backend::name_of(pointer));
    Outcome::Pointer(Pointer { to: DataId::OPEN, ..there })
}

/// One that leads there, where nobody need be told what is behind it.
pub(super) fn untold(to: DataId) -> Pointer {
    let left = if Pointee::is_named(to) { DataId::untold() } else { DataId::NONE };
    Pointer { to, left }
}

#[track_caller]
pub(super) fn store<T>(object: &Checked, pointer: *mut T, order: Ordering, place: Place) {
    let op = op(AtomicPtrDeed::Store(leave(pointer, place)), &[order]);
    perform(object, op, place, |raw| {
        raw.store(pointer.cast(), order);
        Outcome::Done
    });
}

/// Performs an operation of a run: the pointer before; nothing if it fails spuriously.
#[track_caller]
pub(super) fn perform(
    object: &Checked,
    op: AtomicPtrOp,
    place: Place,
    real: impl Fn(&raw::AtomicPtr<()>) -> Outcome,
) -> Option<*mut ()> {
    match object.perform(op, place, real) {
        Outcome::Pointer(Pointer { to: DataId::OPEN, .. }) => None,
        Outcome::Pointer(Pointer { to, left }) => {
            if left != DataId::NONE {
                backend::end_tells();
            }
            Some(backend::with_pointers(|pointers, _, _| pointers.named(to)))
        }
        _ => Some(null_mut()),
    }
}

#[cold]
pub(super) fn leads_outside(place: Place) -> ! {
    backend::end_search(format!(
        "by the use, at {place}, of an AtomicPtr made outside of every run that leads somewhere: no run has a copy of \
         what is there, so make it inside of the checked closure"
    ))
}
