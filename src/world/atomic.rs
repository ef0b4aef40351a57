//! std's atomics: a number of some width, on which an operation takes effect in one step.

mod exchange;

use super::{Arrow, AtomicId, Doubt, Granted, Operation, Outcome, Primitive, Shown, ThreadId};
use crate::thousands;
pub use exchange::Exchange;

/// What is done to an atomic, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtomicOp {
    /// What is done.
    pub deed: AtomicDeed,
    /// The type that it is done to.
    pub int: Int,
    /// Whether its ordering is below `SeqCst`.
    pub relaxed: bool,
    /// Whether it fails although it could succeed.
    pub spurious: Spurious,
}

/// Whether a compare-exchange fails although it could succeed: a weak one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spurious {
    /// It does not.
    No,
    /// Nothing is decided yet.
    Maybe,
    /// It does.
    Yes,
}

impl Spurious {
    /// In how many ways it can be meant.
    #[inline]
    pub(super) fn choices(self) -> u32 {
        if self == Self::Maybe { 2 } else { 1 }
    }

    /// What it comes down to by this choice.
    #[inline]
    pub(super) fn chosen(self, choice: u32) -> Self {
        match (self, choice) {
            (Self::Maybe, 0) => Self::No,
            (Self::Maybe, _) => Self::Yes,
            (decided, _) => decided,
        }
    }
}

/// What is done to an atomic. Numbers are the bits of the atomic's own type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AtomicDeed {
    /// Read it.
    Load,
    /// Write it.
    Store(i64),
    /// Write it, and tell what it was.
    Swap(i64),
    /// Change it, and tell what it was.
    Fetch(Fetch, i64),
    /// Write it if it is what is expected, and tell what it was.
    CompareExchange(Exchange),
}

/// How a read-modify-write changes what it reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "as std's fetch_add and so on")]
pub enum Fetch {
    Add,
    Sub,
    And,
    Nand,
    Or,
    Xor,
    Max,
    Min,
}

/// A type of std's atomics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say all")]
pub enum Int {
    Bool,
    I8,
    I16,
    I32,
    I64,
    Isize,
    U8,
    U16,
    U32,
    U64,
    Usize,
}

impl Int {
    /// The bits that are left of a number in this type.
    #[inline]
    fn wrap(self, number: i64) -> i64 {
        match self {
            Self::Bool => number & 1,
            Self::I8 => (number as i8).into(),
            Self::I16 => (number as i16).into(),
            Self::I32 => (number as i32).into(),
            Self::U8 => (number as u8).into(),
            Self::U16 => (number as u16).into(),
            Self::U32 => (number as u32).into(),
            Self::I64 | Self::Isize | Self::U64 | Self::Usize => number,
        }
    }

    fn less(self, one: i64, other: i64) -> bool {
        match self {
            Self::U64 | Self::Usize => one.cast_unsigned() < other.cast_unsigned(),
            _ => one < other,
        }
    }

    /// A number of this type, in words.
    pub(crate) fn shown(self, number: i64) -> String {
        match self {
            Self::Bool => (number == 1).to_string(),
            Self::U64 | Self::Usize if number < 0 => number.cast_unsigned().to_string(),
            _ => thousands(number),
        }
    }
}

impl Fetch {
    #[inline]
    fn apply(self, int: Int, before: i64, with: i64) -> i64 {
        int.wrap(match self {
            Self::Add => before.wrapping_add(with),
            Self::Sub => before.wrapping_sub(with),
            Self::And => before & with,
            Self::Nand => !(before & with),
            Self::Or => before | with,
            Self::Xor => before ^ with,
            Self::Max if int.less(before, with) => with,
            Self::Min if int.less(with, before) => with,
            Self::Max | Self::Min => before,
        })
    }

    fn words(self, name: &str, with: &str) -> String {
        match self {
            Self::Add => format!("{name} += {with}"),
            Self::Sub => format!("{name} -= {with}"),
            Self::And => format!("{name} &= {with}"),
            Self::Nand => format!("{name} = !({name} & {with})"),
            Self::Or => format!("{name} |= {with}"),
            Self::Xor => format!("{name} ^= {with}"),
            Self::Max => format!("{name} = max({name}, {with})"),
            Self::Min => format!("{name} = min({name}, {with})"),
        }
    }
}

impl AtomicOp {
    /// What has to be there for it to succeed.
    #[inline]
    fn expected(self) -> Option<i64> {
        match self.deed {
            AtomicDeed::CompareExchange(exchange) => Some(exchange.numbers().0),
            _ => None,
        }
    }

    /// What it contains afterwards, of what it contained.
    #[inline]
    fn after(self, before: i64) -> i64 {
        match self.deed {
            AtomicDeed::Load => before,
            AtomicDeed::Store(value) | AtomicDeed::Swap(value) => value,
            AtomicDeed::Fetch(fetch, with) => fetch.apply(self.int, before, with),
            AtomicDeed::CompareExchange(exchange) => {
                let (expected, new) = exchange.numbers();
                if before == expected { new } else { before }
            }
        }
    }
}

