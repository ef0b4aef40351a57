//! Cells 4 and 5, and the remark after them: locks that work, and locks that only seem to.

use super::shows::{ALL_FREE, CONTENTION};
use super::unguarded::direction;
use super::{Audit, Expectation, Scenario, Setup};
use crate::bank::{Accounts, INITIAL, deposit, move_funds2};
use crate::engine::Failure;
use crate::sync::{Lock, thread};
use std::sync::Arc;

pub(super) const ORDERED: Scenario = Scenario {
    name: "ordered",
    lesson: "cells 4-5",
    about: "both threads take lock_acc1, then lock_acc2",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation { failures: &[], shows: &[CONTENTION, ALL_FREE] },
    main: ordered,
};

pub(super) const MISLABELLED: Scenario = Scenario {
    name: "mislabelled",
    lesson: "after cell 5",
    about: "two deposits to acc2, one under lock_acc1 and one under lock_acc2",
    setup: Setup::of(2),
    threads: 2..=2,
    loops: false,
    expectation: Expectation { failures: &[Failure::LostUpdate], shows: &[ALL_FREE] },
    main: mislabelled,
};

fn ordered(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let locks = Arc::new(numbered_locks());
    let expected = 2 * INITIAL;
    let spawn = |i: usize| {
        let (accounts, locks) = (Arc::clone(&accounts), Arc::clone(&locks));
        let amounts = setup.amounts(i);
        let (from, to) = direction(i);
        thread::spawn(move || {
            move_funds2(&accounts, (from, &locks[0]), (to, &locks[1]), expected, amounts)
        })
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &*locks, expected)
}

fn mislabelled(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let locks = Arc::new(numbered_locks());
    let deposits: i64 = (0..setup.threads).flat_map(|i| setup.amounts(i)).sum();
    let spawn = |i: usize| {
        let (accounts, locks) = (Arc::clone(&accounts), Arc::clone(&locks));
        let amounts = setup.amounts(i);
        thread::spawn(move || deposit(&accounts, 1, &locks[i], amounts))
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &accounts, &*locks, 2 * INITIAL + deposits)
}

/// `lock_acc1` and `lock_acc2`.
pub(super) fn numbered_locks() -> [Lock; 2] {
    [Lock::named("lock_acc1"), Lock::named("lock_acc2")]
}
