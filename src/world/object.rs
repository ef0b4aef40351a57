//! What operations are about.

use super::{Id, Kind};

/// Something that threads share: its kind, and its position among that kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Object {
    /// The kind.
    pub kind: Kind,
    index: u32,
}

impl Object {
    /// The object that has this identifier.
    pub fn of(id: impl Id) -> Self {
        fn kind<I: Id>(_: I) -> Kind {
            I::KIND
        }
        Self { kind: kind(id), index: id.index() as u32 }
    }

    /// The object of a kind that has this index.
    ///
    /// # Panics
    /// If `index` does not fit in 32 bits.
    pub fn new(kind: Kind, index: usize) -> Self {
        Self { kind, index: u32::try_from(index).expect("fewer than 2^32 objects") }
    }

    /// Its position among its kind, counted from 0.
    pub fn index(self) -> usize {
        self.index as usize
    }
}
