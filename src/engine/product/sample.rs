//! The first answer, while the best one takes its time.
//!
//! A search that has come far without an end makes a short sample of the real code, and then goes on: at most
//! 500 random walks of 20,000 steps in all, half of them with priorities, from the seed of the search. So a
//! plain mistake in a wide program is found at once, and one in a narrow program costs nothing. What a walk
//! finds is made simpler by at most 1,000 runs, and shown to whoever watches. It stands if the search is cut
//! short; one that comes to its end knows better, and must have found the same way of failing.

use super::ask::{End, Explored};
use super::early::Early;
use super::error::ProductError;
use super::limits::{Far, Limits};
use crate::engine::{Ending, Found, Program, Report, simplified};
use crate::trace::Trace;
use std::hash::Hash;

/// So many states, or so many runs to learn the threads, are far.
const STATES: usize = 1 << 16;
const RUNS: u64 = 1 << 8;

/// A failure is made simpler by at most so many runs before it is shown.
const SIMPLER: usize = 1_000;

impl Far {
    /// Whether it is time for a sample.
    pub(super) fn is_far(&self) -> bool {
        self.progress.states >= STATES || self.progress.runs >= RUNS
    }
}

impl<R: Clone + Ord + Hash + 'static> Explored<R> {
    /// Whether the search paused for a sample.
    pub(super) fn waits_for_a_sample(&self, program: &Program<R>, limits: &Limits) -> bool {
        self.end == End::Stopped
            && matches!(self.early, Early::NotYet)
            && limits.broken(self.far(), &program.watch).is_none()
            && program.refusal.reason().is_none()
    }

    /// Makes the sample.
    pub(super) fn sample(&mut self, program: &Program<R>, limits: &Limits) {
        let (runs, failure) = self.failure_at_random(program, limits);
        self.runs += runs;
        self.early = match failure {
            Some((trace, ending)) => {
                Early::Failure { trace: self.simpler(program, trace, &ending), ending }
            }
            None => Early::Nothing,
        };
    }

    /// A failing run, as simple as it is made soon, and shown.
    fn simpler(&self, program: &Program<R>, trace: Trace, ending: &Ending<R>) -> Trace {
        let failures = (program.judge)(ending);
        let Some(&failure) = failures.first() else { return trace };
        let found = simplified(program, failure, &Found::of(trace), SIMPLER);
        program.watch.show(failure, &found);
        found.trace
    }

    /// The answer of a search that could not go on because of this, if a walk had failed before; or the error.
    pub(super) fn or_early(
        &self,
        program: &Program<R>,
        error: ProductError,
    ) -> Result<Report<R>, ProductError> {
        match &self.early {
            Early::Failure { trace, ending } => {
                Ok(self.failed_in_fact(program, &error, trace.clone(), ending.clone()))
            }
            Early::NotYet | Early::Nothing => Err(error),
        }
    }

    /// What a walk had found that the verdict on the finished graph does not have.
    pub(super) fn is_unforeseen(&self, program: &Program<R>, report: &Report<R>) -> bool {
        let Early::Failure { ending, .. } = &self.early else { return false };
        let failures = (program.judge)(ending);
        !failures.iter().all(|failure| report.failures.contains_key(failure))
    }
}
