//! Cells 6 and 7, and the table of three threads: locks taken in an order that goes round.

use super::guarded::numbered_locks;
use super::shows::{ALL_FREE, CYCLE, STILL_LOCKED};
use super::unguarded::direction;
use super::{Audit, Expectation, Scenario, Setup};
use crate::bank::{Accounts, INITIAL, Stop, move_funds2, move_in_ring};
use crate::engine::Failure;
use crate::sync::Lock;
use crate::sync::thread::{self, JoinHandle};
use std::sync::Arc;

pub(super) const INVERTED: Scenario = Scenario {
    name: "inverted",
    lesson: "cells 6-7",
    about: "the locks are taken in opposite order",
    setup: Setup::of(2),
    threads: 2..=2,
    loops: false,
    expectation: Expectation {
        failures: &[Failure::Deadlock],
        shows: &[STILL_LOCKED, CYCLE, ALL_FREE],
    },
    main: inverted,
};

pub(super) const RING: Scenario = Scenario {
    name: "ring",
    lesson: "the table",
    about: "each thread takes its own lock, then the one before it in a ring",
    setup: Setup::of(3),
    threads: 2..=26,
    loops: false,
    expectation: Expectation {
        failures: &[Failure::Deadlock],
        shows: &[STILL_LOCKED, CYCLE, ALL_FREE],
    },
    main: ring,
};

fn inverted(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let locks = Arc::new(numbered_locks());
    let threads = spawn_inverted(setup, &accounts, &locks);
    Audit::after(threads, &accounts, &*locks, 2 * INITIAL)
}

/// Cell 6: each thread takes the lock of the account that it takes money from, then the other.
pub(super) fn spawn_inverted(
    setup: &Setup,
    accounts: &Arc<Accounts>,
    locks: &Arc<[Lock; 2]>,
) -> Vec<JoinHandle<Stop>> {
    let spawn = |i: usize| {
        let (accounts, locks) = (Arc::clone(accounts), Arc::clone(locks));
        let amounts = setup.amounts(i);
        let (from, to) = direction(i);
        thread::spawn(move || {
            move_funds2(&accounts, (from, &locks[from]), (to, &locks[to]), 2 * INITIAL, amounts)
        })
    };
    (0..setup.threads).map(spawn).collect()
}

fn ring(setup: &Setup) -> Audit {
    let (accounts, locks) = lettered(setup.threads);
    let spawn = |own: usize| {
        let (accounts, locks) = (Arc::clone(&accounts), Arc::clone(&locks));
        let amounts = setup.amounts(own);
        let before = before(own, setup);
        thread::spawn(move || {
            move_in_ring(&accounts, (own, &locks[own]), (before, &locks[before]), amounts)
        })
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &locks, setup.threads as i64 * INITIAL)
}

/// The accounts and locks of a ring, lettered as in the lesson's table.
pub(super) fn lettered(count: usize) -> (Arc<Accounts>, Arc<[Lock]>) {
    let accounts = Accounts::named(letters(count).map(|letter| format!("acc_{letter}")));
    let locks = letters(count).map(|letter| Lock::named(format!("lock_{letter}")));
    (Arc::new(accounts), locks.collect())
}

fn letters(count: usize) -> impl Iterator<Item = char> {
    ('A'..='Z').take(count)
}

/// The neighbour before: the last one for the first.
pub(super) fn before(own: usize, setup: &Setup) -> usize {
    (own + setup.threads - 1) % setup.threads
}
