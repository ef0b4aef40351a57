//! What is taken for granted of an operation that std does not promise.

use std::fmt;

/// Something that the engines of the default build take for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Granted {
    /// That operations with an ordering below `SeqCst` are sequentially consistent, too.
    SequentialConsistency,
    /// That memory which a run frees is not given out again in that run.
    FreshAddresses,
}

impl Granted {
    /// All of it.
    pub const ALL: [Self; 2] = [Self::SequentialConsistency, Self::FreshAddresses];
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SequentialConsistency => {
                "that operations with an ordering below SeqCst are sequentially consistent, too"
            }
            Self::FreshAddresses => {
                "that memory which a run frees is not given out again in that run"
            }
        })
    }
}
