//! The states that were reached, and the moves between them.

use super::packed::Layout;
use crate::world::ThreadId;
use hashbrown::HashTable;

/// A state, numbered in the order in which the search reached it.
pub(crate) type State = u32;

/// The graph of all states. Moves are stored with the state that they start from, once that state
/// has been expanded; states are expanded in order.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    layout: Layout,
    stride: usize,
    words: Vec<u32>,
    index: HashTable<State>,
    first_move: Vec<u32>,
    targets: Vec<State>,
    movers: Vec<u8>,
}

impl Graph {
    /// How many states there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len().checked_div(self.stride).unwrap_or(0)
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
        let at = state as usize * self.stride;
        &self.words[at..at + self.stride]
    }

    /// How many bytes all of this takes, spare capacity left out.
    pub(crate) fn bytes(&self) -> usize {
        let table = self.index.capacity().next_power_of_two() * (size_of::<State>() + 1);
        let moves = size_of::<State>() * self.targets.len() + self.movers.len();
        size_of::<u32>() * (self.words.len() + self.first_move.len()) + moves + table
    }

    /// The number of the state with these words, which is new if nobody reached it before.
    #[inline]
    pub(crate) fn insert(&mut self, words: &[u32]) -> State {
        let hash = hash(words);
        let (all, stride) = (&self.words, self.stride);
        let of = |state: State| &all[state as usize * stride..(state as usize + 1) * stride];
        let entry =
            self.index.entry(hash, |&state| of(state) == words, |&state| self::hash(of(state)));
        match entry {
            hashbrown::hash_table::Entry::Occupied(known) => *known.get(),
            hashbrown::hash_table::Entry::Vacant(vacant) => {
                let state = State::try_from(all.len() / stride).expect("fewer than 2^32 states");
                vacant.insert(state);
                self.words.extend_from_slice(words);
                state
            }
        }
    }

    /// Stores the moves of the next state to be expanded.
    pub(crate) fn expand(&mut self, moves: &[(ThreadId, State)]) {
        self.first_move.push(self.targets.len() as u32);
        for &(thread, target) in moves {
            self.targets.push(target);
            self.movers.push(thread.index() as u8);
        }
    }

    /// The moves from an expanded state: who moves, and where to.
    #[inline]
    pub(crate) fn moves(&self, state: State) -> impl Iterator<Item = (ThreadId, State)> + '_ {
        let at = state as usize;
        let from = self.first_move.get(at).map_or(self.targets.len(), |&first| first as usize);
        let to = self.first_move.get(at + 1).map_or(self.targets.len(), |&first| first as usize);
        let moves = self.movers[from..to].iter().zip(&self.targets[from..to]);
        moves.map(|(&mover, &target)| (ThreadId::new(mover.into()), target))
    }

    /// Makes room for more objects in every state.
    pub(crate) fn widen(&mut self, layout: Layout) {
        let wide = (0..self.len())
            .flat_map(|state| self.layout.widen(self.words(state as State), &layout))
            .collect();
        self.words = wide;
        self.layout = layout;
        self.stride = layout.words();
        let (all, stride) = (&self.words, self.stride);
        let of = |state: State| &all[state as usize * stride..(state as usize + 1) * stride];
        self.index.clear();
        for state in 0..(all.len() / stride) as State {
            self.index.insert_unique(hash(of(state)), state, |&state| hash(of(state)));
        }
    }
}

/// A hash of a state's words: multiply and fold, as in wyhash, two words at a time.
#[inline]
fn hash(words: &[u32]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut pairs = words.chunks_exact(2);
    let mut hash = ODD;
    for pair in &mut pairs {
        hash = fold(hash ^ (u64::from(pair[0]) | u64::from(pair[1]) << 32), ODD);
    }
    for &word in pairs.remainder() {
        hash = fold(hash ^ u64::from(word), ODD);
    }
    fold(hash, 0xe703_7ed1_a0b4_28db)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}
