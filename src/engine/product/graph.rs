//! The states that were reached, and the moves between them.

pub(crate) use super::index::State;
use super::index::{Arena, Index, hash};
use super::packed::Layout;
use super::patience::Patience;
use crate::world::{Object, ThreadId, Turn};
use std::ops::Range;

/// The graph of all states. Moves are stored with the state that they start from, once that state
/// has been expanded; states are expanded in order.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    layout: Layout,
    arena: Arena,
    index: Index,
    first_move: Vec<u32>,
    targets: Vec<State>,
    movers: Vec<u8>,
    /// The moves by another choice than the first, by their positions, in order.
    choices: Vec<(u32, u32)>,
    /// The moves that cannot be counted on, by their positions, in order.
    doubtful: Vec<u32>,
    /// Now and then, how many states had been expanded, and how many were known then.
    marks: Vec<Mark>,
    /// Of whoever waits for what is read off it.
    pub(super) patience: Patience,
}

/// So many states had been expanded, and so many were known.
#[derive(Clone, Copy, Debug)]
struct Mark {
    expanded: State,
    known: State,
}

/// How many states are expanded between two marks, or a batch more.
const MARK_EVERY: usize = 64;

/// States that may be new, and where they came from, to be looked up together.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    words: Vec<u32>,
    hashes: Vec<u64>,
    movers: Vec<u8>,
    /// The moves by another choice than the first, by their positions.
    choices: Vec<(u32, u32)>,
    /// The moves that cannot be counted on, by their positions.
    doubtful: Vec<u32>,
    /// How many moves each of the states that are being expanded has, in order.
    counts: Vec<u32>,
}

impl Batch {
    /// A copy of the state being expanded, to be changed into the one that a move leads to.
    #[inline]
    pub(crate) fn begin(&mut self, words: &[u32]) -> &mut [u32] {
        let at = self.words.len();
        self.words.extend_from_slice(words);
        &mut self.words[at..]
    }

    /// The turn leads to the state that was begun last.
    #[inline]
    pub(crate) fn push(&mut self, turn: Turn, stride: usize) {
        self.hashes.push(hash(&self.words[self.words.len() - stride..]));
        if turn.choice != 0 {
            self.choices.push((self.movers.len() as u32, turn.choice));
        }
        self.movers.push(turn.thread.index() as u8);
    }

    /// The move that was pushed last cannot be counted on.
    #[cold]
    pub(crate) fn doubt(&mut self) {
        self.doubtful.push(self.movers.len() as u32 - 1);
    }

    /// All moves of a state have been pushed, `before` being the [`len`](Self::len) before them.
    #[inline]
    pub(crate) fn close(&mut self, before: usize) {
        self.counts.push((self.movers.len() - before) as u32);
    }

    /// Takes back what was pushed after this many moves.
    pub(crate) fn truncate(&mut self, len: usize, stride: usize) {
        self.words.truncate(len * stride);
        self.hashes.truncate(len);
        self.movers.truncate(len);
        self.choices.retain(|&(at, _)| (at as usize) < len);
        self.doubtful.retain(|&at| (at as usize) < len);
    }

    /// How many moves have been pushed.
    pub(crate) fn len(&self) -> usize {
        self.movers.len()
    }

    fn clear(&mut self) {
        self.words.clear();
        self.hashes.clear();
        self.movers.clear();
        self.choices.clear();
        self.doubtful.clear();
        self.counts.clear();
    }
}

impl Graph {
    /// An empty one.
    pub(crate) fn with_layout(layout: Layout) -> Self {
        let arena = Arena { words: Vec::new(), stride: layout.words() };
        Self { layout, arena, ..Self::default() }
    }

    /// An empty one like this.
    pub(crate) fn emptied(&self) -> Self {
        Self { patience: self.patience.clone(), ..Self::with_layout(self.layout) }
    }

    /// How many states there are.
    pub(crate) fn len(&self) -> usize {
        self.arena.len()
    }

    /// How many moves there are from the states expanded so far.
    pub(crate) fn moves_len(&self) -> usize {
        self.targets.len()
    }

