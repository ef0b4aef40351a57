//! What a search found that is to be made again.

use crate::engine::{Ending, Failure};
use crate::sync::value::Value;
use crate::world::ThreadId;
use std::collections::{BTreeMap, BTreeSet};

/// Who takes each step of an interleaving.
pub(super) type Steps = Vec<ThreadId>;

/// What a search that took steps together had found.
pub(crate) struct Foreseen {
    pub(super) endings: BTreeSet<Ending<Value>>,
    pub(super) failures: BTreeMap<Failure, Steps>,
}
