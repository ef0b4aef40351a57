//! Loom: every interleaving, under the memory model of C11.

use super::conclude::ending;
use super::{Collector, Extent, Program, Report, retry_bounds};
use crate::sync::backend::{self, Over, Run, Search, Settings, explore};
use crate::sync::quiet::quietly;
use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;

/// What loom is to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoomBounds {
    /// The most preemptions in a run. With such a bound nothing is ever proved, and the search can
    /// be longer than without: it is for finding a failure.
    pub preemptions: Option<usize>,
    /// The most choices in a run; each operation is one or two.
    pub max_branches: usize,
    /// The most runs.
    pub max_executions: u64,
}

impl Default for LoomBounds {
    fn default() -> Self {
        Self { preemptions: None, max_branches: 10_000, max_executions: 1_000_000 }
    }
}

/// Loom's environment variables are set; they would silently change what is checked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("loom is configured by its environment: unset {}", .0.join(", "))]
pub struct LoomVariables(Vec<String>);

/// Makes sure that none of loom's environment variables is set.
///
/// # Errors
/// If one is, whatever its value.
pub fn refuse_loom_variables() -> Result<(), LoomVariables> {
    let mut set: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("LOOM_"))
        .collect();
    set.sort_unstable();
    if set.is_empty() { Ok(()) } else { Err(LoomVariables(set)) }
}

/// Visits every interleaving within the bounds.
pub fn loom<R>(program: &Program<R>, bounds: &LoomBounds) -> Report<R>
where
    R: Clone + Ord + Hash + 'static,
{
    let collector = Collector::new(program);
    if let Err(error) = refuse_loom_variables() {
        return collector.report(Extent::CutShort { reason: error.to_string() }, Vec::new());
    }
    let (collector, extent) = search(program, bounds, collector);
    let limits = retry_bounds(&collector);
    collector.report(extent, limits)
}

fn search<R>(
    program: &Program<R>,
    bounds: &LoomBounds,
    collector: Collector<R>,
) -> (Collector<R>, Extent)
where
    R: Clone + Ord + Hash + 'static,
{
    let collector = Rc::new(RefCell::new(collector));
    let sink = Rc::clone(&collector);
    let max_executions = bounds.max_executions;
    let watch = move |run: &mut Run, over: Over| {
        let ending = ending(run, over);
        let mut collector = sink.borrow_mut();
        collector.add(&run.tape, run.preemptions, ending);
        collector.coverage().executions < max_executions && !collector.is_interrupted()
    };
    let settings = Settings { preemptions: bounds.preemptions, max_branches: bounds.max_branches };
    let body = std::sync::Arc::clone(&program.body);
    let search = quietly(backend::install_looms_hook, || explore(settings, body, watch));
    let collector = Rc::into_inner(collector).expect("loom has dropped the watch").into_inner();
    (collector, extent(search, bounds))
}

fn extent(search: Search, bounds: &LoomBounds) -> Extent {
    let reason = match (search, bounds.preemptions) {
        (Search::Complete, None) => return Extent::Exhausted,
        (Search::Complete, Some(most)) => format!("no more than {most} preemptions"),
        (Search::Stopped, _) => format!("after {} executions", bounds.max_executions),
        (Search::GaveUp(why), _) => format!("loom gave up: {why}"),
    };
    Extent::CutShort { reason }
}
