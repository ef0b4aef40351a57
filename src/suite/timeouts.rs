//! Cells 9 and 10: all locks in time, or none and start over.

use super::deadlocks::{before, lettered};
use super::guarded::numbered_locks;
use super::shows::{ALL_FREE, CONTENTION, TIMEOUTS};
use super::unguarded::direction;
use super::{Audit, Expectation, Scenario, Setup};
use crate::bank::{Accounts, INITIAL, move_funds3};
use crate::sync::thread;
use std::sync::Arc;

const EXPECTATION: Expectation =
    Expectation { failures: &[], shows: &[CONTENTION, TIMEOUTS, ALL_FREE] };

pub(super) const TIMEOUT: Scenario = Scenario {
    name: "timeout",
    lesson: "cells 9-10",
    about: "inverted, but each tries all locks, and on failure releases what it got and starts over",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: true,
    expectation: EXPECTATION,
    main: timeout,
};

pub(super) const TIMEOUT_RING: Scenario = Scenario {
    name: "timeout-ring",
    lesson: "cells 9-10, the table",
    about: "the same around the ring",
    setup: Setup::of(3),
    threads: 2..=26,
    loops: true,
    expectation: EXPECTATION,
    main: timeout_ring,
};

fn timeout(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let locks = Arc::new(numbered_locks());
    let spawn = |i: usize| {
        let (accounts, locks) = (Arc::clone(&accounts), Arc::clone(&locks));
        let (amounts, retries) = (setup.amounts(i), setup.retries);
        let (from, to) = direction(i);
        thread::spawn(move || {
            move_funds3(&accounts, (from, &locks[from]), (to, &locks[to]), retries, amounts)
        })
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &*locks, 2 * INITIAL)
}

fn timeout_ring(setup: &Setup) -> Audit {
    let (accounts, locks) = lettered(setup.threads);
    let spawn = |own: usize| {
        let (accounts, locks) = (Arc::clone(&accounts), Arc::clone(&locks));
        let (amounts, retries) = (setup.amounts(own), setup.retries);
        let before = before(own, setup);
        thread::spawn(move || {
            move_funds3(&accounts, (own, &locks[own]), (before, &locks[before]), retries, amounts)
        })
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &locks, setup.threads as i64 * INITIAL)
}
