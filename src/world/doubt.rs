//! What may happen, and cannot be counted on.

use std::fmt;

/// A kind of move that is looked at, and that nobody may count on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Doubt {
    /// A thread is woken without a notification.
    WakeUp,
    /// A weak compare-exchange fails although it could succeed.
    WeakFailure,
    /// A reader is let in past a writer that waits.
    LetIn,
}

impl Doubt {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::WakeUp, Self::WeakFailure, Self::LetIn];
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WakeUp => "that a thread is woken without a notification",
            Self::WeakFailure => "that a compare_exchange_weak fails spuriously",
            Self::LetIn => "that a reader is let in past a writer that waits",
        })
    }
}
