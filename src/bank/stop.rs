//! Why a thread stopped.

use crate::sync::{ReleaseUnlocked, checkpoint};
use crate::thousands;
use std::fmt;

/// Why a thread of the lesson stopped, as it prints it itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stop {
    /// It made all of its transfers.
    ReachedLimit,
    /// The sum of the accounts was not what it had to be.
    Inconsistent {
        /// The sum.
        total: i64,
        /// How many transfers it had made before.
        n: usize,
    },
    /// Another thread had found a wrong sum.
    OtherFlagged {
        /// The sum that this thread read.
        total: i64,
        /// How many transfers it had made before.
        n: usize,
    },
    /// It came to release a lock, and somebody else had done so.
    ReleaseUnlocked,
}

impl Stop {
    /// The last act of a thread: from here on only why it stops matters.
    pub(super) fn now(self) -> Self {
        checkpoint(("stop", self));
        self
    }
}

impl From<ReleaseUnlocked> for Stop {
    fn from(_: ReleaseUnlocked) -> Self {
        Self::ReleaseUnlocked
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ReachedLimit => f.write_str("reached iteration limit. Stopping..."),
            Self::Inconsistent { total, n } => summed(f, "inconsistent balance", total, n),
            Self::OtherFlagged { total, n } => summed(f, "other thread flagged", total, n),
            Self::ReleaseUnlocked => ReleaseUnlocked.fmt(f),
        }
    }
}

fn summed(f: &mut fmt::Formatter<'_>, what: &str, total: i64, n: usize) -> fmt::Result {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    write!(f, "{what}: ${} ({} transactions)", thousands(total), thousands(n))
}

#[cfg(test)]
mod tests {
    use super::Stop;

    #[test]
    fn stops_are_told_in_the_lessons_words() {
        let stop = Stop::Inconsistent { total: 199_963, n: 3_892 };
        assert_eq!(stop.to_string(), "inconsistent balance: $199,963 (3,892 transactions)");
    }
}
