//! The engine of the build under `--cfg loom`.

pub(super) use crate::engine::minimised;
use crate::engine::{Effort, Engine, EngineError, Program, Report};
use crate::engine::{LoomBounds, loom, refuse_loom_variables};
use crate::trace::{Callers, Schedule, Step, Trace, Unreached};
use std::hash::Hash;

pub(super) const ENGINES: &[Engine] = &[Engine::Loom];

pub(super) fn run<R>(
    engine: Engine,
    program: &Program<R>,
    effort: Effort,
) -> Result<Report<R>, EngineError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    if engine != Engine::Loom {
        return Err(EngineError::Elsewhere { engine });
    }
    refuse_loom_variables().map_err(|error| EngineError::Failed(error.to_string()))?;
    let bounds = LoomBounds { max_executions: effort.executions, ..LoomBounds::default() };
    Ok(loom(program, &bounds))
}

/// Nobody can be told here what is not so.
pub(super) fn followed<R>(_: &Program<R>, trace: &Trace) -> Vec<Step> {
    trace.steps.clone()
}

/// No run can be had once more here.
pub(super) fn callers<R>(_: &Program<R>, _: &Trace) -> Callers {
    Callers::default()
}

/// A thread cannot be run alone here.
pub(super) fn unreached<R>(_: &Program<R>, _: &Trace) -> Vec<Unreached> {
    Vec::new()
}

/// Nobody can be told here when to move.
pub(super) fn replay<R>(_: &Program<R>, _: &Schedule) -> Result<Trace, EngineError> {
    Err(EngineError::Elsewhere { engine: Engine::Product })
}

pub(super) fn reproduced<R>(_: &Program<R>, _: &Trace, _: usize) -> Option<usize> {
    None
}
