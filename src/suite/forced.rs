//! Cell 8: a watchdog that releases the locks by force.

use super::deadlocks::spawn_inverted;
use super::guarded::numbered_locks;
use super::shows::ALL_FREE;
use super::{Audit, Expectation, Scenario, Setup};
use crate::bank::{Accounts, INITIAL, release_by_force};
use crate::engine::Failure;
use std::sync::Arc;

pub(super) const FORCED_RELEASE: Scenario = Scenario {
    name: "forced-release",
    lesson: "cell 8",
    about: "inverted, while the main thread releases both locks until both threads have ended",
    setup: Setup::of(2),
    threads: 2..=2,
    loops: true,
    expectation: Expectation {
        failures: &[Failure::LostUpdate, Failure::TornAudit, Failure::ReleaseUnlocked],
        shows: &[ALL_FREE],
    },
    main: forced_release,
};

fn forced_release(setup: &Setup) -> Audit {
    let accounts = Arc::new(Accounts::numbered(2));
    let locks = Arc::new(numbered_locks());
    let threads = spawn_inverted(setup, &accounts, &locks);
    release_by_force(&threads, &*locks, setup.retries, |_| ());
    Audit::after(threads, &accounts, &*locks, 2 * INITIAL)
}
