//! Python's `threading.Event`.

use super::lock::yes_or_no;
use super::{Arrow, EventId, Operation, Outcome, Primitive, Shown, ThreadId};

/// What is done to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventOp {
    /// Raise it.
    Set,
    /// Lower it.
    Clear,
    /// Ask whether it is raised.
    IsSet,
    /// Wait while it is not raised.
    Wait,
}

impl Primitive for EventId {
    /// Whether it is raised.
    type State = bool;
    const BITS: usize = 1;

    #[inline]
    fn pack(raised: bool) -> u64 {
        raised.into()
    }

    #[inline]
    fn unpack(bits: u64) -> bool {
        bits == 1
    }

    fn shown(raised: bool) -> Shown {
        Shown::Is(raised)
    }

    #[inline]
    fn enabled(raised: bool, _: ThreadId, deed: EventOp) -> bool {
        raised || deed != EventOp::Wait
    }

    #[inline(always)]
    fn apply(raised: bool, _: ThreadId, deed: EventOp) -> (bool, Outcome) {
        match deed {
            EventOp::Set => (true, Outcome::Done),
            EventOp::Clear => (false, Outcome::Done),
            EventOp::IsSet => (raised, Outcome::Is(raised)),
            EventOp::Wait => (raised, Outcome::Done),
        }
    }
}

impl Operation for EventOp {
    fn described(&self, name: &str) -> String {
        match self {
            Self::IsSet => format!("ask whether {name} is set"),
            Self::Set | Self::Clear | Self::Wait => self.doing(name),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Self::Set => format!("set {name}"),
            Self::Clear => format!("clear {name}"),
            Self::IsSet => format!("{name} set?"),
            Self::Wait => format!("wait for {name}"),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        match (self, outcome) {
            (Self::Wait, _) => format!("see {name} set"),
            (_, Outcome::Is(yes)) => format!("{} {}", self.doing(name), yes_or_no(yes)),
            _ => self.doing(name),
        }
    }

    fn awaited(&self, name: &str) -> Option<String> {
        (*self == Self::Wait).then(|| format!("{name} to be set"))
    }

    fn arrow(&self, _: Outcome) -> Arrow {
        if self.only_looks() { Arrow::IsTold } else { Arrow::Tells }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let key = match self {
            Self::Set => "set",
            Self::Clear => "clear",
            Self::IsSet => "is-set",
            Self::Wait => "wait",
        };
        (key, None)
    }

    fn only_looks(&self) -> bool {
        matches!(self, Self::IsSet | Self::Wait)
    }

    fn asks(&self) -> bool {
        *self == Self::IsSet
    }
}
