//! What a search knows before it has come to its end.

use crate::engine::{Ending, Failure, Found};
use crate::sync::value::Value;
use std::collections::BTreeMap;

/// Whether a sample was made, and what it found.
#[derive(Debug)]
pub(crate) enum Early {
    /// The search has not come far.
    NotYet,
    /// None of the walks failed.
    Nothing,
    /// One did, so; and what was made of it for each way in which it failed.
    Failure { found: BTreeMap<Failure, Found>, ending: Ending<Value> },
}
