//! Primitives that do in every build what the world says.

use super::Name;
use super::backend::{Guarded, current};
use crate::trace::Place;
use crate::world::{Outcome, Primitive};
use std::time::Duration;

/// A primitive that has no more to it than what the world knows.
pub(super) type Meant<P> = Guarded<P, <P as Primitive>::State>;

/// A primitive in this state.
#[track_caller]
pub(super) fn make<P: Primitive>(first: P::State, name: Name, place: Place) -> Meant<P> {
    Guarded::new(first, first, name, place)
}

/// Performs an operation as soon as it is enabled, or until this time has passed if it can time out.
#[track_caller]
pub(super) fn perform<P: Primitive>(
    object: &Meant<P>,
    deed: P::Op,
    place: Place,
    within: Option<Duration>,
) -> Outcome {
    let thread = current();
    object.perform(deed, place, within, |state| {
        if !P::enabled(*state, deed) {
            return None;
        }
        let (after, outcome) = P::apply(*state, thread, deed);
        *state = after;
        (outcome != Outcome::TimedOut).then_some(outcome)
    })
}