    /// How many states have been expanded.
    pub(crate) fn expanded(&self) -> usize {
        self.first_move.len()
    }

    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The words of a state.
    #[inline]
    pub(crate) fn words(&self, state: State) -> &[u32] {
        self.arena.of(state)
    }

    /// How many bytes all of this takes, spare capacity left out.
    pub(crate) fn bytes(&self) -> usize {
        let moves = self.targets.len() + self.doubtful.len() + 2 * self.choices.len();
        let words = self.arena.words.len() + self.first_move.len() + moves;
        let marks = size_of::<Mark>() * self.marks.len();
        size_of::<u32>() * words + self.movers.len() + marks + self.index.bytes()
    }

    /// Puts the first state in.
    pub(crate) fn begin(&mut self, words: &[u32]) {
        self.index.find_or_add(&mut self.arena, hash(words), words);
    }

    /// Stores the moves of the next states to be expanded, and the states that they lead to; gives
    /// the least of those. Leaves the batch empty.
    pub(crate) fn expand(&mut self, batch: &mut Batch) -> Option<State> {
        self.index.warm(&self.arena, &batch.hashes);
        self.mark();
        let from = self.targets.len();
        for (words, &hash) in batch.words.chunks_exact(self.arena.stride).zip(&batch.hashes) {
            self.targets.push(self.index.find_or_add(&mut self.arena, hash, words));
        }
        self.doubtful.extend(batch.doubtful.iter().map(|at| from as u32 + at));
        self.choices.extend(batch.choices.iter().map(|&(at, choice)| (from as u32 + at, choice)));
        self.movers.extend_from_slice(&batch.movers);
        let mut first = from as u32;
        for &count in &batch.counts {
            self.first_move.push(first);
            first += count;
        }
        batch.clear();
        self.targets[from..].iter().copied().min()
    }

