//! Which operation of whom can come last before which of whom, at each lock, cell and event.
//!
//! A pass over the finished graph keeps, for each state and each object, the operations that can have been
//! the last on it. What an end hands over is not among them: a join follows it whatever the order, and a
//! question is answered. Where the graph takes operations together, only the first of them counts.

use super::automata::{Automata, NodeId};
use super::cycles::Cycles;
use super::graph::{Graph, State};
use crate::world::{Kind, Object, ThreadId, Turn};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, Range};

/// An operation, and the one before it on the same object, by another thread.
type HandOver = (NodeId, NodeId);

/// The hand-overs of a graph.
#[derive(Debug)]
pub(super) struct HandOvers<'a> {
    graph: &'a Graph,
    /// Whose each node is.
    threads: Vec<ThreadId>,
    /// For each node, its place in the set of the operations on its object.
    slots: Vec<Option<Slot>>,
    /// The node of each place.
    nodes: Vec<NodeId>,
    /// How many words of a set each state has.
    row: usize,
    last: Vec<u64>,
    /// In which state each can happen.
    known: BTreeMap<HandOver, State>,
    seen: BTreeSet<HandOver>,
    /// The last one that was asked for.
    asked: Option<HandOver>,
    /// For each state, where moves lead to it from.
    sources: Vec<Vec<State>>,
    /// How many more states may be looked at on ways to hand-overs.
    looks: usize,
}

/// Where the operations on an object have their words, and which bit of them one has.
#[derive(Clone, Copy, Debug)]
struct Slot {
    from: usize,
    to: usize,
    bit: usize,
}

/// The most words for the sets of all states, and the most hand-overs: beyond that they are not looked for.
const MOST_WORDS: usize = 1 << 21;
const MOST_HANDOVERS: usize = 1 << 16;

/// As many states are looked at on ways to hand-overs.
const MOST_LOOKS: usize = 1 << 21;

/// How often the states are gone through until nothing is new.
const SWEEPS: usize = 16;

impl<'a> HandOvers<'a> {
    /// Those of a finished graph, if they are not too many.
    pub(super) fn new(graph: &'a Graph, automata: &Automata, cycles: &Cycles) -> Option<Self> {
        let (slots, nodes, row) = slots(automata);
        if row.saturating_mul(graph.len()) > MOST_WORDS {
            return None;
        }
        let last = vec![0; row * graph.len()];
        let (known, seen, asked) = (BTreeMap::new(), BTreeSet::new(), None);
        let threads = automata.all().map(|node| automata.thread(node)).collect();
        let (sources, looks) = (Vec::new(), MOST_LOOKS);
        let mut all =
            Self { graph, threads, slots, nodes, row, last, known, seen, asked, sources, looks };
        all.spread(cycles)?;
        all.meet()?;
        Some(all)
    }

