//! Every scenario.

use super::{Scenario, deadlocks, forced, guarded, timeouts, trains, unguarded, window};

/// Every scenario, in the order of the lesson.
pub fn scenarios() -> &'static [Scenario] {
    static ALL: [Scenario; 11] = [
        unguarded::RACE,
        unguarded::RACE_AUDIT,
        guarded::ORDERED,
        guarded::MISLABELLED,
        deadlocks::INVERTED,
        forced::FORCED_RELEASE,
        deadlocks::RING,
        timeouts::TIMEOUT,
        timeouts::TIMEOUT_RING,
        trains::TRAINS,
        window::TELLERS_WINDOW,
    ];
    &ALL
}

/// No scenario has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is called {name:?}; there are {}", names())]
pub struct Unknown {
    /// The name.
    pub name: String,
}

/// The scenario with this name.
///
/// # Errors
/// If there is none; the error lists them all.
pub fn find(name: &str) -> Result<&'static Scenario, Unknown> {
    let found = scenarios().iter().find(|scenario| scenario.name == name);
    found.ok_or_else(|| Unknown { name: name.to_owned() })
}

fn names() -> String {
    let names: Vec<&str> = scenarios().iter().map(|scenario| scenario.name).collect();
    names.join(", ")
}
