//! What is done or written once, as std's documentation has it.

use super::super::instr::Instr;
use super::later::Later;
use super::panic::Panic;
use super::thread::{Thread, block};

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Once {
    Open {
        is_poisoned: bool,
    },
    /// Somebody is about it.
    Running,
    /// It is done; and this is written, if anything is.
    Done(i64),
}

impl Once {
    pub(super) fn new() -> Self {
        Self::Open { is_poisoned: false }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    pub(super) fn is_poisoned(&self) -> bool {
        *self == Self::Open { is_poisoned: true }
    }

    /// What is written, or −1.
    pub(super) fn written(&self) -> i64 {
        match self {
            Self::Done(written) => *written,
            Self::Open { .. } | Self::Running => -1,
        }
    }
}

pub(super) const POISONED: Panic = Panic::Message("Once instance has previously been poisoned");

/// A thread does this, observing that before, and then something later; unless it was done.
pub(super) fn call(
    once: &mut Once,
    thread: &mut Thread,
    is_forced: bool,
    later: Later,
    told: i64,
    body: &[Instr],
) -> Option<()> {
    match once {
        Once::Running => return None,
        Once::Done(_) => {}
        Once::Open { is_poisoned: true } if !is_forced => thread.panic(POISONED),
        Once::Open { .. } => {
            *once = Once::Running;
            thread.seen.push(told);
            thread.later(later);
            thread.todo.extend(block(body));
        }
    }
    Some(())
}
