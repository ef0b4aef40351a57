//! Where a thread can be, and how it gets there.

use super::edge::edge;
use crate::trace::Place;
use crate::world::{DataId, Object, Op, Outcome, ThreadId};
use std::num::NonZeroU32;

/// A node of some thread's automaton. As a word it is never 0, which stands for no node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeId(NonZeroU32);

impl NodeId {
    pub(super) fn new(index: usize) -> Self {
        let word = u32::try_from(index + 1).expect("fewer than 2^32 nodes");
        Self(NonZeroU32::MIN.saturating_add(word - 1))
    }

    #[inline]
    pub(crate) fn from_word(word: u32) -> Option<Self> {
        NonZeroU32::new(word).map(Self)
    }

    #[inline]
    pub(crate) fn word(self) -> u32 {
        self.0.get()
    }

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// How a thread gets to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Origin {
    /// It starts there, having been spawned at the node; the main thread at none.
    Start(Option<NodeId>),
    /// It was told this outcome at the node before.
    After(NodeId, Outcome),
}

impl Origin {
    /// No two have the same.
    pub(super) fn key(self) -> Vec<u8> {
        let word = |node: Option<NodeId>| node.map_or(0, NodeId::word).to_le_bytes();
        let (node, how) = match self {
            Self::Start(node) => (node, vec![]),
            Self::After(node, outcome) => (Some(node), edge(outcome).key()),
        };
        [&word(node)[..], &how].concat()
    }
}

/// What a thread does at a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// It has come to an operation.
    Op(Op, Place),
    /// It has ended, in a panic with this message or by returning.
    End(Option<String>),
    /// It has cut the run off.
    Cut,
    /// It has made these objects, each with the bits of its first state; only ever part of a [`Divergence`].
    Made(Vec<(Object, u64)>),
}

impl Deed {
    /// The same, by a thread that leaves all that it leaves as this.
    pub(super) fn left(&self, past: DataId) -> Self {
        match *self {
            Self::Op(op, place) => Self::Op(op.left(past), place),
            _ => self.clone(),
        }
    }

    /// Whether a thread that goes round does this where it did the other, of which came this: all the same, or in vain
    /// and the same but for who would have left something.
    pub(super) fn repeats(&self, other: &Self, outcome: Outcome) -> bool {
        let past = DataId::untold();
        let is_in_vain = |op: &Op| op.is_in_vain(outcome);
        self == other
            || matches!(other, Self::Op(op, _) if is_in_vain(op))
                && self.left(past) == other.left(past)
    }
}

/// A thread did two different things after having been told the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Divergence {
    pub(crate) thread: ThreadId,
    pub(crate) before: Deed,
    pub(crate) now: Deed,
}

/// What a thread brings along when it gets to a node.
#[derive(Debug, Default)]
pub(crate) struct Luggage {
    /// The key that it promised, if it did, to be determined by.
    pub(crate) promise: Option<Vec<u8>>,
    /// The objects that it made since the node before, with the bits of their first states.
    pub(crate) made: Vec<(Object, u64)>,
    /// Whether it has left data behind, since the node before, that nobody can tell by their value.
    pub(crate) has_written: bool,
}
