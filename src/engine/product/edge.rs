//! Where an automaton keeps what comes of an answer.

use crate::world::{Finish, Outcome, Pointer};

/// Where an edge is stored.
pub(super) enum Edge {
    /// An outcome among at most two.
    Few(usize),
    Load(i64),
    Join(Finish),
}

impl Edge {
    /// No two edges of a node have the same, and none has no bytes.
    pub(super) fn key(&self) -> Vec<u8> {
        let (kind, number) = match *self {
            Self::Few(slot) => (0, slot as i64),
            Self::Load(value) => (1, value),
            Self::Join(Finish { panicked, token }) => (2 + u8::from(panicked), token.into()),
        };
        [&[kind][..], &number.to_le_bytes()].concat()
    }
}

#[inline]
pub(super) fn edge(outcome: Outcome) -> Edge {
    match outcome {
        Outcome::Done | Outcome::Acquired | Outcome::Is(true) => Edge::Few(0),
        Outcome::TimedOut | Outcome::Failed | Outcome::NotHeld | Outcome::Is(false) => Edge::Few(1),
        // The same as no data's.
        Outcome::Gone => Edge::Load(-1),
        Outcome::Value(value) => Edge::Load(value),
        Outcome::Had { data, is_poisoned } => {
            Edge::Load(i64::from(data.word()) << 1 | i64::from(is_poisoned))
        }
        Outcome::Pointer(Pointer { to, left }) => {
            Edge::Load(i64::from(to.word()) << 32 | i64::from(left.word()))
        }
        Outcome::Joined(finish) => Edge::Join(finish),
    }
}
