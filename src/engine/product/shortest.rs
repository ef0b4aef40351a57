//! The simplest way to a state: fewest context switches, then preemptions, then steps.

use super::automata::Automata;
use super::graph::{Graph, State};
use super::packed::Packed;
use crate::trace::{Switches, is_housekeeping};
use crate::world;
use crate::world::{Op, ThreadId, Turn};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A way through the graph: whose turn each move is, and the state that it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) turns: Vec<Turn>,
    pub(crate) end: State,
}

/// Dijkstra's search over states and the thread that moved last, which stops as soon as it has
/// found what it was sent for. The cost is [`Switches`], as for a trace.
pub(crate) struct Shortest<'a> {
    graph: &'a Graph,
    automata: &'a Automata,
    /// From which states what is looked for can be reached; from all, if nothing is said.
    leads: Option<Vec<bool>>,
    settled: FxHashMap<Stop, Option<From>>,
    /// Among ways of the same cost, the one that was met first goes first: it lets threads move in
    /// the order of their numbers.
    heap: BinaryHeap<Reverse<Met>>,
    met: u64,
}

/// A way that has been met: its cost, how many were met before, and where it ends.
type Met = (Switches, u64, Stop, Option<From>);

/// The stop before, and whose turn it was there.
type From = (Stop, Turn);

/// A state, and who moved last; nobody, before the first step that counts.
type Stop = (State, Option<ThreadId>);

impl<'a> Shortest<'a> {
    pub(crate) fn new(graph: &'a Graph, automata: &'a Automata) -> Self {
        let mut shortest = Self {
            graph,
            automata,
            leads: None,
            settled: FxHashMap::default(),
            heap: BinaryHeap::new(),
            met: 0,
        };
        shortest.meet(Switches::default(), (0, None), None);
        shortest
    }

    /// The same, but no way is followed beyond where it `leads` to what is looked for. What is found is the
    /// same, since no way comes back from there.
    pub(crate) fn leading(self, leads: Vec<bool>) -> Self {
        Self { leads: Some(leads), ..self }
    }

    /// The nearest state that `wanted` accepts, among those not settled by an earlier call.
    pub(crate) fn next(&mut self, wanted: impl Fn(State) -> bool) -> Option<(Switches, Way)> {
        while let Some(Reverse((cost, _, stop, from))) = self.heap.pop() {
            if self.settled.contains_key(&stop) {
                continue;
            }
            self.settled.insert(stop, from);
            self.relax(cost, stop);
            if wanted(stop.0) {
                return Some((cost, self.way(stop)));
            }
        }
        None
    }

    fn relax(&mut self, cost: Switches, stop: Stop) {
        let (state, last) = stop;
        for (turn, target) in self.graph.moves(state) {
            let thread = turn.thread;
            if self.leads.as_ref().is_some_and(|leads| !leads[target as usize]) {
                continue;
            }
            let (cost, last) = match self.op(state, thread) {
                Some(op) if is_housekeeping(thread, op) => (cost, last),
                Some(_) => self.after(cost, state, last, thread),
                None => (Switches { steps: cost.steps + 1, ..cost }, last),
            };
            self.meet(cost, (target, last), Some((stop, turn)));
        }
    }

    fn meet(&mut self, cost: Switches, stop: Stop, from: Option<From>) {
        self.graph.patience.step();
        self.heap.push(Reverse((cost, self.met, stop, from)));
        self.met += 1;
    }

    /// The cost after a thread's step, when another moved last.
    fn after(
        &self,
        mut cost: Switches,
        state: State,
        last: Option<ThreadId>,
        thread: ThreadId,
    ) -> (Switches, Option<ThreadId>) {
        cost.steps += 1;
        if let Some(last) = last
            && last != thread
            && let Some(op) = self.op(state, last)
        {
            cost.context += 1;
            let words = self.graph.words(state);
            let packed = Packed { layout: self.graph.layout(), automata: self.automata, words };
            cost.preemptions += u32::from(world::certain(&packed, last, op));
        }
        (cost, Some(thread))
    }

    fn op(&self, state: State, thread: ThreadId) -> Option<Op> {
        let words = self.graph.words(state);
        let packed = Packed { layout: self.graph.layout(), automata: self.automata, words };
        self.automata.op(packed.node(thread)?)
    }

    fn way(&self, stop: Stop) -> Way {
        let mut turns = Vec::new();
        let mut at = stop;
        while let Some((from, turn)) = self.settled[&at] {
            turns.push(turn);
            at = from;
        }
        turns.reverse();
        Way { turns, end: stop.0 }
    }
}
