//! What comes of something that a thread has begun.

use super::super::instr::{How, Instr};
use super::state::Name;

/// What a thread has yet to do, since it has begun with something.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Later {
    /// Write, having waited for that, and go on with this.
    TakeWrite(Name, Instr),
    EndRead(Name),
    /// Leave the latest observation plus this in this lock, which it writes.
    Leave(Name, i64),
    /// Write no more, as who was being unwound when it began, or was not.
    EndWrite(Name, bool),
    Downgrade(Name),
    /// Leave the latest observation plus this in data that nothing guards.
    LeaveUnguarded(Name, i64),
    /// Read or write them no more.
    EndAccess(Name, bool),
    /// Go on from a barrier.
    GoOn(Name),
    /// It is done, or was kept from it by a panic.
    Done(Name),
    Poison(Name),
    /// The latest observation plus this is written, or a panic came between.
    Written(Name, i64),
    GiveUp(Name),
    /// Wait until what it offered is received.
    HandOver(Name),
    /// Receive, having come for it.
    Receive(Name, How),
    /// Drop every end of a channel that it has.
    DropEnds,
}

impl Later {
    /// What is left of it when a panic comes between.
    pub(super) fn unwound(self) -> Option<Self> {
        match self {
            Self::Done(once) => Some(Self::Poison(once)),
            Self::Written(once, _) => Some(Self::GiveUp(once)),
            Self::EndRead(_) | Self::EndWrite(..) | Self::Poison(_) => Some(self),
            Self::GiveUp(_) | Self::DropEnds | Self::EndAccess(..) => Some(self),
            Self::LeaveUnguarded(..) => None,
            Self::Leave(..) | Self::Downgrade(_) | Self::GoOn(_) | Self::TakeWrite(..) => None,
            Self::HandOver(_) | Self::Receive(..) => None,
        }
    }
}
