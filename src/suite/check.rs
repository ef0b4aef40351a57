//! One engine's look at one scenario.

use super::{Audit, Demand, Scenario, Setup, Unmet, budget, is_exhaustible};
use crate::engine::{Effort, Engine, EngineError, Extent, Report, Watch};
use std::time::{Duration, Instant};

/// What an engine found out about a scenario.
#[derive(Clone, Debug)]
pub struct Checked<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its size.
    pub setup: Setup,
    /// The engine.
    pub engine: Engine,
    /// What the engine has to say.
    pub report: Report<Audit>,
    /// What of it is not as expected; nothing if all is.
    pub unmet: Vec<Unmet>,
    /// How long it took.
    pub elapsed: Duration,
}

/// Checks a scenario at this size.
///
/// # Errors
/// If this build does not have the engine, or the engine cannot answer.
pub fn check(
    scenario: &Scenario,
    engine: Engine,
    setup: Setup,
    effort: Effort,
) -> Result<Checked<'_>, EngineError> {
    check_watched(scenario, engine, setup, effort, Watch::default())
}

/// Checks a scenario at this size, and tells `watch` how far it has come.
///
/// # Errors
/// If this build does not have the engine, or the engine cannot answer.
pub fn check_watched(
    scenario: &Scenario,
    engine: Engine,
    setup: Setup,
    effort: Effort,
    watch: Watch,
) -> Result<Checked<'_>, EngineError> {
    let start = Instant::now();
    let report = engine.run(&scenario.program(setup).watched_by(watch), effort)?;
    let elapsed = start.elapsed();
    let demand = demand(scenario, engine, setup, effort, &report.extent);
    let unmet = scenario.expectation.unmet(engine, &report, &setup, demand);
    Ok(Checked { scenario, setup, engine, report, unmet, elapsed })
}

impl Checked<'_> {
    /// Whether all is as expected.
    pub fn is_as_expected(&self) -> bool {
        self.unmet.is_empty()
    }
}

/// How much a check of this size and effort must have seen. A sample must have reached everything
/// if it is at least the one that is known to be large enough; what the operating system does is
/// nobody's to promise.
pub fn demand(
    scenario: &Scenario,
    engine: Engine,
    setup: Setup,
    effort: Effort,
    extent: &Extent,
) -> Demand {
    let (usual_setup, usual) = budget(scenario, engine);
    let is_usual = setup == usual_setup && effort.executions >= usual.executions;
    let thorough = match extent {
        Extent::Exhausted => true,
        Extent::CutShort { .. } => false,
        Extent::Sampled { .. } => {
            engine != Engine::Threads && is_usual && effort.seed == usual.seed
        }
    };
    let exhaustive = engine == Engine::Product || is_usual && is_exhaustible(scenario, engine);
    Demand { thorough, exhaustive }
}