    /// How many there are, and how many of them were seen.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.known.len(), self.seen.len())
    }

    /// Nothing has been seen.
    pub(super) fn forget(&mut self) {
        self.seen.clear();
    }

    /// A run has been seen that makes these moves.
    pub(super) fn see(&mut self, moves: impl IntoIterator<Item = (State, Turn)>) {
        let mut last: FxHashMap<usize, NodeId> = FxHashMap::default();
        for (state, turn) in moves {
            let Some((node, slot)) = self.operation(state, turn.thread) else { continue };
            if let Some(before) = last.insert(slot.from, node)
                && self.known.contains_key(&(before, node))
            {
                self.seen.insert((before, node));
            }
        }
    }

    /// A way through the graph by which one happens that has not been seen, and the state after it.
    ///
    /// Each is asked for once.
    pub(super) fn unseen(&mut self) -> Option<Vec<Turn>> {
        let after = self.asked.map_or(Bound::Unbounded, Bound::Excluded);
        let mut left = self.known.range((after, Bound::Unbounded));
        let (&(before, after), &state) = left.find(|(which, _)| !self.seen.contains(which))?;
        self.asked = Some((before, after));
        if self.sources.is_empty() {
            self.sources = sources(self.graph);
        }
        self.way(before, after, state)
    }

    /// A way to this state, in which `after` comes, that has `before` as the last operation on the same
    /// object.
    fn way(&mut self, before: NodeId, after: NodeId, state: State) -> Option<Vec<Turn>> {
        let slot = self.slots[before.index()]?;
        let mut from: FxHashMap<State, Option<(State, Turn)>> = FxHashMap::default();
        from.insert(state, Some((state, self.threads[after.index()].into())));
        let mut open = std::collections::VecDeque::from([state]);
        while let Some(to) = open.pop_front() {
            self.looks = self.looks.checked_sub(1)?;
            for &source in &self.sources[to as usize] {
                for (turn, _) in self.graph.moves(source).filter(|&(_, target)| target == to) {
                    let operation = self.operation(source, turn.thread);
                    let is_it = operation.is_some_and(|(node, _)| node == before);
                    let is_on_it = operation.is_some_and(|(_, other)| other.from == slot.from);
                    if is_it {
                        let way = self.graph.way_to(source).into_iter().map(|(_, turn)| turn);
                        return Some(way.chain([turn]).chain(onwards(&from, to)).collect());
                    }
                    if !is_on_it && self.is_last(source, slot) && !from.contains_key(&source) {
                        from.insert(source, Some((to, turn)));
                        open.push_back(source);
                    }
                }
            }
        }
        None
    }

    /// What a thread's move from a state does, if that is an operation on an object.
    fn operation(&self, state: State, thread: ThreadId) -> Option<(NodeId, Slot)> {
        let node = NodeId::from_word(self.graph.words(state)[thread.index()])?;
        Some((node, self.slots[node.index()]?))
    }

    fn is_last(&self, state: State, slot: Slot) -> bool {
        let words = &self.last[state as usize * self.row..][slot.from..slot.to];
        words[slot.bit / 64] >> (slot.bit % 64) & 1 == 1
    }

    /// Follows every move until nothing new can have been the last.
    fn spread(&mut self, cycles: &Cycles) -> Option<()> {
        if !cycles.any() && !self.graph.has_doubtful_moves() {
            for state in cycles.topological(self.graph) {
                self.spread_from(state);
            }
            return Some(());
        }
        let mut sweep = || {
            let states = 0..self.graph.len() as State;
            states.fold(false, |changed, state| self.spread_from(state) | changed)
        };
        (0..SWEEPS).any(|_| !sweep()).then_some(())
    }

    fn spread_from(&mut self, state: State) -> bool {
        let mut changed = false;
        let graph = self.graph;
        for (turn, target) in graph.moves(state) {
            let operation = self.operation(state, turn.thread);
            let Some((_, slot)) = operation else {
                changed |= self.pass_on(state, target, 0..self.row);
                continue;
            };
            changed |= self.pass_on(state, target, 0..slot.from);
            changed |= self.pass_on(state, target, slot.to..self.row);
            let word = target as usize * self.row + slot.from + slot.bit / 64;
            changed |= merge(&mut self.last[word], 1 << (slot.bit % 64));
        }
        changed
    }

    /// What can have been the last in a state can have been it in the next.
    fn pass_on(&mut self, state: State, target: State, words: Range<usize>) -> bool {
        let (from, to) = (state as usize * self.row, target as usize * self.row);
        words.fold(false, |changed, word| {
            let more = self.last[from + word];
            merge(&mut self.last[to + word], more) | changed
        })
    }

    /// Notes every hand-over, with the first state in which it can happen.
    fn meet(&mut self) -> Option<()> {
        let mut known = FxHashMap::default();
        for state in 0..self.graph.len() as State {
            for (Turn { thread, .. }, _) in self.graph.moves(state) {
                let Some((node, slot)) = self.operation(state, thread) else { continue };
                for word in slot.from..slot.to {
                    let mut bits = self.last[state as usize * self.row + word];
                    while bits != 0 {
                        let before = self.nodes[word * 64 + bits.trailing_zeros() as usize];
                        bits &= bits - 1;
                        if self.threads[before.index()] != thread {
                            known.entry((before, node)).or_insert(state);
                        }
                    }
                }
            }
            if known.len() > MOST_HANDOVERS {
                return None;
            }
        }
        self.known = known.into_iter().collect();
        Some(())
    }
}

/// Adds bits to a word, and says whether that changed it.
fn merge(word: &mut u64, more: u64) -> bool {
    let before = std::mem::replace(word, *word | more);
    before != *word
}

fn onwards(
    from: &FxHashMap<State, Option<(State, Turn)>>,
    mut at: State,
) -> impl Iterator<Item = Turn> {
    let mut over = false;
    std::iter::from_fn(move || {
        let (next, turn) = from.get(&at).copied().flatten().filter(|_| !over)?;
        over = next == at;
        at = next;
        Some(turn)
    })
}

/// Gives every operation on a lock, a cell or an event a place among those on the same object.
fn slots(automata: &Automata) -> (Vec<Option<Slot>>, Vec<NodeId>, usize) {
    let mut by_object: BTreeMap<Object, Vec<NodeId>> = BTreeMap::new();
    for node in automata.all() {
        match automata.op(node).and_then(|op| op.object(automata.thread(node))) {
            Some(object) if object.kind != Kind::Thread => {
                by_object.entry(object).or_default().push(node)
            }
            _ => {}
        }
    }
    let mut slots = vec![None; automata.len()];
    let mut nodes = Vec::new();
    let mut row = 0;
    for on_it in by_object.into_values() {
        let (from, to) = (row, row + on_it.len().div_ceil(64));
        row = to;
        for (bit, &node) in on_it.iter().enumerate() {
            slots[node.index()] = Some(Slot { from, to, bit });
        }
        nodes.extend(&on_it);
        nodes.resize(row * 64, on_it[0]);
    }
    (slots, nodes, row)
}

fn sources(graph: &Graph) -> Vec<Vec<State>> {
    let mut sources = vec![Vec::new(); graph.len()];
    for state in 0..graph.expanded() as State {
        for (_, target) in graph.moves(state) {
            sources[target as usize].push(state);
        }
    }
    sources
}
