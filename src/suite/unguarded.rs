//! Cells 2 and 3: no locks.

use super::shows::STOPPED_ON_FLAG;
use super::{Expectation, Running, Scenario, Setup};
use crate::bank::{move_funds, move_unaudited};
use crate::engine::Failure;
use crate::sync::Event;
use crate::trace::Place;
use std::sync::Arc;

pub(super) const RACE: Scenario = Scenario {
    name: "race",
    at: Place::caller(),
    lesson: "cells 2-3 of the lesson",
    about: "two threads move money in opposite directions, without a lock",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation { failures: &[Failure::LostUpdate], shows: &[] },
    watchdog: false,
    start: race,
};

pub(super) const RACE_AUDIT: Scenario = Scenario {
    name: "race-audit",
    at: Place::caller(),
    lesson: "cells 2-3 of the lesson",
    about: "the same, but each sums the accounts after a transfer, and stops all if the sum is wrong",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation {
        failures: &[Failure::LostUpdate, Failure::TornAudit],
        shows: &[STOPPED_ON_FLAG],
    },
    watchdog: false,
    start: race_audit,
};

fn race(setup: &Setup) -> Running {
    let setup = *setup;
    Running::unlocked().spawn(&setup, move |i, accounts, _| {
        let (from, to) = direction(i);
        move_unaudited(accounts, from, to, setup.amounts(i))
    })
}

fn race_audit(setup: &Setup) -> Running {
    let setup = *setup;
    let kill_switch = Arc::new(Event::named("kill_switch"));
    let running = Running::unlocked();
    let expected = running.expected;
    running.spawn(&setup, move |i, accounts, _| {
        let (from, to) = direction(i);
        move_funds(accounts, from, to, expected, &kill_switch, setup.amounts(i))
    })
}

/// From `acc1` to `acc2` for one thread, and back for the next.
pub(super) fn direction(thread: usize) -> (usize, usize) {
    if thread.is_multiple_of(2) { (0, 1) } else { (1, 0) }
}
