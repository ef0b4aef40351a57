//! Cells 9 and 10: all locks in time, or none and start over.

use super::deadlocks::before;
use super::shows::{ALL_FREE, CONTENTION, TIMEOUTS};
use super::unguarded::direction;
use super::{Expectation, Running, Scenario, Setup};
use crate::bank::move_funds3;
use crate::trace::Place;

const EXPECTATION: Expectation =
    Expectation { failures: &[], shows: &[CONTENTION, TIMEOUTS, ALL_FREE] };

pub(super) const TIMEOUT: Scenario = Scenario {
    name: "timeout",
    at: Place::caller(),
    lesson: "cells 9-10 of the lesson",
    about: "inverted, but each tries all locks, and on failure releases what it got and starts over",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: true,
    expectation: EXPECTATION,
    watchdog: false,
    start: timeout,
};

pub(super) const TIMEOUT_RING: Scenario = Scenario {
    name: "timeout-ring",
    at: Place::caller(),
    lesson: "cells 9-10, the table of the lesson",
    about: "the same around the ring",
    setup: Setup::of(3),
    threads: 2..=26,
    loops: true,
    expectation: EXPECTATION,
    watchdog: false,
    start: timeout_ring,
};

fn timeout(setup: &Setup) -> Running {
    let setup = *setup;
    Running::locked().spawn(&setup, move |i, accounts, locks| {
        let (from, to) = direction(i);
        let amounts = setup.amounts(i);
        move_funds3(accounts, (from, &locks[from]), (to, &locks[to]), setup.retries, amounts)
    })
}

fn timeout_ring(setup: &Setup) -> Running {
    let setup = *setup;
    Running::ring(setup.threads).spawn(&setup, move |own, accounts, locks| {
        let before = before(own, locks.len());
        let (lock_own, lock_before) = (&locks[own], &locks[before]);
        let amounts = setup.amounts(own);
        move_funds3(accounts, (own, lock_own), (before, lock_before), setup.retries, amounts)
    })
}