impl Primitive for AtomicId {
    /// What it contains.
    type State = i64;
    const BITS: usize = 64;
    const IS_COUNTED: bool = true;

    #[inline]
    fn pack(value: i64) -> u64 {
        value.cast_unsigned()
    }

    #[inline]
    fn unpack(bits: u64) -> i64 {
        bits.cast_signed()
    }

    fn shown(value: i64) -> Shown {
        Shown::Number(value)
    }

    /// Where it fails anyway it does not fail for no reason.
    #[inline]
    fn enabled(value: i64, _: ThreadId, op: AtomicOp) -> bool {
        op.spurious != Spurious::Yes || op.expected() == Some(value)
    }

    const DOUBTS: bool = true;

    #[inline]
    fn certain(_: i64, _: ThreadId, op: AtomicOp) -> bool {
        op.spurious != Spurious::Yes
    }

    #[inline]
    fn choices(op: AtomicOp) -> u32 {
        op.spurious.choices()
    }

    #[inline]
    fn chosen(op: AtomicOp, choice: u32) -> AtomicOp {
        AtomicOp { spurious: op.spurious.chosen(choice), ..op }
    }

    fn choice(op: AtomicOp) -> u32 {
        (op.spurious == Spurious::Yes).into()
    }

    #[inline]
    fn apply(value: i64, _: ThreadId, op: AtomicOp) -> (i64, Outcome) {
        match op.deed {
            _ if op.spurious == Spurious::Yes => (value, Outcome::Failed),
            AtomicDeed::Store(value) => (value, Outcome::Done),
            _ => (op.after(value), Outcome::Value(value)),
        }
    }
}

impl Operation for AtomicOp {
    fn doing(&self, name: &str) -> String {
        let shown = |number| self.int.shown(number);
        match self.deed {
            AtomicDeed::Load => format!("read {name}"),
            AtomicDeed::Store(value) | AtomicDeed::Swap(value) => {
                format!("{name} = {}", shown(value))
            }
            AtomicDeed::Fetch(fetch, with) => fetch.words(name, &shown(with)),
            AtomicDeed::CompareExchange(exchange) => {
                let (expected, new) = exchange.numbers();
                format!("{name} = {} if it is {}", shown(new), shown(expected))
            }
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        if let (Outcome::Failed, Some(expected)) = (outcome, self.expected()) {
            return format!("{name} ➜ {}, and fails spuriously", self.int.shown(expected));
        }
        let Outcome::Value(before) = outcome else { return self.doing(name) };
        let was = self.int.shown(before);
        match self.deed {
            AtomicDeed::Load => format!("{name} ➜ {was}"),
            AtomicDeed::CompareExchange(exchange) => match exchange.numbers() {
                (expected, new) if expected == before => {
                    format!("{name} = {}, was {was}", self.int.shown(new))
                }
                (expected, _) => format!("{name} ➜ {was}, not {}", self.int.shown(expected)),
            },
            _ => format!("{}, was {was}", self.doing(name)),
        }
    }

    fn arrow(&self, outcome: Outcome) -> Arrow {
        match (self.deed, outcome) {
            (AtomicDeed::Load, _) => Arrow::IsTold,
            (_, Outcome::Failed) => Arrow::Fails,
            (AtomicDeed::CompareExchange(exchange), Outcome::Value(before))
                if exchange.numbers().0 != before =>
            {
                Arrow::Fails
            }
            _ => Arrow::Tells,
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        let with = |value| Some(("value", value));
        match self.deed {
            AtomicDeed::Load => ("load", None),
            AtomicDeed::Store(value) => ("store", with(value)),
            AtomicDeed::Swap(value) => ("swap", with(value)),
            AtomicDeed::CompareExchange(exchange) => {
                ("compare-exchange", with(exchange.numbers().1))
            }
            AtomicDeed::Fetch(fetch, value) => {
                let key = match fetch {
                    Fetch::Add => "fetch-add",
                    Fetch::Sub => "fetch-sub",
                    Fetch::And => "fetch-and",
                    Fetch::Nand => "fetch-nand",
                    Fetch::Or => "fetch-or",
                    Fetch::Xor => "fetch-xor",
                    Fetch::Max => "fetch-max",
                    Fetch::Min => "fetch-min",
                };
                (key, with(value))
            }
        }
    }

    fn only_looks(&self) -> bool {
        self.deed == AtomicDeed::Load
    }

    fn ends_a_round(&self) -> bool {
        self.spurious == Spurious::Maybe
    }

    fn doubt(&self) -> Option<Doubt> {
        (self.spurious == Spurious::Yes).then_some(Doubt::WeakFailure)
    }

    fn takes_for_granted(&self, granted: Granted) -> bool {
        granted == Granted::SequentialConsistency && self.relaxed
    }
}
