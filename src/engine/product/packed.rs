//! A global state in a few words.
//!
//! In this order: for each thread, the node it is at, or 0 if nobody has spawned it; for each object of
//! each kind in turn, its state, in as many bits as the kind [says](Primitive::BITS). Whatever has not
//! been made yet is zero, so a layout can grow without changing what a state means.

use super::automata::{Automata, NodeId};
use crate::world::shared::{Look, Shared};
use crate::world::{
    self, Finish, Kind, Object, Op, Primitive, ThreadId, ThreadOp, ThreadState, World,
};

/// How many of each kind there are, and so where each is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    counts: [usize; Kind::COUNT],
    /// The word with which each kind begins.
    at: [usize; Kind::COUNT],
    words: usize,
}

/// Beyond this a lock's holder does not fit in its byte.
pub(crate) const MAX_THREADS: usize = 255;

/// Where the state of an object is: its first word, the bit with which it begins there, and how many bits
/// it has.
struct Field {
    word: usize,
    bit: usize,
    bits: usize,
}

impl Layout {
    /// The layout for so many of each kind.
    pub(crate) fn new(count: impl Fn(Kind) -> usize) -> Self {
        let mut layout = Self::default();
        let first = [Kind::Thread].iter();
        for &kind in first.chain(&Kind::ALL[..Kind::COUNT - 1]) {
            layout.counts[kind as usize] = count(kind);
            layout.at[kind as usize] = layout.words;
            layout.words += layout.words_of(kind);
        }
        layout
    }

    /// How many words a state has.
    pub(crate) fn words(&self) -> usize {
        self.words
    }

    /// How many threads there are.
    pub(crate) fn threads(&self) -> usize {
        self.count(Kind::Thread)
    }

    /// How many of a kind there are.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.counts[kind as usize]
    }

    fn words_of(&self, kind: Kind) -> usize {
        (self.count(kind) * kind.bits()).div_ceil(32)
    }

    /// Gives objects these states.
    fn write(&self, words: &mut [u32], states: &[(Object, u64)]) {
        for &(object, bits) in states {
            self.field(object.kind, object.index()).write(words, bits);
        }
    }

    #[inline(always)]
    fn field(&self, kind: Kind, index: usize) -> Field {
        let (bits, before) = (kind.bits(), index * kind.bits());
        Field { word: self.at[kind as usize] + before / 32, bit: before % 32, bits }
    }

    /// Those of these objects that have their place here, and had none in the layout before.
    pub(crate) fn new_among(&self, all: &[(Object, u64)], before: &Self) -> Vec<(Object, u64)> {
        let is_new = |&&(object, _): &&(Object, u64)| {
            (before.count(object.kind)..self.count(object.kind)).contains(&object.index())
        };
        all.iter().filter(is_new).copied().collect()
    }

    /// The same state in a larger layout, in which these objects have states.
    pub(crate) fn widen(&self, words: &[u32], wide: &Self, new: &[(Object, u64)]) -> Vec<u32> {
        let mut out = vec![0; wide.words()];
        for &kind in Kind::ALL {
            let (from, to) = (self.at[kind as usize], wide.at[kind as usize]);
            let len = self.words_of(kind);
            out[to..to + len].copy_from_slice(&words[from..from + len]);
        }
        wide.write(&mut out, new);
        out
    }
}

impl Field {
    /// What is written in it.
    #[inline(always)]
    fn read(&self, words: &[u32]) -> u64 {
        let word = u64::from(words[self.word]);
        match self.bits {
            64 => word | u64::from(words[self.word + 1]) << 32,
            bits => word >> self.bit & ((1 << bits) - 1),
        }
    }

    #[inline(always)]
    fn write(&self, words: &mut [u32], value: u64) {
        if self.bits == 64 {
            words[self.word] = value as u32;
            words[self.word + 1] = (value >> 32) as u32;
        } else {
            let mask = (((1_u64 << self.bits) - 1) as u32) << self.bit;
            let word = &mut words[self.word];
            *word = *word & !mask | (value as u32) << self.bit;
        }
    }
}

/// A state in its words, with what it takes to read them.
pub(crate) struct Packed<'a, W> {
    pub(crate) layout: &'a Layout,
    pub(crate) automata: &'a Automata,
    pub(crate) words: W,
}

impl<W: AsRef<[u32]>> Packed<'_, W> {
    /// Where a thread is; none if nobody has spawned it.
    #[inline]
    pub(crate) fn node(&self, thread: ThreadId) -> Option<NodeId> {
        let word = self.words.as_ref().get(thread.index()).copied()?;
        NodeId::from_word(word).filter(|_| thread.index() < self.layout.threads())
    }

    /// The operation that a thread has come to; none before it is spawned and once it has nothing left
    /// to do but to end.
    #[inline]
    pub(crate) fn op(&self, thread: ThreadId) -> Option<Op> {
        self.node(thread).and_then(|node| self.automata.op(node))
    }

    /// What a thread that is at a node may do next: the operation that it has come to or, if somebody
    /// has come to ask about it, end.
    #[inline]
    pub(crate) fn due(&self, thread: ThreadId, node: NodeId) -> Option<Op> {
        self.automata.op(node).or_else(|| self.is_asked_for(thread, node).then_some(Op::End))
    }

    /// Whether a thread has nothing left to do but to end, and it matters whether it does.
    fn is_asked_for(&self, thread: ThreadId, node: NodeId) -> bool {
        let question = Some(Op::Thread(thread, ThreadOp::IsFinished));
        self.automata.any_question()
            && !self.automata.has_ended(node)
            && (0..self.layout.threads()).any(|i| self.op(ThreadId::new(i)) == question)
    }

    /// Whether some thread has cut the run off.
    #[inline]
    pub(crate) fn is_cut(&self) -> bool {
        let nodes = (0..self.layout.threads()).filter_map(|i| self.node(ThreadId::new(i)));
        self.automata.any_cut() && nodes.into_iter().any(|node| self.automata.cut(node))
    }

    /// Whether some thread has come to a data race.
    #[inline]
    pub(crate) fn is_raced(&self) -> bool {
        let ops = || (0..self.layout.threads()).filter_map(|i| self.op(ThreadId::new(i)));
        self.layout.count(Kind::UnsafeCell) > 0 && ops().any(|op| world::races(self, op))
    }

    /// The same state as a world.
    pub(crate) fn to_world(&self) -> World {
        let mut world = World::new();
        let threads = (0..self.layout.threads()).map(ThreadId::new);
        world.threads = threads.map(|thread| self.thread(thread)).collect();
        for &kind in Kind::ALL.iter().filter(|&&kind| kind != Kind::Thread) {
            for index in 0..self.layout.count(kind) {
                let bits = self.layout.field(kind, index).read(self.words.as_ref());
                *world.bits_mut(Object::new(kind, index)) = bits;
            }
        }
        world
    }
}

