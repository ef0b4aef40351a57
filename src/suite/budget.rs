//! How large a scenario is made for each engine, and how long the engine may take.

use super::{Scenario, Setup};
use crate::bank::Retries;
use crate::engine::{Effort, Engine, Failure};

/// The size and the effort that an engine is given for a scenario, unless others are asked for.
///
/// Costs are those of a release build on two cores.
pub fn budget(scenario: &Scenario, engine: Engine) -> (Setup, Effort) {
    let retries = if scenario.loops { retries(engine, scenario) } else { Retries::UNBOUNDED };
    let setup = Setup { retries, ..scenario.setup };
    (setup, Effort { executions: executions(engine, scenario), ..Effort::default() })
}

/// Who explores states has no need of a bound, and the OS ends every loop some time. A random walk
/// that goes round ten times is rare (`timeout`: 64 of 10,000, and 1,122 under PCT). Each round
/// multiplies what an enumeration must visit: `timeout` takes DFS 396 executions without a retry,
/// 6,256 with one, 140,408 with two.
///
/// Loom takes 645 runs for `timeout` with a retry, and 2,399 for the three threads of `timeout-ring`
/// without; with one, more than 100,000.
fn retries(engine: Engine, scenario: &Scenario) -> Retries {
    match engine {
        Engine::Product | Engine::Threads => Retries::UNBOUNDED,
        Engine::Random | Engine::Pct => Retries::at_most(10),
        Engine::Loom if scenario.setup.threads > 2 => Retries::at_most(0),
        Engine::Dfs | Engine::Loom => Retries::at_most(1),
    }
}

/// Whether the engine comes to the end of the scenario, at the size and with the effort of its
/// [`budget`]: a search that is cut short all the same has been given another program.
pub fn is_exhaustible(scenario: &Scenario, engine: Engine) -> bool {
    match engine {
        Engine::Product => true,
        Engine::Dfs => !["ring", "forced-release", "timeout-ring"].contains(&scenario.name),
        Engine::Loom => !["race-audit", "forced-release"].contains(&scenario.name),
        Engine::Random | Engine::Pct | Engine::Threads => false,
    }
}

/// 10,000 samples find every failure of every scenario, in 0.3 s at most. DFS exhausts seven of
/// the ten within 20,000; `ring` takes 471,362 (6 s), `forced-release` and `timeout-ring` more than
/// 1,000,000. Loom needs some 80 us for each. It exhausts all but `race-audit`, which has 718,495, and
/// `forced-release`; of these it finds every failure.
/// A run of `trains` has no end; on OS threads it is cut off after 100,000 steps (half a second), and a few
/// tell as much as many.
fn executions(engine: Engine, scenario: &Scenario) -> u64 {
    let endless = scenario.expectation.failures == [Failure::Livelock];
    match engine {
        Engine::Product => u64::MAX,
        Engine::Random | Engine::Pct => 10_000,
        Engine::Dfs => 20_000,
        Engine::Loom => 100_000,
        Engine::Threads if endless => 5,
        Engine::Threads => 200,
    }
}
