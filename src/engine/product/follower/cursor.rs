//! Where a thread of the run under way is, and what it carries.

use crate::engine::product::automata::{Automata, Luggage, NodeId, Origin};
use crate::engine::product::spin::{Spin, Trail};
use crate::sync::checkpoint::Promise;
use crate::world::ThreadId;
use rustc_hash::FxHashSet;

/// Where a thread is.
#[derive(Debug, Default)]
pub(super) struct Cursor {
    /// Where its maker was; nothing for the main thread.
    pub(super) spawned_at: Option<NodeId>,
    pub(super) at: Position,
    pub(super) luggage: Luggage,
    /// How many data it has in hand that nobody can tell by their value.
    pub(super) in_hand: usize,
    /// Where it was when it made a promise.
    pub(super) promised: FxHashSet<NodeId>,
    pub(super) trail: Trail,
    /// It goes round, by what is known so far.
    pub(super) spin: Option<Spin>,
}

impl Cursor {
    /// It promises to be determined by this from here on. Data in hand are not among what it could promise anything of.
    pub(super) fn promise(&mut self, promise: Promise, made: (&[u32], u32)) {
        let spawned_at = self.spawned_at.map_or(0, NodeId::word);
        self.luggage.promise = (self.in_hand == 0).then(|| promise.key(spawned_at, made));
    }

    /// A key of what determines all that it leaves just now.
    pub(super) fn past(&self, thread: ThreadId, automata: &Automata) -> Vec<u8> {
        match (&self.luggage.promise, self.at) {
            (Some(key), _) => [&PROMISED, &thread.index().to_le_bytes()[..], key].concat(),
            (None, Position::Between(origin)) => automata.first(origin).key(),
            // Only who has diverged does anything anywhere else.
            (None, Position::At(_) | Position::Ended(_)) => Vec::new(),
        }
    }
}

/// So no way begins by which a thread comes to a node.
const PROMISED: [u8; 4] = [u8::MAX; 4];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// On its way from there.
    Between(Origin),
    /// It has come to an operation.
    At(NodeId),
    /// It has ended.
    Ended(NodeId),
}

impl Default for Position {
    fn default() -> Self {
        Self::Between(Origin::Start(None))
    }
}
