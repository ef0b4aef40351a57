//! Anything else, behind a turnstile.

use super::{perform, with_run};
use crate::sync::meant::act;
use crate::sync::object::Object;
use crate::trace::{Maker, Place};
use crate::world::{Outcome, Primitive};
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::{Acquire, Release};
use parking_lot::Mutex;
use std::time::Duration;

/// A primitive that has no more to it than what the world knows: one thread at a time looks at its state, each
/// after one access to the same of loom's atomics: so loom sees that they concern each other, and tries them
/// in every order.
#[derive(Debug)]
pub(in crate::sync) struct Guarded<P: Primitive> {
    object: Object<P>,
    turnstile: AtomicBool,
    state: Mutex<P::State>,
}

impl<P: Primitive> Guarded<P> {
    #[track_caller]
    pub(in crate::sync) fn new(first: P::State, maker: Maker, place: Place) -> Self {
        let object = Object::beginning(first, maker, place);
        Self { object, turnstile: AtomicBool::new(false), state: Mutex::new(first) }
    }

    /// What the thread tells the object is released, what it is told acquired. An operation that may time
    /// out does so if it cannot be done at the moment that the scheduler picks.
    #[track_caller]
    pub(in crate::sync) fn perform(
        &self,
        deed: P::Op,
        place: Place,
        within: Option<Duration>,
    ) -> Outcome {
        let op = self.object.id(place).op(deed);
        let tells = op.deed().is_some_and(|deed| deed.arrow(Outcome::Done).is_towards_object());
        let order = if tells { Release } else { Acquire };
        let thread = with_run(|run| run.current);
        perform(op, place, || {
            self.turnstile.swap(true, order);
            act::<P>(&mut self.state.lock(), thread, deed, within.is_some())
        })
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
        self.object.is_dropped_here(place)
    }
}
