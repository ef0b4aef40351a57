//! A lock for many readers or one writer, as std's documentation has it.

use super::super::instr::{MODULUS, PAYLOAD};
use super::super::ledger;
use super::state::Name;
use std::collections::BTreeSet;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct RwLock {
    data: i64,
    is_ledger: bool,
    readers: usize,
    is_written: bool,
    is_poisoned: bool,
    /// Who waits to write.
    waiting: BTreeSet<Name>,
}

impl RwLock {
    pub(super) fn new(kind: usize, data: i64) -> Self {
        let (waiting, is_ledger) = (BTreeSet::new(), ledger::is_in_rwlock(kind));
        Self { data, is_ledger, readers: 0, is_written: false, is_poisoned: false, waiting }
    }

    /// Somebody reads, unless somebody writes.
    pub(super) fn read(&mut self) -> bool {
        self.readers += usize::from(!self.is_written);
        !self.is_written
    }

    /// Whether a writer waits, past whom no reader can count on being let in.
    pub(super) fn is_awaited(&self) -> bool {
        !self.waiting.is_empty()
    }

    pub(super) fn wait(&mut self, writer: &Name) {
        self.waiting.insert(writer.clone());
    }

    pub(super) fn wait_no_more(&mut self, writer: &Name) {
        self.waiting.remove(writer);
    }

    /// Somebody writes, unless somebody reads or writes.
    pub(super) fn write(&mut self) -> bool {
        let is_free = !self.is_written && self.readers == 0;
        self.is_written |= is_free;
        is_free
    }

    /// What is observed by who reads or writes.
    pub(super) fn observed(&self) -> i64 {
        self.data + if self.is_poisoned { PAYLOAD } else { 0 }
    }

    /// What the writer has in hand.
    pub(super) fn open(&mut self) {
        self.leave(MODULUS);
    }

    pub(super) fn leave(&mut self, data: i64) {
        self.data = ledger::left(self.is_ledger, self.data, data);
    }

    pub(super) fn end_read(&mut self) {
        self.readers -= 1;
    }

    /// The writer is done, for a panic or not.
    pub(super) fn end_write(&mut self, for_a_panic: bool) {
        self.is_written = false;
        self.is_poisoned |= for_a_panic;
    }

    /// The writer goes on as a reader.
    pub(super) fn downgrade(&mut self) {
        self.is_written = false;
        self.readers = 1;
    }
}
