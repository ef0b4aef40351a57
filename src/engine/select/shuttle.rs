//! The engines of the default build.

pub(super) use crate::engine::callers::callers;
use crate::engine::dfs::dfs;
pub(super) use crate::engine::follows::followed;
pub(super) use crate::engine::minimise::minimised;
use crate::engine::pct::pct;
use crate::engine::random::random;
pub(super) use crate::engine::solo::unreached;
use crate::engine::{Effort, Engine, EngineError, Erased, Report, product, replay as along};
use crate::sync::value::Value;
use crate::trace::{Schedule, Trace};

pub(super) const ENGINES: &[Engine] = &[Engine::Product, Engine::Random, Engine::Pct, Engine::Dfs];

/// Shuttle takes its seed from here, whatever seed it is given.
const SEED: &str = "SHUTTLE_RANDOM_SEED";

pub(super) fn run(
    engine: Engine,
    program: &Erased,
    Effort { executions, states, bytes, seed, .. }: Effort,
) -> Result<Report<Value>, EngineError> {
    if std::env::var_os(SEED).is_some() {
        return Err(EngineError::Environment(SEED.into()));
    }
    match engine {
        Engine::Product => {
            let limits = product::Limits { states, bytes, seed, ..product::Limits::default() };
            product::report(program, &limits).map_err(|e| EngineError::Failed(e.to_string()))
        }
        Engine::Random => Ok(random(program, executions, seed)),
        Engine::Pct => Ok(pct(program, executions, seed)),
        Engine::Dfs => Ok(dfs(program, executions)),
        Engine::Loom | Engine::Threads => Err(EngineError::Elsewhere { engine }),
    }
}

pub(super) fn replay(program: &Erased, schedule: &Schedule) -> Result<Trace, EngineError> {
    Ok(along::replay_schedule(program, schedule)?.trace)
}

pub(super) fn reproduced(program: &Erased, trace: &Trace, times: usize) -> Option<usize> {
    Some(along::reproduced(program, trace, times))
}
