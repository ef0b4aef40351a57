//! The two numbers of a compare-exchange.

use crate::world::DataId;
use std::any::TypeId;

/// What is expected, and what is written then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exchange(Pair);

/// Two numbers in the room of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Pair {
    Small(i32, i32),
    Large(DataId),
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
