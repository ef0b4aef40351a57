//! The product engine: every interleaving, and each thread run only as often as it takes to learn it.
//!
//! Threads touch shared state only through [`sync`](crate::sync), so what a thread does next is a
//! function of the outcomes that it has had. Each thread is learned once as an automaton, and the
//! product of the automata is searched breadth-first without running the code again. Where a
//! thread's next step is not known, the real code is run, told what it takes to get that thread
//! there, and the thread then goes on alone for as long as it does something new.
//!
//! The finished graph gives every outcome, and the simplest interleaving to each kind of failure,
//! which is replayed on the real code before it is reported.

mod ask;
mod automata;
mod cycles;
mod endings;
mod error;
mod fault;
mod follower;
mod graph;
mod index;
mod lasso;
mod packed;
mod real;
mod script;
mod search;
mod shortest;
mod verdict;

pub use error::ProductError;

use super::{Bound, Coverage, Extent, Program, Report};
use ask::{End, Explored, Progress, explore};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// How far the search may go, and what else it does.
#[derive(Clone)]
pub struct Limits {
    /// The most states.
    pub states: usize,
    /// The most bytes for the graph.
    pub bytes: usize,
    /// How many random schedules of the real code to hold against what was learned.
    pub samples: usize,
    /// Where those start.
    pub seed: u64,
    /// Once this is set, the search stops.
    pub interrupt: Arc<AtomicBool>,
    /// Called now and then with how far the search has come.
    pub progress: Arc<dyn Fn(Step) + Send + Sync>,
}

/// How far the search has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// How many states have been reached.
    pub states: usize,
    /// How many of them have not been expanded.
    pub frontier: usize,
    /// How often the real code was run.
    pub runs: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            states: 1 << 30,
            bytes: 8 << 30,
            samples: 32,
            seed: 0,
            interrupt: Arc::default(),
            progress: Arc::new(|_| ()),
        }
    }
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { states, bytes, samples, seed, .. } = self;
        write!(f, "Limits {{ states: {states}, bytes: {bytes}, samples: {samples}, seed: {seed} }}")
    }
}

/// Explores every interleaving of a program.
///
/// # Errors
/// If a thread is not determined by what it was told, or the real code does not do what the graph
/// says; see [`ProductError`].
pub fn product<R>(program: &Program<R>, limits: &Limits) -> Result<Report<R>, ProductError>
where
    R: Clone + Ord + Hash + 'static,
{
    let allowed = limits.clone();
    let explored = explore(program, move |progress| allowed.look(progress));
    match &explored.end {
        End::Finished => explored.conclude_all(program, limits),
        End::Stopped => Ok(explored.cut_short(limits)),
        End::Diverged(divergence) => Err(ProductError::diverged(divergence, &explored.names)),
        End::Lost(thread) => Err(ProductError::lost(*thread, &explored.names)),
        End::TooManyThreads => Err(ProductError::TooManyThreads { max: packed::MAX_THREADS }),
    }
}

impl Limits {
    fn look(&self, progress: Progress) -> ControlFlow<()> {
        let Progress { states, frontier, runs, .. } = progress;
        (self.progress)(Step { states, frontier, runs });
        match self.broken(progress) {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    fn broken(&self, progress: Progress) -> Option<String> {
        if self.interrupt.load(Ordering::Relaxed) {
            Some("interrupted".into())
        } else if progress.states > self.states {
            Some(format!("more than {} states", self.states))
        } else if progress.bytes > self.bytes {
            Some(format!("more than {} bytes", self.bytes))
        } else {
            None
        }
    }
}

impl<R: Clone + Ord + Hash + 'static> Explored<R> {
    fn coverage(&self) -> Coverage {
        Coverage {
            executions: self.runs,
            steps: self.search.graph.moves_len() as u64,
            contended: self.search.met.contended,
            timeouts: self.search.met.timeouts,
            preemptions: 0,
        }
    }

    fn cut_short(&self, limits: &Limits) -> Report<R> {
        let reason = limits.broken(self.progress()).unwrap_or_else(|| "stopped".into());
        let graph = &self.search.graph;
        let reason = format!(
            "{reason}; {} states expanded, {} more reached",
            graph.expanded(),
            graph.len() - graph.expanded()
        );
        Report {
            extent: Extent::CutShort { reason },
            bounds: Vec::<Bound>::new(),
            coverage: self.coverage(),
            outcomes: BTreeMap::new(),
            failures: BTreeMap::new(),
            proof: None,
        }
    }
}
