//! The first answer, while the best one takes its time.
//!
//! A search that has come far without an end makes a short sample of the real code, and then goes on: at most
//! 500 random walks of 20,000 steps in all, half of them with priorities, from the seed of the search. So a
//! plain mistake in a wide program is found at once, and one in a narrow program costs nothing. What a walk
//! finds is made simpler by at most 1,000 runs of 50,000 steps in all, and shown to whoever watches. It stands
//! if the search is cut short; one that comes to its end knows better, and must have found the same way of
//! failing.

use super::ask::{End, Explored};
use super::early::Early;
use super::error::ProductError;
use super::limits::{Far, Limits};
use crate::engine::{Ending, Erased, Extent, Failure, Found, Report, Seen, simplified};
use crate::sync::value::Value;
use crate::trace::Trace;
use std::collections::BTreeMap;

/// So many states, or so many runs to learn the threads, are far.
const STATES: usize = 1 << 16;
const RUNS: u64 = 1 << 8;

/// A failure is made simpler by at most so many runs before it is shown, and of so many steps in all.
const SIMPLER: usize = 1_000;
const SIMPLER_STEPS: usize = 50_000;

impl Far {
    /// Whether it is time for a sample.
    pub(super) fn is_far(&self) -> bool {
        self.progress.states >= STATES || self.progress.runs >= RUNS
    }
}

impl Explored {
    /// Whether the search paused for a sample.
    pub(super) fn waits_for_a_sample(&self, program: &Erased, limits: &Limits) -> bool {
        self.end == End::Stopped
            && matches!(self.early, Early::NotYet)
            && limits.broken(self.far(), &program.watch).is_none()
            && program.refusal.reason().is_none()
    }

    /// Makes the sample.
    pub(super) fn sample(&mut self, program: &Erased, limits: &Limits) {
        let (runs, failure) = self.failure_at_random(program, limits);
        self.runs += runs;
        self.early = match failure {
            Some((trace, ending)) => {
                Early::Failure { found: self.simpler(program, &trace, &ending), ending }
            }
            None => Early::Nothing,
        };
    }

    /// For each way in which a run failed, one as simple as it is made soon; the first is shown.
    fn simpler(
        &self,
        program: &Erased,
        trace: &Trace,
        ending: &Ending<Value>,
    ) -> BTreeMap<Failure, Found> {
        let runs = SIMPLER.min(SIMPLER_STEPS / trace.steps.len().max(1));
        let failures = (program.judge)(ending).into_iter();
        let simpler =
            |failure| (failure, simplified(program, failure, &Found::of(trace.clone()), runs));
        let found: BTreeMap<_, _> = failures.map(simpler).collect();
        if let Some((&failure, first)) = found.first_key_value() {
            program.watch.found(failure, first);
        }
        found
    }

    /// The answer of a search that could not go on because of this, if a walk had failed before; or the error.
    pub(super) fn or_early(
        &self,
        program: &Erased,
        error: ProductError,
    ) -> Result<Report<Value>, ProductError> {
        if !matches!(self.early, Early::Failure { .. }) {
            return Err(error);
        }
        let reason = format!("because {error}");
        let mut report = Report::of_nothing(Extent::CutShort { reason });
        report.coverage = self.coverage();
        self.add_early(program, &mut report);
        Ok(report)
    }

    /// Adds what a walk had found, where the search had not come to the same.
    pub(super) fn add_early(&self, program: &Erased, report: &mut Report<Value>) {
        let Early::Failure { found, ending } = &self.early else { return };
        for (&failure, found) in found {
            report.failures.entry(failure).or_insert_with(|| found.clone());
        }
        let seen = Seen { runs: 1, failures: (program.judge)(ending) };
        report.outcomes.entry(self.as_reported(ending.clone())).or_insert(seen);
    }

    /// Whether a walk had found what the verdict on the finished graph does not have.
    pub(super) fn is_unforeseen(&self, report: &Report<Value>) -> bool {
        let Early::Failure { found, .. } = &self.early else { return false };
        !found.keys().all(|failure| report.failures.contains_key(failure))
    }
}
