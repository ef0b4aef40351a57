//! One engine's look at one scenario.

use super::{Audit, Scenario, Setup, budget};
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
    /// What of it is not as expected, in words; nothing if all is.
    pub unmet: Vec<String>,
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
    let thorough = is_thorough(scenario, engine, setup, effort, &report);
    let mut unmet = scenario.expectation.unmet(engine, &report, &setup, thorough);
    unmet.extend(hollow(scenario, engine, &report));
    Ok(Checked { scenario, setup, engine, report, unmet, elapsed })
}

impl Checked<'_> {
    /// Whether all is as expected.
    pub fn is_as_expected(&self) -> bool {
        self.unmet.is_empty()
    }
}

/// The product engine has no excuse for not looking at everything, and no engine for looking at
/// nothing, unless the failure is one that it cannot see.
fn hollow(scenario: &Scenario, engine: Engine, report: &Report<Audit>) -> Option<String> {
    let sees_all = scenario.expectation.failures.iter().all(|&failure| engine.sees(failure));
    match &report.extent {
        _ if sees_all && report.failures.is_empty() && report.outcomes.is_empty() => {
            Some("no run came to an end".into())
        }
        Extent::CutShort { reason } if engine == Engine::Product => {
            Some(format!("not proved: cut short {reason}"))
        }
        _ => None,
    }
}

/// Whether the report must have reached all that can be reached: it covers every interleaving, or
/// is at least the sample that is known to be large enough. What the operating system does is
/// nobody's to promise.
fn is_thorough(
    scenario: &Scenario,
    engine: Engine,
    setup: Setup,
    effort: Effort,
    report: &Report<Audit>,
) -> bool {
    let (usual_setup, usual) = budget(scenario, engine);
    match report.extent {
        Extent::Exhausted => true,
        Extent::CutShort { .. } => false,
        Extent::Sampled { .. } => {
            engine != Engine::Threads
                && setup == usual_setup
                && effort.seed == usual.seed
                && effort.executions >= usual.executions
        }
    }
}
