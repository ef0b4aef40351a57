//! Primitives in whose place the world answers.

use crate::sync::object::Object;
use crate::trace::{Maker, Place};
use crate::world::{Outcome, Primitive};
use std::marker::PhantomData;
use std::time::Duration;

/// A primitive that has no more to it than what the world knows: here the world answers.
#[derive(Debug)]
pub(in crate::sync) struct Guarded<P>(Object<P>);

impl<P: Primitive> Guarded<P> {
    #[track_caller]
    pub(in crate::sync) fn new(first: P::State, maker: Maker, place: Place) -> Self {
        Self(Object::beginning(first, maker, place))
    }

    #[track_caller]
    pub(in crate::sync) fn perform(
        &self,
        deed: P::Op,
        place: Place,
        _: Option<Duration>,
    ) -> Outcome {
        self.0.perform(deed, place)
    }

    /// The same, and what changes with it outside of the world: nobody comes between.
    #[track_caller]
    pub(in crate::sync) fn perform_and(
        &self,
        deed: P::Op,
        place: Place,
        within: Option<Duration>,
        also: impl FnOnce(Outcome),
    ) -> Outcome {
        let outcome = self.perform(deed, place, within);
        also(outcome);
        outcome
    }

    /// Whether it belongs to the run that drops a part of it.
    pub(in crate::sync) fn is_dropped_here(&self, place: Place) -> bool {
        self.0.is_dropped_here(place)
    }
}

/// An atomic; in place of the real one the world answers.
pub(in crate::sync) struct Atomic<P, R> {
    object: Object<P>,
    real: PhantomData<R>,
}

impl<P: Primitive, R> Atomic<P, R> {
    #[track_caller]
    pub(in crate::sync) fn new(
        first: P::State,
        _: impl FnOnce() -> R,
        maker: Maker,
        place: Place,
    ) -> Self {
        Self { object: Object::beginning(first, maker, place), real: PhantomData }
    }

    #[track_caller]
    pub(in crate::sync) fn perform(
        &self,
        op: P::Op,
        place: Place,
        _: impl Fn(&R) -> Outcome,
    ) -> Outcome {
        self.object.perform(op, place)
    }
}
