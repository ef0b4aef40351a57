//! Shuttle's random walk.

use super::{Erased, Extent, Report, filter};
use crate::sync::value::Value;
use shuttle::scheduler::RandomScheduler;

/// Runs the program `executions` times, choosing a thread that can move at random at each step.
pub(crate) fn random(program: &Erased, executions: u64, seed: u64) -> Report<Value> {
    program.report(move |program, collected| {
        let executions = usize::try_from(executions).unwrap_or(usize::MAX);
        let scheduler = RandomScheduler::new_from_seed(seed, executions);
        filter::run_under(scheduler, program, collected);
        Extent::Sampled { seed }
    })
}
