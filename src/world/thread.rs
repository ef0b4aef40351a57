//! Threads, as far as others can tell.

use super::life::ThreadState;
use super::lock::yes_or_no;
use super::shared::Shared;
use super::{Arrow, Operation, Outcome, ThreadId};

/// What is done to another thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadOp {
    /// Start it.
    Spawn,
    /// Wait for it to end.
    Join,
    /// Ask whether it has ended.
    IsFinished,
}

#[inline(always)]
pub(super) fn apply(shared: &mut impl Shared, thread: ThreadId, deed: ThreadOp) -> Outcome {
    let state = shared.thread(thread);
    match (deed, state.finish()) {
        (ThreadOp::Spawn, _) => {
            shared.start(thread);
            Outcome::Done
        }
        (ThreadOp::Join, Some(finish)) => {
            shared.end(thread);
            Outcome::Joined(finish)
        }
        (ThreadOp::Join, None) => {
            unreachable!("a join is enabled only once its thread has come to its end")
        }
        (ThreadOp::IsFinished, _) => Outcome::Is(matches!(state, ThreadState::Finished(_))),
    }
}

impl Operation for ThreadOp {
    fn described(&self, name: &str) -> String {
        match self {
            Self::IsFinished => format!("ask whether {name} has ended"),
            Self::Spawn | Self::Join => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Self::Spawn => format!("spawn {name}"),
            Self::Join => format!("join {name}"),
            Self::IsFinished => format!("{name} ended?"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match outcome {
            Outcome::Joined(finish) if finish.panicked => format!("{doing}: it panicked"),
            Outcome::Is(yes) => format!("{doing} {}", yes_or_no(yes)),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        (*self == Self::Join).then(|| format!("{name} to end"))
    }

    fn arrow(&self, _: Outcome) -> Arrow {
        Arrow::Tells
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Self::Spawn => "spawn",
            Self::Join => "join",
            Self::IsFinished => "is-finished",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        matches!(self, Self::Join | Self::IsFinished)
    }

    fn asks(&self) -> bool {
        *self == Self::IsFinished
    }
}
