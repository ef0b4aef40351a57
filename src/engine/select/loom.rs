//! The engine of the build under `--cfg loom`.

pub(super) use crate::engine::loom::any_minimised as minimised;
use crate::engine::loom::report;
use crate::engine::{Effort, Engine, EngineError, Erased, Report};
use crate::engine::{LoomBounds, refuse_loom_variables};
use crate::sync::value::Value;
use crate::trace::{Callers, Schedule, Step, Trace, Unreached};

pub(super) const ENGINES: &[Engine] = &[Engine::Loom];

pub(super) fn run(
    engine: Engine,
    program: &Erased,
    effort: Effort,
) -> Result<Report<Value>, EngineError> {
    if engine != Engine::Loom {
        return Err(EngineError::Elsewhere { engine });
    }
    refuse_loom_variables().map_err(|error| EngineError::Failed(error.to_string()))?;
    let bounds = LoomBounds { max_executions: effort.executions, ..LoomBounds::default() };
    Ok(report(program, &bounds))
}

/// Nobody can be told here what is not so.
pub(super) fn followed(_: &Erased, trace: &Trace) -> Vec<Step> {
    trace.steps.clone()
}

/// No run can be had once more here.
pub(super) fn callers(_: &Erased, _: &Trace) -> Callers {
    Callers::default()
}

/// A thread cannot be run alone here.
pub(super) fn unreached(_: &Erased, _: &Trace) -> Vec<Unreached> {
    Vec::new()
}

/// Nobody can be told here when to move.
pub(super) fn replay(_: &Erased, _: &Schedule) -> Result<Trace, EngineError> {
    Err(EngineError::Elsewhere { engine: Engine::Product })
}

pub(super) fn reproduced(_: &Erased, _: &Trace, _: usize) -> Option<usize> {
    None
}
