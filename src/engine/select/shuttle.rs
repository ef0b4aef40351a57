//! The engines of the default build.

use crate::engine::{Effort, Engine, EngineError, Program, Report};
pub(super) use crate::engine::{callers, followed, minimised, unreached};
use crate::engine::{dfs, pct, product, random};
use crate::trace::{Schedule, Trace};
use std::hash::Hash;

pub(super) const ENGINES: &[Engine] = &[Engine::Product, Engine::Random, Engine::Pct, Engine::Dfs];

/// Shuttle takes its seed from here, whatever seed it is given.
const SEED: &str = "SHUTTLE_RANDOM_SEED";

pub(super) fn run<R>(
    engine: Engine,
    program: &Program<R>,
    Effort { executions, states, bytes, seed, .. }: Effort,
) -> Result<Report<R>, EngineError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    if std::env::var_os(SEED).is_some() {
        return Err(EngineError::Environment(SEED.into()));
    }
    match engine {
        Engine::Product => {
            let limits = product::Limits { states, bytes, seed, ..product::Limits::default() };
            product::product(program, &limits).map_err(|e| EngineError::Failed(e.to_string()))
        }
        Engine::Random => Ok(random(program, executions, seed)),
        Engine::Pct => Ok(pct(program, executions, seed)),
        Engine::Dfs => Ok(dfs(program, executions)),
        Engine::Loom | Engine::Threads => Err(EngineError::Elsewhere { engine }),
    }
}

pub(super) fn replay<R>(program: &Program<R>, schedule: &Schedule) -> Result<Trace, EngineError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    Ok(crate::engine::replay_schedule(program, schedule)?.trace)
}

pub(super) fn reproduced<R>(program: &Program<R>, trace: &Trace, times: usize) -> Option<usize>
where
    R: Clone + Ord + Hash + 'static,
{
    Some(crate::engine::reproduced(program, trace, times))
}