/// How a thread came to its end that is at this node, with the node at which it did to stand in for
/// what it returned.
pub(crate) fn finish(automata: &Automata, node: NodeId) -> Finish {
    let end = automata.end_before(node);
    Finish { panicked: automata.panicked(end), token: end.word() }
}

impl<W: AsRef<[u32]> + AsMut<[u32]>> Packed<'_, W> {
    /// Moves a thread to a node.
    #[inline]
    pub(crate) fn move_to(&mut self, thread: ThreadId, node: NodeId) {
        self.words.as_mut()[thread.index()] = node.word();
    }

    /// Gives new objects their first states.
    pub(crate) fn make(&mut self, made: &[(Object, u64)]) {
        self.layout.write(self.words.as_mut(), made);
    }
}

impl<W: AsRef<[u32]>> Look for Packed<'_, W> {
    #[inline(always)]
    fn state<P: Primitive>(&self, object: P) -> P::State {
        P::unpack(self.layout.field(P::KIND, object.index()).read(self.words.as_ref()))
    }

    #[inline]
    fn thread(&self, thread: ThreadId) -> ThreadState {
        match self.node(thread) {
            None => ThreadState::Absent,
            Some(node) if self.automata.op(node).is_some() => ThreadState::Running,
            Some(node) if self.automata.has_ended(node) => {
                ThreadState::Finished(finish(self.automata, node))
            }
            Some(node) => ThreadState::Leaving(finish(self.automata, node)),
        }
    }
}

impl<W: AsRef<[u32]> + AsMut<[u32]>> Shared for Packed<'_, W> {
    #[inline(always)]
    fn put<P: Primitive>(&mut self, object: P, state: P::State) {
        let field = self.layout.field(P::KIND, object.index());
        field.write(self.words.as_mut(), P::pack(state));
    }

    /// The search puts the thread at its first node.
    fn start(&mut self, _: ThreadId) {}

    /// The search puts the thread at its last node. It leaves one that has been joined where it is: of
    /// that nobody can ask any more.
    fn end(&mut self, _: ThreadId) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{CellId, EventId, LockId};

    fn layout(threads: usize, cells: usize, locks: usize, events: usize) -> Layout {
        Layout::new(|kind| match kind {
            Kind::Thread => threads,
            Kind::Cell => cells,
            Kind::Lock => locks,
            _ if kind == Kind::Event => events,
            _ => 0,
        })
    }

    fn values() -> impl Iterator<Item = (CellId, i64)> {
        [1, 2, 3 - (2 << 40)].into_iter().enumerate().map(|(i, value)| (CellId::new(i), value))
    }

    #[test]
    fn a_state_says_the_same_in_a_larger_layout() {
        let [small, large] = [layout(2, 3, 5, 33), layout(3, 4, 9, 65)];
        let automata = Automata::default();
        let words = vec![0; small.words()];
        let mut narrow = Packed { layout: &small, automata: &automata, words };
        let [first, last] = [1, 2].map(|word| NodeId::from_word(word).expect("it is not 0"));
        narrow.move_to(ThreadId::MAIN, first);
        narrow.move_to(ThreadId::new(1), last);
        values().for_each(|(cell, value)| narrow.put(cell, value));
        let locks = [0, 4].map(LockId::new);
        for (thread, lock) in locks.into_iter().enumerate() {
            narrow.put(lock, Some(ThreadId::new(thread)));
        }
        let events = [0, 32].map(EventId::new);
        // What is raised already stays raised.
        events.repeat(2).into_iter().for_each(|event| narrow.put(event, true));
        assert_eq!(narrow.node(ThreadId::new(small.threads())), None);

        let words = small.widen(&narrow.words, &large, &[]);
        let wide = Packed { layout: &large, automata: &automata, words };
        let nodes = (0..3).map(|i| wide.node(ThreadId::new(i)));
        assert_eq!(nodes.collect::<Vec<_>>(), [Some(first), Some(last), None]);
        values().for_each(|(cell, value)| assert_eq!(wide.state(cell), value));
        assert_eq!(wide.state(CellId::new(3)), 0);
        let holders = (0..9).filter_map(|i| wide.state(LockId::new(i)));
        assert_eq!(holders.collect::<Vec<_>>(), [0, 1].map(ThreadId::new));
        assert!(locks.iter().all(|&lock| wide.state(lock).is_some()));
        let raised = (0..65).map(EventId::new).filter(|&event| wide.state(event));
        assert_eq!(raised.collect::<Vec<_>>(), events);
    }
}
