//! Data that nothing guards.

use super::super::instr::{Instr, MODULUS};
use super::super::ledger;
use super::later::Later;
use super::panic::Panic;
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

    /// Somebody reads or writes: what is observed, or how others race.
    pub(super) fn begin(&mut self, writes: bool) -> Result<i64, &'static str> {
        let observed = self.data;
        match writes {
            true if self.is_written || self.readers > 0 => {
                return Err("data race: somebody uses what is to be written here");
            }
            false if self.is_written => {
                return Err("data race: somebody writes what is to be read here");
            }
            true => {
                self.is_written = true;
                self.leave(MODULUS);
            }
            false => self.readers += 1,
        }
        Ok(observed)
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

/// A thread reads such data, or writes them and leaves the latest observation plus this; or it races.
pub(super) fn access(
    all: &mut BTreeMap<Name, Unguarded>,
    thread: &mut Thread,
    (name, more): (&Name, Option<i64>),
    body: &[Instr],
) {
    let data = all.get_mut(name).expect("somebody has made it");
    match data.begin(more.is_some()) {
        Ok(observed) => thread.seen.push(observed),
        Err(race) => return thread.panic(Panic::Message(race)),
    }
    thread.later(Later::EndAccess(name.clone(), more.is_some()));
    if let Some(more) = more {
        thread.later(Later::LeaveUnguarded(name.clone(), more));
    }
    thread.todo.extend(block(body));
}
