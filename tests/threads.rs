//! The suite on real threads, where nobody can promise that anything is reached, only that nothing
//! is that must not be.
#![cfg(all(not(loom), not(feature = "shuttle")))]

use tellers::engine::{Effort, Engine};
use tellers::suite::{budget, check, scenarios};

#[test]
fn nothing_happens_that_nobody_expects() {
    for scenario in scenarios() {
        let (setup, effort) = budget(scenario, Engine::Threads);
        let effort = Effort { executions: effort.executions.min(20), ..effort };
        let checked = check(scenario, Engine::Threads, setup, effort).expect("it answers");
        assert_eq!(checked.unmet, [], "{}", scenario.name);
        assert_eq!(checked.report.coverage.executions, effort.executions, "{}", scenario.name);
    }
}
