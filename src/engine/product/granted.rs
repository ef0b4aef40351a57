//! What a proof takes for granted.

use super::automata::Automata;
use crate::world::Granted;
use std::collections::BTreeSet;

impl Automata {
    /// What is taken for granted of what threads do.
    pub(crate) fn granted(&self) -> BTreeSet<Granted> {
        let ops = || self.all().filter_map(|node| self.op(node));
        let is_taken = |&granted: &Granted| ops().any(|op| op.takes_for_granted(granted));
        Granted::ALL.into_iter().filter(is_taken).collect()
    }
}
