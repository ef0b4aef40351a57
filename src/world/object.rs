//! What operations are about.

use super::{CellId, EventId, LockId, Op, ThreadId};

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A lock.
    Lock(LockId),
    /// A cell.
    Cell(CellId),
    /// An event.
    Event(EventId),
    /// A thread: its start, its end, and whoever asks.
    Thread(ThreadId),
}

impl Op {
    /// What the operation is about, if this thread performs it; to yield is about nothing.
    pub fn object(self, thread: ThreadId) -> Option<Object> {
        Some(match self {
            Self::Acquire(lock)
            | Self::AcquireTimeout(lock)
            | Self::Release(lock)
            | Self::Locked(lock) => Object::Lock(lock),
            Self::Load(cell) | Self::Store(cell, _) => Object::Cell(cell),
            Self::Set(event) | Self::Clear(event) | Self::IsSet(event) | Self::Wait(event) => {
                Object::Event(event)
            }
            Self::Spawn(child) | Self::Join(child) | Self::IsFinished(child) => {
                Object::Thread(child)
            }
            Self::End => Object::Thread(thread),
            Self::Yield => return None,
        })
    }
}
