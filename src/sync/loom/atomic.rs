//! An atomic of loom's, with its orderings as they are written.

use super::{perform, with_run};
use crate::sync::object::Object;
use crate::sync::pointers::Pointers;
use crate::trace::{Maker, Place};
use crate::world::{DataId, Outcome, Primitive, ThreadId};
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::Relaxed;

/// One that belongs to a run.
pub(in crate::sync) struct Atomic<P, R> {
    object: Object<P>,
    /// Passed before a load, so that loom sees every race of loads: from a write it looks back to the latest access of
    /// the same atomic alone (loom 0.7.3, `last_dependent_access` in `rt/atomic.rs`).
    turnstile: AtomicBool,
    real: R,
}

impl<P: Primitive, R> Atomic<P, R> {
    #[track_caller]
    pub(in crate::sync) fn new(
        first: P::State,
        real: impl FnOnce() -> R,
        maker: Maker,
        place: Place,
    ) -> Self {
        let object = Object::beginning(first, maker, place);
        Self { object, turnstile: AtomicBool::new(false), real: real() }
    }

    /// What `act` does with it, and says that it answers.
    #[track_caller]
    pub(in crate::sync) fn perform(
        &self,
        op: P::Op,
        place: Place,
        act: impl Fn(&R) -> Outcome,
    ) -> Outcome {
        let op = self.object.id(place).op(op);
        let passes = op.only_looks() && with_run(|run| run.thorough);
        perform(op, place, || {
            if passes {
                self.turnstile.swap(true, Relaxed);
            }
            Some(act(&self.real))
        })
    }
}

/// The name that a pointer has.
pub(in crate::sync) fn name_of(pointer: *mut ()) -> DataId {
    with_run(|run| run.pointers.name_of(pointer))
}

/// Looks at the pointers of the run, for the thread that moves.
pub(in crate::sync) fn with_pointers<T>(f: impl FnOnce(&mut Pointers, ThreadId, &str) -> T) -> T {
    with_run(|run| {
        let called = run.tape.names().thread(run.current);
        f(&mut run.pointers, run.current, called)
    })
}
