//! Cells 4 and 5, and the remark after them: locks that work, and locks that only seem to.

use super::shows::{ALL_FREE, CONTENTION};
use super::unguarded::direction;
use super::{Expectation, Running, Scenario, Setup};
use crate::bank::{deposit, move_funds2};
use crate::engine::Failure;
use crate::trace::Place;

pub(super) const ORDERED: Scenario = Scenario {
    name: "ordered",
    at: Place::caller(),
    lesson: "cells 4-5 of the lesson",
    about: "both threads take lock_acc1, then lock_acc2",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation { failures: &[], shows: &[CONTENTION, ALL_FREE] },
    watchdog: false,
    start: ordered,
};

pub(super) const MISLABELLED: Scenario = Scenario {
    name: "mislabelled",
    at: Place::caller(),
    lesson: "after cell 5 of the lesson",
    about: "two deposits to acc2, one under lock_acc1 and one under lock_acc2",
    setup: Setup::of(2),
    threads: 2..=2,
    loops: false,
    expectation: Expectation { failures: &[Failure::LostUpdate], shows: &[ALL_FREE] },
    watchdog: false,
    start: mislabelled,
};

fn ordered(setup: &Setup) -> Running {
    let setup = *setup;
    let running = Running::locked();
    let expected = running.expected;
    running.spawn(&setup, move |i, accounts, locks| {
        let (from, to) = direction(i);
        move_funds2(accounts, (from, &locks[0]), (to, &locks[1]), expected, setup.amounts(i))
    })
}

fn mislabelled(setup: &Setup) -> Running {
    let setup = *setup;
    let mut running = Running::locked();
    running.expected += (0..setup.threads).flat_map(|i| setup.amounts(i)).sum::<i64>();
    running
        .spawn(&setup, move |i, accounts, locks| deposit(accounts, 1, &locks[i], setup.amounts(i)))
}
