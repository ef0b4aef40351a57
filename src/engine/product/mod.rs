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

mod anew;
mod ask;
mod automata;
mod components;
mod cycles;
mod early;
mod edge;
mod endings;
mod error;
mod expansion;
mod fault;
mod follower;
mod foreseen;
mod granted;
mod graph;
mod handovers;
mod in_fact;
mod index;
mod lasso;
mod lead;
mod limits;
mod moves;
mod node;
mod orders;
mod packed;
mod partial;
mod patience;
mod private;
mod real;
mod rounds;
mod sample;
mod search;
mod settle;
mod shortest;
mod spin;
mod trials;
mod verdict;
mod walk;

pub use error::ProductError;
pub use limits::{Limits, Reduction};

use super::random::random;
use super::{Coverage, Erased, Program, Report};
use crate::supervisor::Crash;
use crate::sync::value::Value;
use crate::thousands;
use ask::{End, Explored, explore};
use automata::Divergence;
use early::Early;
use limits::Far;
use parking_lot::Mutex;
use std::mem;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Explores every interleaving of a program.
///
/// # Errors
/// If a thread is not determined by what it was told, or waits by other means than
/// [`sync`](crate::sync), or the real code does not do what the graph says; see [`ProductError`].
pub fn product<R>(program: &Program<R>, limits: &Limits) -> Result<Report<R>, ProductError>
where
    R: Ord + 'static,
{
    Ok(report(&program.erased, limits)?.typed())
}

/// The same, of any program.
pub(crate) fn report(program: &Erased, limits: &Limits) -> Result<Report<Value>, ProductError> {
    let limits = *limits;
    let explored = Arc::new(Mutex::new(Explored::new(&limits, &program.watch)));
    let shared = Arc::clone(&explored);
    let answer = program.supervised(move |program| search(program, &limits, &shared));
    answer.unwrap_or_else(|crash| Ok(after_crash(program, &limits, &explored, &crash)))
}

fn search(
    program: &Erased,
    limits: &Limits,
    explored: &Arc<Mutex<Explored>>,
) -> Result<Report<Value>, ProductError> {
    explore(program, limits, explored, looks(program, limits, Far::is_far));
    if explored.lock().waits_for_a_sample(program, limits) {
        explored.lock().sample(program, limits);
        explore(program, limits, explored, looks(program, limits, |_| false));
    }
    believed(program)?;
    let explored = explored.lock();
    let answer = match &explored.end {
        End::Finished => explored.conclude_all(program, limits),
        End::Stopped => explored.stopped(program, limits),
        End::Diverged(divergence) => explored.diverged(program, limits, divergence),
        End::Lost(thread) => Err(ProductError::lost(*thread, &explored.names)),
        &End::Endless(endless) => {
            Err(ProductError::endless(endless, &explored.automata.read(), &explored.names))
        }
        End::TooManyThreads => Err(ProductError::TooManyThreads { max: packed::MAX_THREADS }),
    };
    believed(program).and(answer.or_else(|error| explored.or_early(program, error)))
}

/// Looks at how far a search has come, and stops it at its limits, or where it is to pause.
fn looks(
    program: &Erased,
    limits: &Limits,
    pauses: fn(&Far) -> bool,
) -> impl FnMut(Far) -> ControlFlow<()> + use<> {
    let (limits, watch) = (*limits, program.watch.clone());
    move |far| match limits.look(far, &watch) {
        ControlFlow::Continue(()) if pauses(&far) => ControlFlow::Break(()),
        look => look,
    }
}

/// That nothing was met because of which the search must not be believed.
fn believed(program: &Erased) -> Result<(), ProductError> {
    let refused = |why| Err(ProductError::Refused { why });
    program.refusal.last_reason().map_or(Ok(()), refused)
}

/// What a search that was given up had found. If it was then concluding, that is out of reach; and so it is
/// if it cannot be shown again.
fn after_crash(
    program: &Erased,
    limits: &Limits,
    explored: &Arc<Mutex<Explored>>,
    crash: &Crash,
) -> Report<Value> {
    let nothing_yet = || Explored::new(limits, &program.watch);
    let found = explored.try_lock().map(|mut all| mem::replace(&mut *all, nothing_yet()));
    let nothing = Report::of_nothing(crash.into());
    let Some(found) = found else { return nothing };
    let (coverage, extent) = (found.coverage(), crash.into());
    let show = move |program: &Erased| found.known(program, extent).0;
    let known = program.supervised(show).unwrap_or(Report { coverage, ..nothing });
    match crash {
        Crash::Lost(_) if known.failures.is_empty() => {
            // The run that cannot be left may be the failure: who only runs the code sees it.
            let sampled = random(program, limits.samples as u64, limits.seed);
            Report { failures: sampled.failures, outcomes: sampled.outcomes, ..known }
        }
        _ => known,
    }
}

impl Explored {
    fn coverage(&self) -> Coverage {
        Coverage {
            executions: self.runs,
            steps: self.search.graph.moves_len() as u64,
            contended: self.search.met.contended,
            timeouts: self.search.met.timeouts,
            stale: 0,
            beside_panics: 0,
            preemptions: 0,
        }
    }

    /// The answer of a search that met what is not determined: a failure is one all the same.
    fn diverged(
        &self,
        program: &Erased,
        limits: &Limits,
        divergence: &Divergence,
    ) -> Result<Report<Value>, ProductError> {
        let error = ProductError::diverged(divergence, &self.names);
        if !matches!(self.early, Early::NotYet) {
            return Err(error);
        }
        self.failure_at_random(program, limits).1.map_or(Err(error.clone()), |(found, ending)| {
            Ok(self.failed_in_fact(program, &error, found, ending))
        })
    }

    /// The report of a search that was stopped.
    fn stopped(&self, program: &Erased, limits: &Limits) -> Result<Report<Value>, ProductError> {
        let reason = limits.broken(self.far(), &program.watch);
        let reason = reason.unwrap_or_else(|| "stopped".into());
        let graph = &self.search.graph;
        let (explored, known) = (thousands(graph.expanded()), thousands(graph.len()));
        let covered = match (graph.len(), graph.expanded()) {
            (0, _) => {
                let learned = thousands(self.automata.read().len());
                format!("{learned} operations learned, and no state explored")
            }
            (all, done) if all == done => {
                format!("all {known} states explored, and not yet judged")
            }
            _ => format!("{explored} of {known} known states explored"),
        };
        let raise = limits.raisable(self.far(), &program.watch);
        let raise = raise.map(|limit| format!("; {limit} raises it")).unwrap_or_default();
        self.cut_short(program, format!("{reason}: {covered}{raise}"))
    }
}
