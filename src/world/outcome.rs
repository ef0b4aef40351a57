//! What operations can answer.

use super::{DataId, Finish, Pointer};

/// What an operation answered; all that a thread learns from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is done, and there was nothing to learn.
    Done,
    /// What was tried, or waited for only so long, was had.
    Acquired,
    /// It was not to be had until the time was over.
    TimedOut,
    /// It failed although it could have succeeded.
    Failed,
    /// Nobody is at the other end any more.
    Gone,
    /// The lock to release was not held.
    NotHeld,
    /// The value that a load read.
    Value(i64),
    /// The data that were had, or seen.
    Had {
        /// The data, as they were left.
        data: DataId,
        /// Whether a panic left them so.
        is_poisoned: bool,
    },
    /// The pointer that was there.
    Pointer(Pointer),
    /// The answer to a question.
    Is(bool),
    /// How the joined thread ended.
    Joined(Finish),
}
