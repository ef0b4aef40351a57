//! Cell 8: a watchdog that releases the locks by force.

use super::deadlocks::inverted;
use super::shows::ALL_FREE;
use super::{Expectation, Scenario, Setup};
use crate::engine::Failure;
use crate::trace::Place;

pub(super) const FORCED_RELEASE: Scenario = Scenario {
    name: "forced-release",
    at: Place::caller(),
    lesson: "cell 8 of the lesson",
    about: "inverted, while the main thread releases both locks until both threads have ended",
    setup: Setup::of(2),
    threads: 2..=2,
    loops: true,
    expectation: Expectation {
        failures: &[Failure::LostUpdate, Failure::TornAudit, Failure::ReleaseUnlocked],
        shows: &[ALL_FREE],
    },
    watchdog: true,
    start: inverted,
};
