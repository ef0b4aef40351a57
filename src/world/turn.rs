//! Whose turn it is.

use super::{Op, ThreadId};

/// A thread moves, and where its operation can go on in several ways, by one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Turn {
    /// Who moves.
    pub thread: ThreadId,
    /// By which of the [choices](Op::choices) of its operation.
    pub choice: u32,
}

impl Turn {
    /// The thread's turn to perform this operation, if it is decided.
    pub fn of(thread: ThreadId, op: Op) -> Self {
        Self { thread, choice: op.choice() }
    }
}

impl From<ThreadId> for Turn {
    fn from(thread: ThreadId) -> Self {
        Self { thread, choice: 0 }
    }
}
