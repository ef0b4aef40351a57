//! Cells 6 and 7, and the table of three threads: locks taken in an order that goes round.

use super::shows::{ALL_FREE, CYCLE, STILL_LOCKED};
use super::unguarded::direction;
use super::{Expectation, Running, Scenario, Setup};
use crate::bank::{move_funds2, move_in_ring};
use crate::engine::Failure;
use crate::trace::Place;

pub(super) const INVERTED: Scenario = Scenario {
    name: "inverted",
    at: Place::caller(),
    lesson: "cells 6-7 of the lesson",
    about: "the locks are taken in opposite order",
    setup: Setup::of(2),
    threads: 2..=2,
    loops: false,
    expectation: Expectation {
        failures: &[Failure::Deadlock],
        shows: &[STILL_LOCKED, CYCLE, ALL_FREE],
    },
    watchdog: false,
    start: inverted,
};

pub(super) const RING: Scenario = Scenario {
    name: "ring",
    at: Place::caller(),
    lesson: "the table of the lesson",
    about: "each thread takes its own lock, then the one before it in a ring",
    setup: Setup::of(3),
    threads: 2..=26,
    loops: false,
    expectation: Expectation {
        failures: &[Failure::Deadlock],
        shows: &[STILL_LOCKED, CYCLE, ALL_FREE],
    },
    watchdog: false,
    start: ring,
};

/// Cell 6: each thread takes the lock of the account that it takes money from, then the other.
pub(super) fn inverted(setup: &Setup) -> Running {
    let setup = *setup;
    let running = Running::locked();
    let expected = running.expected;
    running.spawn(&setup, move |i, accounts, locks| {
        let (from, to) = direction(i);
        move_funds2(accounts, (from, &locks[from]), (to, &locks[to]), expected, setup.amounts(i))
    })
}

fn ring(setup: &Setup) -> Running {
    let setup = *setup;
    Running::ring(setup.threads).spawn(&setup, move |own, accounts, locks| {
        let before = before(own, locks.len());
        move_in_ring(accounts, (own, &locks[own]), (before, &locks[before]), setup.amounts(own))
    })
}

/// The neighbour before, in a ring of this length: the last one for the first.
pub(super) fn before(own: usize, length: usize) -> usize {
    (own + length - 1) % length
}
