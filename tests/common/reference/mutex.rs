//! A mutex, as std's documentation has it.

use super::super::instr::{MODULUS, PAYLOAD};
use super::super::ledger;
use super::state::Name;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Mutex {
    data: i64,
    is_ledger: bool,
    is_held: bool,
    is_poisoned: bool,
}

impl Mutex {
    pub(super) fn new(kind: usize, data: i64) -> Self {
        let is_ledger = ledger::is_in_mutex(kind);
        Self { data, is_ledger, is_held: false, is_poisoned: false }
    }

    /// Somebody takes it, unless it is held.
    pub(super) fn take(&mut self) -> bool {
        !std::mem::replace(&mut self.is_held, true)
    }

    /// What is observed by who has taken it, and has the data in hand from then on.
    pub(super) fn begin(&mut self) -> i64 {
        self.open() + if self.is_poisoned { PAYLOAD } else { 0 }
    }

    /// The same, but for what a panic left.
    pub(super) fn open(&mut self) -> i64 {
        let observed = self.data;
        self.leave(MODULUS);
        observed
    }

    pub(super) fn data(&self) -> i64 {
        self.data
    }

    pub(super) fn leave(&mut self, data: i64) {
        self.data = ledger::left(self.is_ledger, self.data, data);
    }

    /// Its holder lets go of it, for a panic or not.
    pub(super) fn give_back(&mut self, for_a_panic: bool) {
        self.is_held = false;
        self.is_poisoned |= for_a_panic;
    }

    pub(super) fn is_poisoned(&self) -> bool {
        self.is_poisoned
    }

    pub(super) fn clear_poison(&mut self) {
        self.is_poisoned = false;
    }
}

/// A wait for the condition variable of a mutex.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Await {
    pub(super) mutex: Name,
    pub(super) is_timed: bool,
    /// What it leaves is the latest observation plus this.
    pub(super) more: i64,
    /// How often it will wait again.
    pub(super) waits: usize,
    /// Whether its time was over when it waited last.
    pub(super) is_late: bool,
}
