//! A number that threads read and write.

use super::{Arrow, CellId, Operation, Outcome, Primitive, Shown, ThreadId};
use crate::thousands;

/// What is done to a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellOp {
    /// Read it.
    Load,
    /// Write it.
    Store(i64),
}

impl Primitive for CellId {
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
    fn enabled(_: i64, _: ThreadId, _: CellOp) -> bool {
        true
    }

    #[inline(always)]
    fn apply(value: i64, _: ThreadId, deed: CellOp) -> (i64, Outcome) {
        match deed {
            CellOp::Load => (value, Outcome::Value(value)),
            CellOp::Store(value) => (value, Outcome::Done),
        }
    }
}

impl Operation for CellOp {
    fn described(&self, name: &str) -> String {
        match self {
            Self::Load => format!("load {name}"),
            Self::Store(value) => format!("store {value} in {name}"),
        }
    }

    fn doing(&self, name: &str) -> String {
        match self {
            Self::Load => format!("read {name}"),
            Self::Store(value) => format!("{name} = {}", thousands(*value)),
        }
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        match outcome {
            Outcome::Value(value) => format!("{name} ➜ {}", thousands(value)),
            _ => self.doing(name),
        }
    }

    fn arrow(&self, _: Outcome) -> Arrow {
        if self.only_looks() { Arrow::IsTold } else { Arrow::Tells }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        match self {
            Self::Load => ("load", None),
            Self::Store(value) => ("store", Some(("value", *value))),
        }
    }

    fn only_looks(&self) -> bool {
        *self == Self::Load
    }
}
