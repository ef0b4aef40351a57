//! Anything else, behind a turnstile.

use super::{perform, with_run};
use crate::sync::Name;
use crate::sync::object::Object;
use crate::trace::Place;
use crate::world::{Outcome, Primitive};
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::{Acquire, Release};
use parking_lot::Mutex;
use std::time::Duration;

/// A value that one thread at a time looks at, each after one access to the same of loom's atomics: so loom
/// sees that they concern each other, and tries them in every order.
#[derive(Debug)]
pub(in crate::sync) struct Guarded<P, T> {
    object: Object<P>,
    turnstile: AtomicBool,
    value: Mutex<T>,
}

impl<P: Primitive, T> Guarded<P, T> {
    #[track_caller]
    pub(in crate::sync) fn new(first: P::State, value: T, name: Name, place: Place) -> Self {
        let object = Object::new(name, place);
        with_run(|run| run.create(object.id, first));
        Self { object, turnstile: AtomicBool::new(false), value: Mutex::new(value) }
    }

    /// What the thread tells the object is released, what it is told acquired. An operation that may time
    /// out does so if it cannot be done at the moment that the scheduler picks.
    #[track_caller]
    pub(in crate::sync) fn perform(
        &self,
        deed: P::Op,
        place: Place,
        within: Option<Duration>,
        mut act: impl FnMut(&mut T) -> Option<Outcome>,
    ) -> Outcome {
        let op = self.object.id(place).op(deed);
        let tells = op.deed().is_some_and(|deed| deed.arrow(Outcome::Done).is_towards_object());
        let order = if tells { Release } else { Acquire };
        perform(op, place, || {
            self.turnstile.swap(true, order);
            act(&mut self.value.lock()).or(within.map(|_| Outcome::TimedOut))
        })
    }
}
