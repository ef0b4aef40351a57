//! Cells 2 and 3: no locks.

use super::shows::STOPPED_ON_FLAG;
use super::{Audit, Expectation, Scenario, Setup};
use crate::bank::{Accounts, INITIAL, move_funds, move_unaudited};
use crate::engine::Failure;
use crate::sync::{Event, thread};
use std::sync::Arc;

const EXPECTED: i64 = 2 * INITIAL;

pub(super) const RACE: Scenario = Scenario {
    name: "race",
    lesson: "cells 2-3",
    about: "two threads move money in opposite directions, without a lock",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation { failures: &[Failure::LostUpdate], shows: &[] },
    main: race,
};

pub(super) const RACE_AUDIT: Scenario = Scenario {
    name: "race-audit",
    lesson: "cells 2-3",
    about: "the same, but each sums the accounts after a transfer, and stops all if the sum is wrong",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation {
        failures: &[Failure::LostUpdate, Failure::TornAudit],
        shows: &[STOPPED_ON_FLAG],
    },
    main: race_audit,
};

fn race(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let spawn = |i: usize| {
        let (accounts, amounts) = (Arc::clone(&accounts), setup.amounts(i));
        let (from, to) = direction(i);
        thread::spawn(move || move_unaudited(&accounts, from, to, amounts))
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &[], EXPECTED)
}

fn race_audit(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let kill_switch = Arc::new(Event::named("kill_switch"));
    let spawn = |i: usize| {
        let (accounts, amounts) = (Arc::clone(&accounts), setup.amounts(i));
        let kill_switch = Arc::clone(&kill_switch);
        let (from, to) = direction(i);
        thread::spawn(move || move_funds(&accounts, from, to, EXPECTED, &kill_switch, amounts))
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &[], EXPECTED)
}

/// From `acc1` to `acc2` for one thread, and back for the next.
pub(super) fn direction(thread: usize) -> (usize, usize) {
    if thread.is_multiple_of(2) { (0, 1) } else { (1, 0) }
}
