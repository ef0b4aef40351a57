//! A way into a cycle, and once around it.

use super::automata::Automata;
use super::components::Components;
use super::cycles::Cycles;
use super::graph::{Graph, State};
use super::packed::Packed;
use super::shortest::{Shortest, Way};
use crate::world::{ThreadId, Turn};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;
use std::ops::BitOr;

/// A way in and a cycle.
#[derive(Clone, Debug)]
pub(crate) struct Lasso {
    /// The way in, and then once around.
    pub(crate) way: Way,
    /// How many steps the way in has.
    pub(crate) stem: usize,
}

/// How many states are looked at, in the order of the simplest ways to them, for a short cycle there.
const NEAR: usize = 64;

/// How many places are looked at for a short cycle, and for any.
const SHORT: usize = 512;
const LONG: usize = 1_000_000;

/// A simple way into a cycle among the `wanted` states, and a shortest cycle from there. The cycle is
/// fair, if there is one: every thread that could move where it begins does move on it, and nowhere on
/// it could one end.
pub(crate) fn lasso(
    graph: &Graph,
    automata: &Automata,
    cycles: &Cycles,
    wanted: impl Fn(State) -> bool,
) -> Option<Lasso> {
    nearby(graph, automata, &wanted)
        .or_else(|| anywhere(graph, automata, cycles.components(graph)?, &wanted))
}

/// The first state on a short fair cycle, if it is near.
fn nearby(graph: &Graph, automata: &Automata, wanted: &impl Fn(State) -> bool) -> Option<Lasso> {
    let stays = |state| wanted(state) && !offers_an_end(graph, automata, state);
    let mut shortest = Shortest::new(graph, automata);
    let near = std::iter::from_fn(|| shortest.next(|_| true)).take(NEAR);
    near.filter(|(_, way)| stays(way.end)).find_map(|(_, way)| {
        let all =
            graph.certain_moves(way.end).map(|(turn, _)| bit(turn.thread)).fold(0, BitOr::bitor);
        Some(Lasso::new(around(graph, stays, (way.end, all), SHORT)?, way))
    })
}

/// The nearest state on any fair cycle, or else on any.
fn anywhere(
    graph: &Graph,
    automata: &Automata,
    components: &Components,
    wanted: &impl Fn(State) -> bool,
) -> Option<Lasso> {
    let movers = movers(graph, components);
    let left_by_ends: FxHashSet<u32> = (0..graph.len() as State)
        .filter(|&state| offers_an_end(graph, automata, state))
        .map(|state| components.of(state))
        .collect();
    let on_cycle = |state: State| wanted(state) && movers.contains_key(&components.of(state));
    let fair = |state: State| {
        let all = movers.get(&components.of(state)).copied().unwrap_or(0);
        on_cycle(state)
            && !left_by_ends.contains(&components.of(state))
            && graph.certain_moves(state).all(|(turn, _)| bit(turn.thread) & !all == 0)
    };
    let way_in = |entry: &dyn Fn(State) -> bool| {
        // Looking for the nearest of none would settle every state.
        let any = (0..graph.len() as State).any(entry);
        any.then(|| Shortest::new(graph, automata).next(entry)).flatten()
    };
    let (_, way) = way_in(&fair).or_else(|| way_in(&on_cycle))?;
    let inside = |state| components.together(way.end, state);
    let all = movers[&components.of(way.end)];
    let around = around(graph, inside, (way.end, all), LONG)
        .or_else(|| around(graph, inside, (way.end, 0), usize::MAX))?;
    Some(Lasso::new(around, way))
}

/// Whether a thread can end in this state, and somebody is about to ask whether it has.
fn offers_an_end(graph: &Graph, automata: &Automata, state: State) -> bool {
    let packed = Packed { layout: graph.layout(), automata, words: graph.words(state) };
    graph.certain_moves(state).any(|(turn, _)| packed.op(turn.thread).is_none())
}

impl Lasso {
    fn new(around: Vec<Turn>, mut way: Way) -> Self {
        let stem = way.turns.len();
        way.turns.extend(around);
        Self { way, stem }
    }
}

/// The threads that move on the cycles of each component that has any, as bits; threads beyond the
/// 128th are left out.
fn movers(graph: &Graph, components: &Components) -> FxHashMap<u32, u128> {
    let mut movers = FxHashMap::default();
    for state in 0..graph.len() as State {
        for (turn, target) in graph.certain_moves(state) {
            if components.together(state, target) {
                *movers.entry(components.of(state)).or_default() |= bit(turn.thread);
            }
        }
    }
    movers
}

fn bit(thread: ThreadId) -> u128 {
    u32::try_from(thread.index()).ok().and_then(|n| 1u128.checked_shl(n)).unwrap_or(0)
}

/// A state, and which threads have moved since the entry, or are to.
type Place = (State, u128);

/// The place before each that was come to, and whose turn it was there; none before the first.
type Trails = FxHashMap<Place, Option<(Place, Turn)>>;

/// A shortest way from a state back to it, among the states `inside`, on which all these threads
/// move; no more than this many places are looked at.
fn around(
    graph: &Graph,
    inside: impl Fn(State) -> bool,
    (entry, all): Place,
    most: usize,
) -> Option<Vec<Turn>> {
    let mut from: Trails = FxHashMap::from_iter([((entry, 0), None)]);
    let mut queue: VecDeque<Place> = VecDeque::from([(entry, 0)]);
    for _ in 0..most {
        let place = queue.pop_front()?;
        for (turn, target) in graph.certain_moves(place.0).filter(|&(_, target)| inside(target)) {
            let next = (target, place.1 | bit(turn.thread) & all);
            if next == (entry, all) {
                return Some(trail(&from, place, turn));
            }
            from.entry(next).or_insert_with(|| {
                queue.push_back(next);
                Some((place, turn))
            });
        }
    }
    None
}

fn trail(from: &Trails, last: Place, turn: Turn) -> Vec<Turn> {
    let mut turns = vec![turn];
    let mut at = last;
    while let Some((before, turn)) = from[&at] {
        turns.push(turn);
        at = before;
    }
    turns.reverse();
    turns
}