    /// The moves from an expanded state: whose turn it is, and where to. A step of whoever reads the graph.
    #[inline]
    pub(crate) fn moves(&self, state: State) -> impl Iterator<Item = (Turn, State)> + '_ {
        self.patience.step();
        self.positions(state).map(|at| {
            let thread = ThreadId::new(self.movers[at].into());
            (Turn { thread, choice: self.choice(at) }, self.targets[at])
        })
    }

    /// Those of them that can be counted on.
    #[inline]
    pub(crate) fn certain_moves(&self, state: State) -> impl Iterator<Item = (Turn, State)> + '_ {
        let from = self.positions(state).start;
        let moves = self.moves(state).enumerate();
        moves.filter(move |&(at, _)| self.is_certain(from + at)).map(|(_, to)| to)
    }

    /// Where they lead.
    #[inline]
    pub(crate) fn certain_targets(&self, state: State) -> impl Iterator<Item = State> + '_ {
        self.patience.step();
        self.positions(state).filter(|&at| self.is_certain(at)).map(|at| self.targets[at])
    }

    /// Whether the move at this position can be counted on.
    #[inline]
    fn is_certain(&self, at: usize) -> bool {
        self.doubtful.is_empty() || self.doubtful.binary_search(&(at as u32)).is_err()
    }

    /// Whether no thread can leave this state.
    #[inline]
    pub(crate) fn is_terminal(&self, state: State) -> bool {
        self.patience.step();
        self.positions(state).is_empty()
    }

    /// By which choice the move at this position is made.
    #[inline]
    fn choice(&self, at: usize) -> u32 {
        if self.choices.is_empty() {
            return 0;
        }
        let known = self.choices.binary_search_by_key(&(at as u32), |&(at, _)| at);
        known.map_or(0, |known| self.choices[known].1)
    }

    /// Whether some moves cannot be counted on.
    pub(crate) fn has_doubtful_moves(&self) -> bool {
        !self.doubtful.is_empty()
    }

    #[inline]
    fn positions(&self, state: State) -> Range<usize> {
        let first = |state: usize| {
            self.first_move.get(state).map_or(self.targets.len(), |&first| first as usize)
        };
        first(state as usize)..first(state as usize + 1)
    }

    fn mark(&mut self) {
        if self.expanded() >= self.marks.len() * MARK_EVERY {
            let [expanded, known] = [self.expanded(), self.len()].map(|count| count as State);
            self.marks.push(Mark { expanded, known });
        }
    }

    /// The shortest way from the first state to another one: from where, and whose turn it is there. A state is
    /// met before it is expanded, and by the first move that leads to it; that one is looked for between
    /// two marks.
    pub(crate) fn way_to(&self, mut state: State) -> Vec<(State, Turn)> {
        let mut way = Vec::new();
        while state != 0 {
            let (from, turn) = self.first_move_to(state);
            way.push((from, turn));
            state = from;
        }
        way.reverse();
        way
    }

    fn first_move_to(&self, state: State) -> (State, Turn) {
        let later = self.marks.partition_point(|mark| mark.known <= state);
        let mark = self.marks[later - 1].expanded;
        let mut moves = (mark..).flat_map(|from| self.moves(from).map(move |to| (from, to)));
        let first = moves.find(|&(_, (_, target))| target == state);
        let (from, (turn, _)) = first.expect("a move leads to every state but the first");
        (from, turn)
    }

    /// Makes room for more objects in every state; those of them that were there before the program began have
    /// these first states.
    pub(crate) fn widen(&mut self, layout: Layout, found: &[(Object, u64)]) {
        let new = layout.new_among(found, &self.layout);
        let wide = (0..self.len())
            .flat_map(|state| self.layout.widen(self.words(state as State), &layout, &new))
            .collect();
        self.arena = Arena { words: wide, stride: layout.words() };
        self.layout = layout;
        self.index.grow(&self.arena);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::world::Kind;

    /// A graph with these moves, the nth list being those of the nth state, whose states are met in the
    /// order of their numbers.
    pub(in super::super) fn graph_of(moves: &[&[State]]) -> Graph {
        let mut graph = Graph::with_layout(Layout::new(|kind| usize::from(kind == Kind::Thread)));
        graph.begin(&[0]);
        for (state, targets) in moves.iter().enumerate() {
            let mut batch = Batch::default();
            for (mover, &target) in targets.iter().enumerate() {
                batch.begin(graph.words(state as State))[0] = target;
                batch.push(ThreadId::new(mover).into(), 1);
            }
            batch.close(0);
            graph.expand(&mut batch);
            assert!(targets.iter().all(|&target| graph.words(target) == [target]));
        }
        graph
    }

    #[test]
    fn a_way_leads_from_the_first_state_to_one_that_was_met() {
        // Loops at 0 and 2, a cycle through 0, an end at 1, and 5 that is not expanded.
        let graph = graph_of(&[&[0, 1, 2], &[], &[2, 0, 3], &[4, 2], &[3, 5]]);
        let way =
            |state| graph.way_to(state).into_iter().map(|(from, turn)| (from, turn.thread.index()));
        let expected: [&[(State, usize)]; 6] = [
            &[],
            &[(0, 1)],
            &[(0, 2)],
            &[(0, 2), (2, 2)],
            &[(0, 2), (2, 2), (3, 0)],
            &[(0, 2), (2, 2), (3, 0), (4, 1)],
        ];
        for (state, expected) in (0..).zip(expected) {
            assert_eq!(way(state).collect::<Vec<_>>(), expected, "{state}");
        }
    }

    #[test]
    fn bytes_are_words_of_four_and_slots_of_five() {
        let mut graph = Graph::with_layout(Layout::new(|kind| match kind {
            Kind::Thread => 1,
            Kind::Cell => 2,
            _ => 0,
        }));
        let stride = graph.layout().words();
        graph.begin(&vec![0; stride]);
        let mut batch = Batch::default();
        for cell in [1, 2] {
            let state = batch.begin(graph.words(0));
            state.fill(cell);
            batch.push(ThreadId::MAIN.into(), stride);
        }
        batch.close(0);
        graph.expand(&mut batch);
        assert_eq!((graph.len(), graph.moves_len(), graph.expanded()), (3, 2, 1));
        let (states, offsets, targets, movers, table) = (3 * stride * 4, 4, 2 * 4, 2, 16 * 5);
        let marks = 2 * 4;
        assert_eq!(graph.bytes(), states + offsets + targets + movers + marks + table);
    }
}
