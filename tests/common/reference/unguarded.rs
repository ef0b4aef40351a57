//! Data that nothing guards.

use super::super::instr::{Instr, MODULUS};
use super::super::ledger;
use super::later::Later;
use super::state::Name;
use super::thread::{Thread, block};
use std::collections::BTreeMap;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Unguarded {
    data: i64,
    is_ledger: bool,
    readers: usize,
    is_written: bool,
}

impl Unguarded {
    pub(super) fn new(kind: usize, data: i64) -> Self {
        Self { data, is_ledger: ledger::is_in_cell(kind), readers: 0, is_written: false }
    }

    /// Whether somebody who reads or writes now races.
    pub(super) fn races(&self, writes: bool) -> bool {
        self.is_written || writes && self.readers > 0
    }

    /// Somebody reads or writes: what is observed.
    pub(super) fn begin(&mut self, writes: bool) -> i64 {
        let observed = self.data;
        match writes {
            true => {
                self.is_written = true;
                self.leave(MODULUS);
            }
            false => self.readers += 1,
        }
        observed
    }

    pub(super) fn leave(&mut self, data: i64) {
        self.data = ledger::left(self.is_ledger, self.data, data);
    }

    pub(super) fn end(&mut self, writes: bool) {
        match writes {
            true => self.is_written = false,
            false => self.readers -= 1,
        }
    }
}

/// A thread reads such data, or writes them and leaves the latest observation plus this.
pub(super) fn access(
    all: &mut BTreeMap<Name, Unguarded>,
    thread: &mut Thread,
    (name, more): (&Name, Option<i64>),
    body: &[Instr],
) {
    let data = all.get_mut(name).expect("somebody has made it");
    thread.seen.push(data.begin(more.is_some()));
    thread.later(Later::EndAccess(name.clone(), more.is_some()));
    if let Some(more) = more {
        thread.later(Later::LeaveUnguarded(name.clone(), more));
    }
    thread.todo.extend(block(body));
}
