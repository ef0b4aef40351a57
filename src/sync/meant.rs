//! Primitives that do in every build what the world says.

use crate::world::{Outcome, Primitive, ThreadId};

/// A thread performs an operation, if it can now. To time out is the last thing that comes of one: only who is
/// `late` does.
pub(super) fn act<P: Primitive>(
    state: &mut P::State,
    thread: ThreadId,
    deed: P::Op,
    late: bool,
) -> Option<Outcome> {
    if !P::certain(*state, thread, deed) {
        return None;
    }
    let (after, outcome) = P::apply(*state, thread, deed);
    if outcome == Outcome::TimedOut && !late {
        return None;
    }
    *state = after;
    Some(outcome)
}
