//! An atomic of loom's, with its orderings as they are written.

use super::perform;
use crate::sync::object::Object;
use crate::trace::{Maker, Place};
use crate::world::{AtomicDeed, AtomicId, AtomicOp, Id as _, Outcome};

/// One that belongs to a run.
pub(in crate::sync) struct Atomic<R> {
    object: Object<AtomicId>,
    real: R,
}

impl<R> Atomic<R> {
    #[track_caller]
    pub(in crate::sync) fn new(
        value: i64,
        real: impl FnOnce() -> R,
        maker: Maker,
        place: Place,
    ) -> Self {
        Self { object: Object::beginning(value, maker, place), real: real() }
    }

    /// The value before; of a store, none that anybody looks at. Loom has nothing fail spuriously.
    #[track_caller]
    pub(in crate::sync) fn perform(
        &self,
        op: AtomicOp,
        place: Place,
        act: impl Fn(&R) -> Option<i64>,
    ) -> Option<i64> {
        let outcome = perform(self.object.id(place).op(op), place, || {
            let told = act(&self.real);
            let stores = matches!(op.deed, AtomicDeed::Store(_));
            Some(if stores { Outcome::Done } else { told.map_or(Outcome::Failed, Outcome::Value) })
        });
        match outcome {
            Outcome::Failed => None,
            Outcome::Value(before) => Some(before),
            _ => Some(0),
        }
    }
}
