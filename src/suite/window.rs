//! A counter with fewer windows than tellers.

use super::unguarded::direction;
use super::{Expectation, Running, Scenario, Setup};
use crate::bank::{Permit, serve};
use crate::engine::Failure;
use crate::sync::Semaphore;
use crate::trace::Place;
use std::sync::Arc;

pub(super) const TELLERS_WINDOW: Scenario = Scenario {
    name: "tellers-window",
    at: Place::caller(),
    lesson: "after the lesson",
    about: "one teller at a time has the window; every other one leaves early, and keeps the permit",
    setup: Setup::of(2),
    threads: 2..=4,
    loops: false,
    expectation: Expectation { failures: &[Failure::Deadlock], shows: &[] },
    watchdog: false,
    start: |setup| tellers(setup, Permit::Kept),
};

/// The same tellers, who give the window back.
pub fn mended_tellers(setup: &Setup) -> Running {
    tellers(setup, Permit::GivenBack)
}

fn tellers(setup: &Setup, permit: Permit) -> Running {
    let setup = *setup;
    let window = Arc::new(Semaphore::named("window", 1));
    Running::unlocked().spawn(&setup, move |i, accounts, _| {
        let customer = (!i.is_multiple_of(2), permit);
        serve(&window, accounts, direction(i), customer, setup.amounts(i))
    })
}
