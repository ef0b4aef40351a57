//! How the program can end, and in how many interleavings each.

use super::ask::Explored;
use super::automata::{Automata, Deed, NodeId};
use super::cycles::Cycles;
use super::graph::{Graph, State};
use super::packed::{Packed, finish};
use crate::engine::ending::Numbers;
use crate::engine::{Conclusion, Count, Ending};
use crate::sync::value::Value;
use crate::trace::End;
use crate::world::{Op, ThreadId, World};
use num_bigint::BigUint;
use std::collections::BTreeMap;

impl Explored {
    /// An ending as it is reported: numbered as in every engine's report.
    pub(crate) fn as_reported(&self, ending: Ending<Value>) -> Ending<Value> {
        ending.renumbered(self.numbers.get_or_init(|| Numbers::new(&self.names)))
    }

    /// Whether the program has cut off the runs that lead to this state.
    pub(crate) fn is_cut(&self, state: State) -> bool {
        self.packed(&self.automata.read(), state).is_cut()
    }

    /// Whether some thread has come to a data race in this state.
    pub(super) fn is_raced(&self, state: State) -> bool {
        self.packed(&self.automata.read(), state).is_raced()
    }

    fn packed<'a>(&'a self, automata: &'a Automata, state: State) -> Packed<'a, &'a [u32]> {
        let graph = &self.search.graph;
        Packed { layout: graph.layout(), automata, words: graph.words(state) }
    }

    /// The ending of a state that no thread can leave.
    pub(crate) fn ending(&self, state: State) -> Ending<Value> {
        let automata = self.automata.read();
        let threads = self.search.graph.layout().threads();
        let packed = self.packed(&automata, state);
        let world = packed.to_world();
        let mut ends = Vec::new();
        let mut waits = Vec::new();
        for thread in (0..threads).map(ThreadId::new) {
            let Some(node) = packed.node(thread) else { continue };
            match automata.deed(node) {
                Deed::Op(op, _) => waits.push((thread, *op)),
                Deed::End(panic) => {
                    let finish = finish(&automata, node);
                    ends.push(End { thread, finish, panic: panic.clone(), after: 0 });
                }
                Deed::Cut | Deed::Made(_) => unreachable!("a run that was cut off has no ending"),
            }
        }
        self.conclude(&world, &ends, waits, packed.node(ThreadId::MAIN))
    }

    fn conclude(
        &self,
        world: &World,
        ends: &[End],
        waits: Vec<(ThreadId, Op)>,
        main: Option<NodeId>,
    ) -> Ending<Value> {
        let racing = waits.iter().copied().filter(|&(_, op)| world.races(op));
        let racing: Vec<_> = racing.collect();
        let conclusion = if !racing.is_empty() {
            Conclusion::Raced(racing)
        } else if !waits.is_empty() {
            Conclusion::Deadlocked(waits)
        } else {
            match main.and_then(|node| self.results.get(&node)) {
                Some(result) => Conclusion::Returned(result.clone()),
                None => Conclusion::Panicked,
            }
        };
        Ending::new(world, ends, conclusion)
    }
}

impl Graph {
    /// The states that no thread can leave.
    pub(crate) fn terminals(&self) -> impl Iterator<Item = State> + '_ {
        (0..self.expanded() as State).filter(|&state| self.is_terminal(state))
    }
}

/// In how many ways each of these states can be reached.
pub(crate) fn interleavings(
    graph: &Graph,
    cycles: &Cycles,
    states: &[State],
) -> BTreeMap<State, Count> {
    if cycles.any() {
        return states.iter().map(|&state| (state, Count::Infinite)).collect();
    }
    let order = || cycles.topological(graph);
    let small = count(graph, order(), |ways: &u128, more| ways.checked_add(*more));
    let counts: Vec<(State, BigUint)> = match small {
        Some(ways) => states.iter().map(|&s| (s, ways[s as usize].into())).collect(),
        None => {
            let ways = count(graph, order(), |ways: &BigUint, more| Some(ways + more))
                .expect("big integers do not overflow");
            states.iter().map(|&s| (s, ways[s as usize].clone())).collect()
        }
    };
    counts.into_iter().map(|(state, ways)| (state, Count::Finite(ways))).collect()
}

fn count<N: Clone + From<u8>>(
    graph: &Graph,
    order: impl Iterator<Item = State>,
    add: impl Fn(&N, &N) -> Option<N>,
) -> Option<Vec<N>> {
    let mut ways = vec![N::from(0); graph.len()];
    *ways.first_mut()? = N::from(1);
    for state in order {
        let here = ways[state as usize].clone();
        for target in graph.certain_targets(state) {
            let there = &mut ways[target as usize];
            *there = add(there, &here)?;
        }
    }
    Some(ways)
}
