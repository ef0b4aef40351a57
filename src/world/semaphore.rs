//! A semaphore: so many permits, which belong to nobody in particular.

use super::{Arrow, Operation, Outcome, Primitive, SemaphoreId, Shown, ThreadId};

/// What is done to a semaphore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SemaphoreOp {
    /// Take so many permits, waiting until they are there.
    Acquire(u32),
    /// Take so many permits if they are there.
    TryAcquire(u32),
    /// Take so many permits, or time out; the scheduler picks the moment.
    AcquireTimeout(u32),
    /// Give back so many permits, whoever took them.
    Release(u32),
}

use SemaphoreOp::{Acquire, AcquireTimeout, Release, TryAcquire};

impl SemaphoreOp {
    /// How many permits it takes, unless it gives them back.
    fn wanted(self) -> u32 {
        match self {
            Acquire(permits) | TryAcquire(permits) | AcquireTimeout(permits) => permits,
            Release(_) => 0,
        }
    }

    /// What it is about: a permit goes without saying, several are counted.
    fn what(self, name: &str) -> String {
        let (Acquire(permits) | TryAcquire(permits) | AcquireTimeout(permits) | Release(permits)) =
            self;
        if permits == 1 { name.to_owned() } else { format!("{permits} of {name}") }
    }
}

impl Primitive for SemaphoreId {
    /// How many permits are there.
    type State = u32;
    const BITS: usize = 32;
    const IS_COUNTED: bool = true;

    #[inline]
    fn pack(permits: u32) -> u64 {
        permits.into()
    }

    #[inline]
    fn unpack(bits: u64) -> u32 {
        bits as u32
    }

    fn shown(permits: u32) -> Shown {
        Shown::Number(permits.into())
    }

    #[inline]
    fn enabled(permits: u32, _: ThreadId, deed: SemaphoreOp) -> bool {
        !matches!(deed, Acquire(wanted) if wanted > permits)
    }

    #[inline]
    fn contended(permits: u32, _: ThreadId, deed: SemaphoreOp) -> bool {
        deed.wanted() > permits
    }

    #[inline(always)]
    fn apply(permits: u32, _: ThreadId, deed: SemaphoreOp) -> (u32, Outcome) {
        let left = permits.checked_sub(deed.wanted());
        match deed {
            Acquire(_) => (left.unwrap_or(permits), Outcome::Done),
            TryAcquire(_) => (left.unwrap_or(permits), Outcome::Is(left.is_some())),
            AcquireTimeout(_) => match left {
                Some(left) => (left, Outcome::Acquired),
                None => (permits, Outcome::TimedOut),
            },
            Release(more) => (permits.saturating_add(more), Outcome::Done),
        }
    }
}

impl Operation for SemaphoreOp {
    fn described(&self, name: &str) -> String {
        match self {
            AcquireTimeout(_) => format!("{} with a timeout", self.doing(name)),
            _ => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        let what = self.what(name);
        match self {
            Acquire(_) | AcquireTimeout(_) => format!("acquire {what}"),
            TryAcquire(_) => format!("try to acquire {what}"),
            Release(_) => format!("release {what}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        let doing = self.doing(name);
        match outcome {
            Outcome::TimedOut => format!("{doing}: timed out"),
            Outcome::Is(false) => format!("{doing}: too few"),
            _ => doing,
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        match self {
            Acquire(1) => Some(format!("a permit of {name}")),
            Acquire(permits) => Some(format!("{permits} permits of {name}")),
            _ => None,
        }
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match (self, outcome) {
            (_, Outcome::TimedOut | Outcome::Is(false)) => Arrow::Fails,
            (Release(_), _) => Arrow::Tells,
            _ => Arrow::IsTold,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let (key, permits) = match self {
            Acquire(permits) => ("acquire", permits),
            TryAcquire(permits) => ("try-acquire", permits),
            AcquireTimeout(permits) => ("acquire-timeout", permits),
            Release(permits) => ("release", permits),
        };
        (key, Some(("permits", i64::from(*permits))))
    }

    fn asks(&self) -> bool {
        matches!(self, TryAcquire(_))
    }

    fn is_timed(&self) -> bool {
        matches!(self, AcquireTimeout(_))
    }
}
