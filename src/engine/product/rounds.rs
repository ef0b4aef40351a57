//! Whether a thread goes round, by the operations that it came by.

use super::automata::{Automata, Deed, NodeId, Origin};
use crate::trace::Place;
use rustc_hash::{FxHashMap, FxHashSet};

/// So many different operations, or places of them, are few.
const FEW: usize = 64;

impl Automata {
    /// Whether the thread came to a node by so many operations that few of them differ.
    pub(crate) fn goes_round(&self, node: NodeId, operations: usize) -> bool {
        let mut different = FxHashSet::default();
        let mut at = node;
        for _ in 0..operations {
            different.extend(self.op(at));
            match self.origin(at) {
                Origin::After(before, _) if different.len() <= FEW => at = before,
                _ => return false,
            }
        }
        true
    }

    /// Where the thread goes on with other values each time, if it came to a node by so many operations at
    /// few places: the first operation at such a place, and the last.
    pub(crate) fn grows(&self, node: NodeId, operations: usize) -> Option<(NodeId, NodeId)> {
        let mut last: FxHashMap<Place, NodeId> = FxHashMap::default();
        let mut grown = None;
        let mut at = node;
        for _ in 0..operations {
            let Deed::Op(_, place) = *self.deed(at) else { return None };
            let later = *last.entry(place).or_insert(at);
            if self.op(later) != self.op(at) && grown.is_none_or(|(_, known)| known == later) {
                grown = Some((at, later));
            }
            match self.origin(at) {
                Origin::After(before, _) if last.len() <= FEW => at = before,
                _ => return None,
            }
        }
        grown
    }
}
