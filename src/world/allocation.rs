//! Memory that a pointer was put into an atomic to, and that somebody frees.

use super::{AllocationId, Arrow, Operation, Outcome, Primitive, Shown, ThreadId};

/// What is done to memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AllocationOp {
    /// Use a primitive that is there.
    Access,
    /// Free it.
    Free,
}

use AllocationOp::{Access, Free};

impl Primitive for AllocationId {
    /// Whether it is freed.
    type State = bool;
    const BITS: usize = 1;

    #[inline]
    fn pack(is_freed: bool) -> u64 {
        is_freed.into()
    }

    #[inline]
    fn unpack(bits: u64) -> bool {
        bits == 1
    }

    fn shown(is_freed: bool) -> Shown {
        Shown::Is(is_freed)
    }

    #[inline]
    fn enabled(_: bool, _: ThreadId, _: AllocationOp) -> bool {
        true
    }

    /// What is freed is gone.
    #[inline]
    fn apply(is_freed: bool, _: ThreadId, deed: AllocationOp) -> (bool, Outcome) {
        let outcome = if is_freed { Outcome::Gone } else { Outcome::Done };
        (is_freed || deed == Free, outcome)
    }
}

impl Operation for AllocationOp {
    fn doing(&self, name: &str) -> String {
        match self {
            Access => format!("use {name}"),
            Free => format!("free {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        if outcome == Outcome::Gone { format!("{doing}, which is freed") } else { doing }
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match self {
            _ if outcome == Outcome::Gone => Arrow::Fails,
            Access => Arrow::IsTold,
            Free => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Access => "access",
            Free => "free",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        *self == Access
    }
}
