//! An atomic of a type of which only eight numbers are used.

use super::super::instr::Deed;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Atomic {
    kind: Kind,
    number: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    /// It has the numbers 0 and 7, from 4 on.
    Bool,
    /// The second bit is the sign, the first one comes next, and the third one last.
    Signed,
    /// The same, without a sign.
    Unsigned,
}

impl Atomic {
    /// The types are those of `common::atomic`.
    pub(super) fn new(kind: usize, number: i64) -> Self {
        let kind = match kind % 11 {
            0 => Kind::Bool,
            1 | 3 | 5 | 7 | 9 => Kind::Signed,
            _ => Kind::Unsigned,
        };
        Self { kind, number: kind.has(number) }
    }

    /// What is there, if it is this number.
    pub(super) fn is(&self, number: i64) -> Option<i64> {
        (self.number == self.kind.has(number)).then_some(self.number)
    }

    /// What is observed of it.
    pub(super) fn perform(&mut self, deed: Deed, acc: i64) -> Vec<i64> {
        let (kind, before) = (self.kind, self.number);
        match deed {
            Deed::Exchange(is, more) | Deed::Weak(is, more) => {
                let is_so = before == kind.has(is);
                if is_so {
                    self.number = kind.has((acc + more).rem_euclid(8));
                }
                vec![before, is_so.into()]
            }
            Deed::Store(more) => {
                self.number = kind.has((acc + more).rem_euclid(8));
                vec![]
            }
            deed => {
                self.number = kind.after(before, deed, acc);
                vec![before]
            }
        }
    }
}

impl Kind {
    fn has(self, number: i64) -> i64 {
        match self {
            Self::Bool if number >= 4 => 7,
            Self::Bool => 0,
            Self::Signed | Self::Unsigned => number,
        }
    }

    fn after(self, before: i64, deed: Deed, acc: i64) -> i64 {
        match deed {
            Deed::Swap(more) => self.has((acc + more).rem_euclid(8)),
            // Which a boolean has not; what it does instead is what is said of it in `common::atomic`.
            Deed::Add(with) | Deed::Sub(with) if self == Self::Bool => before ^ self.has(with),
            Deed::Max(with) if self == Self::Bool => before | self.has(with),
            Deed::Min(with) if self == Self::Bool => before & self.has(with),
            Deed::Add(with) => before / 4 * 4 + (before + with) % 4,
            Deed::Sub(with) => before / 4 * 4 + (before - with).rem_euclid(4),
            Deed::And(with) => before & self.has(with),
            Deed::Nand(with) => 7 - (before & self.has(with)),
            Deed::Or(with) => before | self.has(with),
            Deed::Xor(with) => before ^ self.has(with),
            Deed::Max(with) if self.rank(before) < self.rank(self.has(with)) => self.has(with),
            Deed::Min(with) if self.rank(before) > self.rank(self.has(with)) => self.has(with),
            _ => before,
        }
    }

    /// The place of a number among the eight.
    fn rank(self, number: i64) -> i64 {
        let (high, low) = (number % 4, number / 4);
        let high = if self == Self::Signed && high >= 2 { high - 4 } else { high };
        high * 2 + low
    }
}
