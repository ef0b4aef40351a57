//! The engine of the build on OS threads.

use crate::engine::threads;
use crate::engine::{Effort, Engine, EngineError, Program, Report};
use crate::engine::{Failure, Found};
use crate::trace::{Callers, Schedule, Step, Trace, Unreached};
use std::hash::Hash;

pub(super) const ENGINES: &[Engine] = &[Engine::Threads];

pub(super) fn run<R>(
    engine: Engine,
    program: &Program<R>,
    Effort { executions, seed, .. }: Effort,
) -> Result<Report<R>, EngineError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    match engine {
        Engine::Threads => Ok(threads(program, executions, seed)),
        engine => Err(EngineError::Elsewhere { engine }),
    }
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

pub(super) fn minimised<R>(_: &Program<R>, _: Failure, found: &Found) -> Found {
    found.clone()
}
