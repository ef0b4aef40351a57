//! What a search knows before it has come to its end.

use crate::engine::Ending;
use crate::trace::Trace;

/// Whether a sample was made, and what it found.
#[derive(Debug)]
pub(crate) enum Early<R> {
    /// The search has not come far.
    NotYet,
    /// None of the walks failed.
    Nothing,
    /// One did.
    Failure { trace: Trace, ending: Ending<R> },
}
