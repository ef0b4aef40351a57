//! What is taken for granted of an operation that std does not promise.

use std::fmt;

/// Something that the engines of the default build take for granted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Granted {
    /// That operations with an ordering below `SeqCst` are sequentially consistent, too.
    SequentialConsistency,
    /// That a weak compare-exchange fails only where the value is another one.
    NoWeakFailure,
    /// That a wait with a timeout ends only by a notification or when its time is over.
    NoSpuriousWakeUp,
}

impl Granted {
    /// All of it.
    pub const ALL: [Self; 3] =
        [Self::SequentialConsistency, Self::NoWeakFailure, Self::NoSpuriousWakeUp];
}

impl fmt::Display for Granted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SequentialConsistency => {
                "that operations with an ordering below SeqCst are sequentially consistent, too"
            }
            Self::NoWeakFailure => {
                "that compare_exchange_weak fails only where the value is another one"
            }
            Self::NoSpuriousWakeUp => {
                "that a wait with a timeout ends only by a notification or when its time is over"
            }
        })
    }
}
