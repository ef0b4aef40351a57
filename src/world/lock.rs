//! Python's `threading.Lock`: whoever wants may release it.

use super::{Arrow, LockId, Operation, Outcome, Primitive, Shown, ThreadId};

/// What is done to a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockOp {
    /// Take it, waiting while it is held.
    Acquire,
    /// Take it, or time out. The scheduler picks the moment: free then, it is taken; held then, the
    /// wait has timed out. To wait and then take it is to be scheduled later.
    AcquireTimeout,
    /// Give it back, whoever holds it.
    Release,
    /// Ask whether it is held.
    Locked,
}

impl Primitive for LockId {
    /// Who holds it.
    type State = Option<ThreadId>;
    const BITS: usize = 8;

    #[inline]
    fn pack(holder: Self::State) -> u64 {
        holder.map_or(0, |thread| thread.index() as u64 + 1)
    }

    #[inline]
    fn unpack(bits: u64) -> Self::State {
        bits.checked_sub(1).map(|thread| ThreadId::new(thread as usize))
    }

    fn shown(holder: Self::State) -> Shown {
        holder.map_or(Shown::Nobody, Shown::Held)
    }

    #[inline]
    fn enabled(holder: Self::State, _: ThreadId, deed: LockOp) -> bool {
        deed != LockOp::Acquire || holder.is_none()
    }

    #[inline]
    fn contended(holder: Self::State, _: ThreadId, deed: LockOp) -> bool {
        matches!(deed, LockOp::Acquire | LockOp::AcquireTimeout) && holder.is_some()
    }

    fn is_held_by(holder: Option<ThreadId>, thread: ThreadId) -> bool {
        holder == Some(thread)
    }

    fn awaited(holder: Self::State, deed: LockOp) -> Option<ThreadId> {
        holder.filter(|_| deed == LockOp::Acquire)
    }

    #[inline(always)]
    fn apply(holder: Self::State, thread: ThreadId, deed: LockOp) -> (Self::State, Outcome) {
        match deed {
            LockOp::Acquire => (Some(thread), Outcome::Done),
            LockOp::AcquireTimeout if holder.is_some() => (holder, Outcome::TimedOut),
            LockOp::AcquireTimeout => (Some(thread), Outcome::Acquired),
            LockOp::Release if holder.is_none() => (holder, Outcome::NotHeld),
            LockOp::Release => (None, Outcome::Done),
            LockOp::Locked => (holder, Outcome::Is(holder.is_some())),
        }
    }
}

impl Operation for LockOp {
    fn described(&self, name: &str) -> String {
        match self {
            Self::AcquireTimeout => format!("acquire {name} with a timeout"),
            Self::Locked => format!("ask whether {name} is locked"),
            Self::Acquire | Self::Release => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Self::Acquire | Self::AcquireTimeout => format!("acquire {name}"),
            Self::Release => format!("release {name}"),
            Self::Locked => format!("{name} locked?"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match outcome {
            Outcome::TimedOut => format!("{doing}: timed out"),
            Outcome::NotHeld => format!("{doing}: not held"),
            Outcome::Is(yes) => format!("{doing} {}", yes_or_no(yes)),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        (*self == Self::Acquire).then(|| name.to_owned())
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match self {
            _ if matches!(outcome, Outcome::TimedOut | Outcome::NotHeld) => Arrow::Fails,
            Self::Acquire | Self::AcquireTimeout => Arrow::Takes,
            Self::Release => Arrow::Returns,
            Self::Locked => Arrow::IsTold,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Self::Acquire => "acquire",
            Self::AcquireTimeout => "acquire-timeout",
            Self::Release => "release",
            Self::Locked => "locked",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        *self == Self::Locked
    }

    fn asks(&self) -> bool {
        *self == Self::Locked
    }

    fn is_timed(&self) -> bool {
        *self == Self::AcquireTimeout
    }
}

/// The answer to a question.
pub(super) fn yes_or_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}
