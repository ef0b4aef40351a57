//! Shuttle's depth-first enumeration of every interleaving.

use super::{Extent, Program, Report, filter};
use crate::thousands;
use shuttle::scheduler::DfsScheduler;
use std::hash::Hash;

/// Visits every interleaving, but no more than `max_executions`.
pub fn dfs<R>(program: &Program<R>, max_executions: u64) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    program.report(move |program, collected| {
        let limit = usize::try_from(max_executions).unwrap_or(usize::MAX);
        let scheduler = DfsScheduler::new(Some(limit.saturating_add(1)), false);
        filter::run_under(scheduler, program, collected);
        if collected.lock().executions() > max_executions {
            let runs = thousands(i64::try_from(max_executions).unwrap_or(i64::MAX));
            Extent::CutShort { reason: format!("after {runs} runs, and there are more") }
        } else {
            Extent::Exhausted
        }
    })
}
