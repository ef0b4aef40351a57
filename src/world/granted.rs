//! What is taken for granted of an operation that std does not promise.

use std::fmt;

/// Something that the engines of the default build take for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Granted {
    /// That operations with an ordering below `SeqCst` are sequentially consistent, too.
    SequentialConsistency,
    /// That an address which is freed does not come back.
    FreshAddresses,
    /// That what is behind a pointer is handed on with a pointer.
    HandedOnByPointer,
}

impl Granted {
    /// All of it.
    pub const ALL: [Self; 3] =
        [Self::SequentialConsistency, Self::FreshAddresses, Self::HandedOnByPointer];
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SequentialConsistency => {
                "that operations with an ordering below SeqCst are sequentially consistent, too"
            }
            Self::FreshAddresses => "that an address which is freed does not come back",
            Self::HandedOnByPointer => "that what is behind a pointer is handed on with a pointer",
        })
    }
}
