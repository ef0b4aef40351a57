//! A way into a cycle, and once around it.

use super::automata::Automata;
use super::cycles::Cycles;
use super::graph::{Graph, State};
use super::shortest::{Shortest, Way};
use crate::world::ThreadId;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;

/// A way in and a cycle.
#[derive(Clone, Debug)]
pub(crate) struct Lasso {
    /// The way in, and then once around.
    pub(crate) way: Way,
    /// How many steps the way in has.
    pub(crate) stem: usize,
}

/// The search for a fair cycle gives up beyond this many places, and takes any cycle.
const MAX_PLACES: usize = 1 << 20;

/// The simplest way into a cycle among the `wanted` states, and a shortest cycle from there. The
/// cycle is fair, if there is one: every thread that could move where it begins does move on it.
pub(crate) fn lasso(
    graph: &Graph,
    automata: &Automata,
    cycles: &Cycles,
    wanted: impl Fn(State) -> bool,
) -> Option<Lasso> {
    let movers = movers(graph, cycles);
    let on_cycle = |state: State| wanted(state) && movers.contains_key(&cycles.of(state));
    let fair = |state: State| {
        let all = movers.get(&cycles.of(state)).copied().unwrap_or(0);
        on_cycle(state) && graph.moves(state).all(|(thread, _)| bit(thread) & !all == 0)
    };
    let way_in = |entry: &dyn Fn(State) -> bool| {
        // Looking for the nearest of none would settle every state.
        let any = (0..graph.len() as State).any(entry);
        any.then(|| Shortest::new(graph, automata).next(entry)).flatten()
    };
    let (_, mut way) = way_in(&fair).or_else(|| way_in(&on_cycle))?;
    let stem = way.movers.len();
    let all = movers[&cycles.of(way.end)];
    let around = around(graph, cycles, way.end, all).or_else(|| around(graph, cycles, way.end, 0));
    way.movers.extend(around?);
    Some(Lasso { way, stem })
}

/// The threads that move on the cycles of each component that has any, as bits; threads beyond the
/// 128th are left out.
fn movers(graph: &Graph, cycles: &Cycles) -> FxHashMap<u32, u128> {
    let mut movers = FxHashMap::default();
    for state in 0..graph.len() as State {
        for (thread, target) in graph.moves(state) {
            if cycles.together(state, target) {
                *movers.entry(cycles.of(state)).or_default() |= bit(thread);
            }
        }
    }
    movers
}

fn bit(thread: ThreadId) -> u128 {
    u32::try_from(thread.index()).ok().and_then(|n| 1u128.checked_shl(n)).unwrap_or(0)
}

/// A state, and which threads have moved since the entry.
type Place = (State, u128);

/// A shortest way from a state back to it on which all these threads move.
fn around(graph: &Graph, cycles: &Cycles, entry: State, all: u128) -> Option<Vec<ThreadId>> {
    let mut from: FxHashMap<Place, (Place, ThreadId)> = FxHashMap::default();
    let mut queue: VecDeque<Place> = VecDeque::from([(entry, 0)]);
    while let Some(place) = queue.pop_front() {
        for (thread, target) in graph.moves(place.0) {
            if !cycles.together(entry, target) {
                continue;
            }
            let next = (target, place.1 | bit(thread) & all);
            if next == (entry, all) {
                return Some(trail(&from, place, thread));
            }
            if next != (entry, 0) && !from.contains_key(&next) {
                from.insert(next, (place, thread));
                queue.push_back(next);
            }
        }
        if all != 0 && from.len() > MAX_PLACES {
            return None;
        }
    }
    None
}

fn trail(
    from: &FxHashMap<Place, (Place, ThreadId)>,
    last: Place,
    mover: ThreadId,
) -> Vec<ThreadId> {
    let mut movers = vec![mover];
    let mut at = last;
    while let Some(&(before, thread)) = from.get(&at) {
        movers.push(thread);
        at = before;
    }
    movers.reverse();
    movers
}
