//! Shuttle's random walk.

use super::{Extent, Program, Report, filter};
use shuttle::scheduler::RandomScheduler;
use std::hash::Hash;

/// Runs the program `executions` times, choosing a thread that can move at random at each step.
pub fn random<R>(program: &Program<R>, executions: u64, seed: u64) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    program.report(move |program, collected| {
        let executions = usize::try_from(executions).unwrap_or(usize::MAX);
        let scheduler = RandomScheduler::new_from_seed(seed, executions);
        filter::run_under(scheduler, program, collected);
        Extent::Sampled { seed }
    })
}
