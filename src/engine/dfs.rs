//! Shuttle's depth-first enumeration of every interleaving.

use super::{Extent, Program, Report, filter, retry_bounds};
use crate::bank::thousands;
use shuttle::scheduler::DfsScheduler;
use std::hash::Hash;

/// Visits every interleaving, but no more than `max_executions`.
pub fn dfs<R>(program: &Program<R>, max_executions: u64) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    program.report(move |program| {
        let limit = usize::try_from(max_executions).unwrap_or(usize::MAX);
        let scheduler = DfsScheduler::new(Some(limit.saturating_add(1)), false);
        let collector = filter::run_under(scheduler, program);
        let extent = if collector.coverage().executions > max_executions {
            let runs = thousands(i64::try_from(max_executions).unwrap_or(i64::MAX));
            Extent::CutShort { reason: format!("after {runs} runs, and there are more") }
        } else {
            Extent::Exhausted
        };
        let bounds = retry_bounds(&collector);
        collector.report(extent, bounds)
    })
}
