//! A barrier, as std's documentation has it: of those that it lets go together one is the leader, no matter which;
//! so it is the first one that goes on.

use super::state::Name;
use std::collections::BTreeSet;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Barrier {
    threads: usize,
    waiting: BTreeSet<Name>,
    /// Who may go on together, if nobody of them has yet.
    free: BTreeSet<BTreeSet<Name>>,
}

impl Barrier {
    pub(super) fn new(threads: usize) -> Self {
        Self { threads, waiting: BTreeSet::new(), free: BTreeSet::new() }
    }

    pub(super) fn arrive(&mut self, thread: &Name) {
        self.waiting.insert(thread.clone());
        if self.waiting.len() == self.threads {
            self.free.insert(std::mem::take(&mut self.waiting));
        }
    }

    /// Whether the thread goes on as the leader; nothing if it does not go on.
    pub(super) fn leave(&mut self, thread: &Name) -> Option<bool> {
        let together = self.free.len();
        self.free.retain(|party| !party.contains(thread));
        (!self.waiting.contains(thread)).then_some(self.free.len() < together)
    }
}
