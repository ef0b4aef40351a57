//! The operations that a thread can perform, and what they can answer.

use super::{CellId, EventId, LockId, ThreadId};

/// One operation of a thread on what is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// Take a lock, waiting while it is held.
    Acquire(LockId),
    /// Take a lock, or time out. The scheduler picks the moment: free then, it is taken; held
    /// then, the wait has timed out. To wait and then take it is to be scheduled later.
    AcquireTimeout(LockId),
    /// Give a lock back, whoever holds it.
    Release(LockId),
    /// Ask whether a lock is held.
    Locked(LockId),
    /// Read a cell.
    Load(CellId),
    /// Write a cell.
    Store(CellId, i64),
    /// Raise an event.
    Set(EventId),
    /// Lower an event.
    Clear(EventId),
    /// Ask whether an event is raised.
    IsSet(EventId),
    /// Wait while an event is not raised.
    Wait(EventId),
    /// Start a thread.
    Spawn(ThreadId),
    /// Wait for a thread to end.
    Join(ThreadId),
    /// Ask whether a thread has ended.
    IsFinished(ThreadId),
    /// Let another thread go first.
    Yield,
    /// End, some time after the last of all these. Only where somebody asks does it matter when: so
    /// it is a step of its own only before the first question that it answers with yes.
    End,
}

/// What an operation answered; all that a thread learns from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is done, and there was nothing to learn.
    Done,
    /// A timed acquire took the lock.
    Acquired,
    /// A timed acquire found the lock held until its time was over.
    TimedOut,
    /// The lock to release was not held.
    NotHeld,
    /// The value that a load read.
    Value(i64),
    /// The answer to a question.
    Is(bool),
    /// How the joined thread ended.
    Joined(Finish),
}

/// How a thread ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finish {
    /// Whether it ended in a panic.
    pub panicked: bool,
    /// Stands in for the value that it returned: equal tokens, equal values.
    pub token: u32,
}
