//! An atomic pointer of a run: its pointers are named, and told with what was left behind them.

use super::is_relaxed;
use crate::sync::backend::{self, raw};
use crate::trace::Place;
use crate::world::{AtomicPtrDeed, AtomicPtrId, AtomicPtrOp, DataId, Outcome, Pointer, Spurious};
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
    let pointer = pointer.cast();
    let (is_smuggled, name) = backend::with_pointers(|pointers, thread, called| {
        (pointers.is_smuggled(pointer, thread), pointers.name(pointer, thread, called))
    });
    if is_smuggled {
        backend::refuse(|| {
            format!(
                "by the use, at {place}, of a pointer that another thread has put into an AtomicPtr, and that this one \
                 was told neither by an AtomicPtr nor by who started it, or whom it joined"
            )
        });
    }
    name
}

/// A pointer that the thread that moves leaves behind, and with it all that it has written there.
#[track_caller]
pub(super) fn leave<T>(pointer: *mut T, place: Place) -> Pointer {
    let to = name(pointer, place);
    backend::publish(pointer.cast(), to, place);
    backend::end_tells();
    Pointer { to, left: backend::past() }
}

/// Of a run by real pointers: what it answers that one was there.
pub(super) fn told(pointer: *mut ()) -> Outcome {
    let to = backend::name_of(pointer);
    Outcome::Pointer(Pointer { to, left: DataId::untold() })
}

/// The same, of a spurious failure.
pub(super) fn failed() -> Outcome {
    Outcome::Pointer(Pointer { to: DataId::OPEN, left: DataId::untold() })
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
        Outcome::Pointer(Pointer { to, .. }) => {
            backend::end_tells();
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
