//! The engine of the build on OS threads.

use crate::engine::threads::report;
use crate::engine::{Effort, Engine, EngineError, Erased, Report};
use crate::engine::{Failure, Found};
use crate::sync::value::Value;
use crate::trace::{Callers, Schedule, Step, Trace, Unreached};

pub(super) const ENGINES: &[Engine] = &[Engine::Threads];

pub(super) fn run(
    engine: Engine,
    program: &Erased,
    Effort { executions, seed, .. }: Effort,
) -> Result<Report<Value>, EngineError> {
    match engine {
        Engine::Threads => Ok(report(program, executions, seed)),
        engine => Err(EngineError::Elsewhere { engine }),
    }
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

pub(super) fn minimised(_: &Erased, _: Failure, found: &Found) -> Found {
    found.clone()
}
