//! What a search found that is to be made again.

use crate::engine::{Ending, Failure};
use crate::sync::value::Value;
use crate::world::Turn;
use std::collections::{BTreeMap, BTreeSet};

/// Whose turn each step of an interleaving is.
pub(super) type Steps = Vec<Turn>;

/// What a search that took steps together had found.
pub(crate) struct Foreseen {
    pub(super) endings: BTreeSet<Ending<Value>>,
    pub(super) failures: BTreeMap<Failure, Steps>,
}
