//! The law of the two trains, which the lesson quotes.

use super::{Retries, Stop};
use crate::sync::{Event, checkpoint, thread};

/// "When two trains approach each other at a crossing, both shall come to a full stop and neither
/// shall start up again until the other has gone": a train at a stop, which looks again and again
/// whether the other one has gone.
pub fn obey_the_law(gone: &Event, other_gone: &Event, mut looks: Retries) -> Stop {
    loop {
        checkpoint(("stopped", looks));
        if other_gone.is_set() {
            gone.set();
            return Stop::ReachedLimit.now();
        }
        thread::yield_now();
        looks.spend();
    }
}
