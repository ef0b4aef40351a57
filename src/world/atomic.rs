//! std's atomics: a number of some width, on which an operation takes effect in one step.

use super::{Arrow, AtomicId, DataId, Granted, Operation, Outcome, Primitive, Shown, ThreadId};
use crate::thousands;
use std::any::TypeId;

/// What is done to an atomic, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AtomicOp {
    /// What is done.
    pub deed: AtomicDeed,
    /// The type that it is done to.
    pub int: Int,
    /// Whether its ordering is below `SeqCst`.
    pub relaxed: bool,
    /// Whether it may fail although it could succeed.
    pub weak: bool,
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

/// What is expected, and what is written then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exchange(Pair);

/// Two numbers in the room of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Pair {
    Small(i32, i32),
    Large(DataId),
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

impl Exchange {
    /// This is expected, and that is written.
    pub fn new(expected: i64, new: i64) -> Self {
        Self(match (i32::try_from(expected), i32::try_from(new)) {
            (Ok(expected), Ok(new)) => Pair::Small(expected, new),
            _ => {
                let key = [expected.to_le_bytes(), new.to_le_bytes()].concat();
                Pair::Large(DataId::of(TypeId::of::<Self>(), key, String::new))
            }
        })
    }

    /// What is expected, and what is written.
    pub fn numbers(self) -> (i64, i64) {
        match self.0 {
            Pair::Small(expected, new) => (expected.into(), new.into()),
            Pair::Large(pair) => {
                let key = pair.key();
                let (expected, new) = key.split_at(8);
                let number = |bytes: &[u8]| {
                    i64::from_le_bytes(bytes.try_into().expect("each has eight bytes"))
                };
                (number(expected), number(new))
            }
        }
    }
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

    #[inline]
    fn enabled(_: i64, _: ThreadId, _: AtomicOp) -> bool {
        true
    }

    #[inline]
    fn apply(value: i64, _: ThreadId, op: AtomicOp) -> (i64, Outcome) {
        match op.deed {
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

    fn takes_for_granted(&self, granted: Granted) -> bool {
        match granted {
            Granted::SequentialConsistency => self.relaxed,
            Granted::NoWeakFailure => self.weak,
            Granted::NoSpuriousWakeUp => false,
        }
    }
}
