//! A free choice of whoever schedules.

use super::backend;
use crate::trace::Place;
use crate::world::Outcome;

/// The most choices at once: all of them are explored.
const MOST: usize = 1 << 16;

/// A number below `n` that the scheduler chooses, at a scheduling point of its own.
///
/// It stands for what the code under test cannot know beforehand: an answer of the network, the size of a request, a
/// message that is lost. The exhaustive engines look at every choice, in every interleaving; the others draw one, on
/// real threads from the seed of the noise. Each can be counted on: a loop that any of them ends can end. But a
/// loop that chooses does not close by itself, since it may count: it needs
/// [`checkpoint`](crate::sync::checkpoint), or a bound. What was chosen stands in the trace, and a replay chooses it again.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// let fees = [0, 5, 25];
/// let report = tellers::check(move || fees[tellers::choose(fees.len())]);
/// assert_eq!(report.outcomes.len(), 3);
/// # }
/// ```
///
/// # Panics
/// If `n` is 0 or more than 65,536, or outside of a checked closure.
#[track_caller]
pub fn choose(n: usize) -> usize {
    let place = Place::caller();
    assert!(n > 0, "there is nothing to choose from: tellers::choose(0)");
    assert!(n <= MOST, "more than can be explored: tellers::choose({n}), which takes up to {MOST}");
    match backend::choose(n as u32, place) {
        Outcome::Value(taken) => taken as usize,
        other => unreachable!("a choice answers with a number, not {other:?}"),
    }
}
