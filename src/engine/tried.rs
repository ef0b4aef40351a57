//! What of a proof was seen on the real code.

use crate::thousands;
use std::fmt;

/// How much of what threads can hand over to each other the real code was run through, before a proof.
///
/// A hand-over is an operation on a lock, a cell or an event that comes right after another thread's on the
/// same. Interleavings are of the same order if all of their hand-overs are.
///
/// ```
/// use tellers::engine::Tried;
///
/// let report = tellers::check(|| tellers::choose(5));
/// if let Some(proof) = report.proof {
///     assert_eq!(proof.tried, Tried::Interleavings { seen: 5, of: 5 });
///     assert!(proof.tried.is_complete());
/// }
/// let some = Tried::Orders { seen: 1, of: 1_000 };
/// assert_eq!(some.to_string(), "1 of 1,000 orders of hand-overs were seen on the real code");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// So many of all interleavings were run.
    Interleavings {
        /// How many were.
        seen: u64,
        /// How many there are.
        of: u64,
    },
    /// Interleavings of so many orders were run.
    Orders {
        /// How many orders were seen.
        seen: u64,
        /// How many there are.
        of: u64,
    },
    /// There are too many orders to run one of each.
    HandOvers {
        /// How many hand-overs were seen.
        seen: u64,
        /// How many there are.
        of: u64,
    },
    /// Random interleavings were run, and hand-overs not counted: there are too many.
    Samples,
}

impl Tried {
    /// Whether every interleaving was run, so that nothing is left that a run could show.
    pub fn is_complete(self) -> bool {
        matches!(self, Self::Interleavings { seen, of } if seen == of)
    }

    /// Whether there was nothing to be seen.
    pub(crate) fn is_of_nothing(self) -> bool {
        match self {
            Self::Interleavings { of, .. }
            | Self::Orders { of, .. }
            | Self::HandOvers { of, .. } => of == 0,
            Self::Samples => false,
        }
    }

    /// Whether some of what was counted was not seen, or nothing counted.
    pub fn has_gap(self) -> bool {
        match self {
            Self::Interleavings { seen, of }
            | Self::Orders { seen, of }
            | Self::HandOvers { seen, of } => seen < of,
            Self::Samples => true,
        }
    }
}

impl fmt::Display for Tried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |n: u64| thousands(i64::try_from(n).unwrap_or(i64::MAX));
        let of = |seen, of| format!("{} of {}", number(seen), number(of));
        match *self {
            Self::Interleavings { seen, of: all } if seen == all => {
                write!(f, "all {} interleavings were run on the real code", number(all))
            }
            Self::Interleavings { seen, of: all } => {
                write!(f, "{} interleavings were run on the real code", of(seen, all))
            }
            Self::Orders { seen, of: all } => {
                write!(f, "{} orders of hand-overs were seen on the real code", of(seen, all))
            }
            Self::HandOvers { seen, of: all } => {
                write!(f, "{} hand-overs were seen on the real code", of(seen, all))
            }
            Self::Samples => f.write_str("hand-overs were not counted on the real code"),
        }
    }
}
