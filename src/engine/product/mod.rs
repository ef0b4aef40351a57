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
mod components;
mod cycles;
mod endings;
mod error;
mod fault;
mod follower;
mod graph;
mod handovers;
mod in_fact;
mod index;
mod lasso;
mod lead;
mod moves;
mod orders;
mod packed;
mod partial;
mod private;
mod real;
mod search;
mod settle;
mod shortest;
mod trials;
mod verdict;
mod walk;

pub use error::ProductError;

use super::{Coverage, Program, Report, Watch};
use crate::supervisor::Crash;
use crate::thousands;
use ask::{End, Explored, Far, explore};
use automata::Divergence;
use parking_lot::Mutex;
use std::hash::Hash;
use std::mem;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Whether steps of no interest to any other thread are taken together with the step before.
///
/// A thread that reads and writes what only it can touch, or what only a lock that it holds lets
/// others touch, does so unseen. Taken together there are fewer states; every end is still found, and
/// whether there is a cycle, and whether an end can be reached. Where that is not enough, because there is a
/// simplest failure to look for or interleavings to count, every step is then taken by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Every step is taken by itself.
    Never,
    /// In a program with a loop: only there the interleavings cannot be counted anyway.
    #[default]
    InLoops,
    /// In every program, to find out whether the ends are the same.
    Always,
}

/// How far the search may go, and how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most states.
    pub states: usize,
    /// The most bytes for the states.
    pub bytes: usize,
    /// Which steps are taken together.
    pub reduction: Reduction,
    /// The most runs of the real code to hold against what was learned.
    pub samples: usize,
    /// Where those start.
    pub seed: u64,
}

impl Default for Limits {
    /// A billion states in 8 GiB, whichever is less, and 1,000 runs of the real code.
    fn default() -> Self {
        Self {
            states: 1 << 30,
            bytes: 8 << 30,
            reduction: Reduction::default(),
            samples: 1_000,
            seed: 0,
        }
    }
}

/// Explores every interleaving of a program.
///
/// # Errors
/// If a thread is not determined by what it was told, or waits by other means than
/// [`sync`](crate::sync), or the real code does not do what the graph says; see [`ProductError`].
pub fn product<R>(program: &Program<R>, limits: &Limits) -> Result<Report<R>, ProductError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let limits = *limits;
    let explored = Arc::new(Mutex::new(Explored::new(&limits)));
    let shared = Arc::clone(&explored);
    let answer = program.supervised(move |program| search(program, &limits, &shared));
    answer.unwrap_or_else(|crash| Ok(after_crash(program, &limits, &explored, &crash)))
}

fn search<R>(
    program: &Program<R>,
    limits: &Limits,
    explored: &Arc<Mutex<Explored<R>>>,
) -> Result<Report<R>, ProductError>
where
    R: Clone + Ord + Hash + 'static,
{
    let (allowed, watch) = (*limits, program.watch.clone());
    explore(program, explored, move |far| allowed.look(far, &watch));
    believed(program)?;
    let explored = explored.lock();
    let answer = match &explored.end {
        End::Finished => explored.conclude_all(program, limits),
        End::Stopped => explored.stopped(program, limits),
        End::Diverged(divergence) => explored.diverged(program, limits, divergence),
        End::Lost(thread) => Err(ProductError::lost(*thread, &explored.names)),
        &End::Endless(node) => {
            let automata = explored.automata.read();
            Err(ProductError::endless(automata.thread(node), automata.deed(node), &explored.names))
        }
        End::TooManyThreads => Err(ProductError::TooManyThreads { max: packed::MAX_THREADS }),
    };
    believed(program).and(answer)
}

/// That nothing was met because of which the search must not be believed.
fn believed<R>(program: &Program<R>) -> Result<(), ProductError> {
    let refused = |why| Err(ProductError::Refused { why });
    program.refusal.last_reason().map_or(Ok(()), refused)
}

/// What a search that was given up had found. If it was then concluding, that is out of reach; and so it is
/// if it cannot be shown again.
fn after_crash<R>(
    program: &Program<R>,
    limits: &Limits,
    explored: &Arc<Mutex<Explored<R>>>,
    crash: &Crash,
) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let found = explored.try_lock().map(|mut all| mem::replace(&mut *all, Explored::new(limits)));
    let nothing = Report::of_nothing(crash.into());
    let Some(found) = found else { return nothing };
    let (coverage, extent) = (found.coverage(), crash.into());
    let show = move |program: &Program<R>| found.known(program, extent).0;
    program.supervised(show).unwrap_or(Report { coverage, ..nothing })
}

impl Limits {
    fn look(&self, far: Far, watch: &Watch) -> ControlFlow<()> {
        watch.tell(far.progress);
        match self.broken(far, watch) {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    fn broken(&self, far: Far, watch: &Watch) -> Option<String> {
        if watch.is_interrupted() {
            Some("by an interrupt".into())
        } else if far.progress.states > self.states {
            Some("at the limit of states".into())
        } else if far.bytes > self.bytes {
            Some("at the limit of memory".into())
        } else if far.moves.max(far.progress.states) > MOST {
            Some("after as many moves as can be numbered".into())
        } else {
            None
        }
    }
}

/// States and moves are numbered in 32 bits; one look at the limits and the next are at most a
/// batch apart.
const MOST: usize = u32::MAX as usize - (1 << 20);

impl<R: Clone + Ord + Hash + 'static> Explored<R> {
    fn coverage(&self) -> Coverage {
        Coverage {
            executions: self.runs,
            steps: self.search.graph.moves_len() as u64,
            contended: self.search.met.contended,
            timeouts: self.search.met.timeouts,
            stale: 0,
            preemptions: 0,
        }
    }

    /// The answer of a search that met what is not determined: a failure is one all the same.
    fn diverged(
        &self,
        program: &Program<R>,
        limits: &Limits,
        divergence: &Divergence,
    ) -> Result<Report<R>, ProductError> {
        let error = ProductError::diverged(divergence, &self.names);
        self.failure_at_random(program, limits).map_or(Err(error.clone()), |(found, ending)| {
            Ok(self.failed_in_fact(program, &error, found, ending))
        })
    }

    /// The report of a search that was stopped.
    fn stopped(&self, program: &Program<R>, limits: &Limits) -> Result<Report<R>, ProductError> {
        let reason = limits.broken(self.far(), &program.watch);
        let reason = reason.unwrap_or_else(|| "stopped".into());
        let graph = &self.search.graph;
        let (explored, known) = (thousands(graph.expanded()), thousands(graph.len()));
        self.cut_short(program, format!("{reason}: {explored} of {known} known states explored"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Progress;

    #[test]
    fn a_limit_may_be_reached_and_not_passed() {
        let limits = Limits { states: 10, bytes: 100, ..Limits::default() };
        let broken = |states, bytes, moves| {
            let far = Far { progress: Progress { states, ..Progress::default() }, moves, bytes };
            limits.broken(far, &Watch::default())
        };
        assert_eq!(broken(10, 100, MOST), None);
        assert_eq!(broken(11, 100, MOST).as_deref(), Some("at the limit of states"));
        assert_eq!(broken(10, 101, MOST).as_deref(), Some("at the limit of memory"));
        let numbered = Some("after as many moves as can be numbered");
        assert_eq!(broken(10, 100, MOST + 1).as_deref(), numbered);
        assert_eq!(broken(10, 100, MOST + 2).as_deref(), numbered);
        assert!(u32::try_from(MOST + (1 << 20)).is_ok(), "a batch more can be numbered");
    }
}
