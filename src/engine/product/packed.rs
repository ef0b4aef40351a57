//! A global state in a few words.
//!
//! In this order: for each thread, the node it is at, or 0 if nobody has spawned it;
//! for each cell, its 64 bits in two words; for each lock a byte, one more than the thread that
//! holds it, or 0; for each event a bit. Whatever has not been made yet is zero, so a layout can
//! grow without changing what a state means.

use super::automata::{Automata, NodeId};
use crate::world::shared::{Look, Shared};
use crate::world::{CellId, EventId, Finish, LockId, Op, ThreadId, ThreadState, World};

/// How many of each there are, and so where each is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) threads: usize,
    pub(crate) cells: usize,
    pub(crate) locks: usize,
    pub(crate) events: usize,
}

/// Beyond this a lock's holder does not fit in its byte.
pub(crate) const MAX_THREADS: usize = 255;

impl Layout {
    /// How many words a state has.
    pub(crate) fn words(&self) -> usize {
        self.events_at() + self.events.div_ceil(32)
    }

    fn cell_at(&self, cell: usize) -> usize {
        self.threads + 2 * cell
    }

    fn locks_at(&self) -> usize {
        self.cell_at(self.cells)
    }

    fn events_at(&self) -> usize {
        self.locks_at() + self.locks.div_ceil(4)
    }

    /// The same state in a larger layout.
    pub(crate) fn widen(&self, words: &[u32], wide: &Self) -> Vec<u32> {
        let mut out = vec![0; wide.words()];
        let mut copy = |from: usize, to: usize, len: usize| {
            out[to..to + len].copy_from_slice(&words[from..from + len]);
        };
        copy(0, 0, self.threads);
        copy(self.cell_at(0), wide.cell_at(0), 2 * self.cells);
        copy(self.locks_at(), wide.locks_at(), self.locks.div_ceil(4));
        copy(self.events_at(), wide.events_at(), self.events.div_ceil(32));
        out
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
        NodeId::from_word(word).filter(|_| thread.index() < self.layout.threads)
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
        let question = Some(Op::IsFinished(thread));
        self.automata.any_question()
            && !self.automata.has_ended(node)
            && (0..self.layout.threads).any(|i| self.op(ThreadId::new(i)) == question)
    }

    /// Whether some thread has cut the run off.
    #[inline]
    pub(crate) fn is_cut(&self) -> bool {
        let nodes = (0..self.layout.threads).filter_map(|i| self.node(ThreadId::new(i)));
        self.automata.any_cut() && nodes.into_iter().any(|node| self.automata.cut(node))
    }

    /// The same state as a world.
    pub(crate) fn to_world(&self) -> World {
        let mut world = World::new();
        world.threads = self.each(self.layout.threads, |i| self.thread(ThreadId::new(i)));
        world.cells = self.each(self.layout.cells, |i| self.value(CellId::new(i)));
        world.holders = self.each(self.layout.locks, |i| self.holder(LockId::new(i)));
        world.events = self.each(self.layout.events, |i| self.is_set(EventId::new(i)));
        world
    }

    fn each<T>(&self, count: usize, read: impl Fn(usize) -> T) -> Vec<T> {
        (0..count).map(read).collect()
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
    pub(crate) fn put(&mut self, thread: ThreadId, node: NodeId) {
        self.words.as_mut()[thread.index()] = node.word();
    }
}

impl<W: AsRef<[u32]>> Look for Packed<'_, W> {
    #[inline]
    fn holder(&self, lock: LockId) -> Option<ThreadId> {
        let word = self.words.as_ref()[self.layout.locks_at() + lock.index() / 4];
        match word.to_le_bytes()[lock.index() % 4] {
            0 => None,
            holder => Some(ThreadId::new(usize::from(holder) - 1)),
        }
    }

    #[inline]
    fn value(&self, cell: CellId) -> i64 {
        let at = self.layout.cell_at(cell.index());
        let words = self.words.as_ref();
        (u64::from(words[at]) + (u64::from(words[at + 1]) << 32)).cast_signed()
    }

    #[inline]
    fn is_set(&self, event: EventId) -> bool {
        let word = self.words.as_ref()[self.layout.events_at() + event.index() / 32];
        word >> (event.index() % 32) & 1 == 1
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
    #[inline]
    fn set_holder(&mut self, lock: LockId, holder: Option<ThreadId>) {
        let word = &mut self.words.as_mut()[self.layout.locks_at() + lock.index() / 4];
        let mut bytes = word.to_le_bytes();
        bytes[lock.index() % 4] = holder.map_or(0, |thread| thread.index() as u8 + 1);
        *word = u32::from_le_bytes(bytes);
    }

    #[inline]
    fn set_value(&mut self, cell: CellId, value: i64) {
        let at = self.layout.cell_at(cell.index());
        let bits = value.cast_unsigned();
        let words = self.words.as_mut();
        words[at] = bits as u32;
        words[at + 1] = (bits >> 32) as u32;
    }

    #[inline]
    fn set_event(&mut self, event: EventId, raised: bool) {
        let word = &mut self.words.as_mut()[self.layout.events_at() + event.index() / 32];
        let bit = 1 << (event.index() % 32);
        *word = if raised { *word | bit } else { *word & !bit };
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

    const NARROW: Layout = Layout { threads: 2, cells: 3, locks: 5, events: 33 };
    const WIDE: Layout = Layout { threads: 3, cells: 4, locks: 9, events: 65 };

    fn values() -> impl Iterator<Item = (CellId, i64)> {
        [1, 2, 3 - (2 << 40)].into_iter().enumerate().map(|(i, value)| (CellId::new(i), value))
    }

    #[test]
    fn a_state_says_the_same_in_a_larger_layout() {
        let automata = Automata::default();
        let words = vec![0; NARROW.words()];
        let mut narrow = Packed { layout: &NARROW, automata: &automata, words };
        let [first, last] = [1, 2].map(|word| NodeId::from_word(word).expect("it is not 0"));
        narrow.put(ThreadId::MAIN, first);
        narrow.put(ThreadId::new(1), last);
        values().for_each(|(cell, value)| narrow.set_value(cell, value));
        let locks = [0, 4].map(LockId::new);
        for (thread, lock) in locks.into_iter().enumerate() {
            narrow.set_holder(lock, Some(ThreadId::new(thread)));
        }
        let events = [0, 32].map(EventId::new);
        // What is raised already stays raised.
        events.repeat(2).into_iter().for_each(|event| narrow.set_event(event, true));
        assert_eq!(narrow.node(ThreadId::new(NARROW.threads)), None);

        let words = NARROW.widen(&narrow.words, &WIDE);
        let wide = Packed { layout: &WIDE, automata: &automata, words };
        let nodes = (0..3).map(|i| wide.node(ThreadId::new(i)));
        assert_eq!(nodes.collect::<Vec<_>>(), [Some(first), Some(last), None]);
        values().for_each(|(cell, value)| assert_eq!(wide.value(cell), value));
        assert_eq!(wide.value(CellId::new(3)), 0);
        let holders = (0..9).filter_map(|i| wide.holder(LockId::new(i)));
        assert_eq!(holders.collect::<Vec<_>>(), [0, 1].map(ThreadId::new));
        assert!(locks.iter().all(|&lock| wide.holder(lock).is_some()));
        let raised = (0..65).map(EventId::new).filter(|&event| wide.is_set(event));
        assert_eq!(raised.collect::<Vec<_>>(), events);
    }
}
