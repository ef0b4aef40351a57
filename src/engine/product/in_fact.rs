//! Failures that the real code shows, though the search does not see why.

use super::ask::Explored;
use super::error::ProductError;
use super::limits::Limits;
use super::real::yields;
use super::trials::Deviation;
use super::walk::Walk;
use crate::engine::along::Picking;
use crate::engine::filter::{self, drive};
use crate::engine::{Ending, Extent, Found, Program, Report, Seen};
use crate::trace::Trace;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::rc::Rc;

/// How many random walks are tried.
const WALKS: u64 = 500;

/// A walk is expected to take about so many steps.
const STEPS: usize = 64;

impl<R: Clone + Ord + Hash + 'static> Explored<R> {
    /// The answer where a run of the real code is not in the graph: if it fails, that is a failure.
    pub(super) fn deviated(
        &self,
        program: &Program<R>,
        deviation: Deviation<R>,
    ) -> Result<Report<R>, ProductError> {
        let Deviation { error, ending, trace } = deviation;
        match ending.zip(trace) {
            Some((ending, trace)) if !(program.judge)(&ending).is_empty() => {
                Ok(self.failed_in_fact(program, &error, trace, ending))
            }
            _ => Err(error),
        }
    }

    /// The report of what failed in fact, in a search that cannot go on because of this.
    pub(super) fn failed_in_fact(
        &self,
        program: &Program<R>,
        error: &ProductError,
        trace: Trace,
        ending: Ending<R>,
    ) -> Report<R> {
        let mut report =
            Report::of_nothing(Extent::CutShort { reason: format!("because {error}") });
        report.coverage = self.coverage();
        let failures = (program.judge)(&ending);
        let found = Found::of(trace);
        report.failures = failures.iter().map(|&failure| (failure, found.clone())).collect();
        report.outcomes = BTreeMap::from([(self.as_reported(ending), Seen { runs: 1, failures })]);
        report
    }

    /// A run of the real code that fails, if a random one does.
    pub(super) fn failure_at_random(
        &self,
        program: &Program<R>,
        limits: &Limits,
    ) -> Option<(Trace, Ending<R>)> {
        let found = Rc::new(RefCell::new(None));
        let (sink, known) = (Rc::clone(&found), Rc::clone(&found));
        let (judge, seed) = (program.judge, limits.seed);
        let mut walks = 0..WALKS.min(limits.samples as u64);
        let begin = move || {
            let nth = walks.next().filter(|_| known.borrow().is_none())?;
            let mut walk = Walk::new(seed, nth, STEPS);
            Some(Box::new(move |offered: &[_]| walk.pick(offered, yields)) as _)
        };
        drive(
            Picking::new(begin),
            program,
            self.names.clone(),
            filter::MAX_STEPS,
            |_| (),
            move |run, over, _| {
                let ending = filter::ending(run, over).filter(|ending| !judge(ending).is_empty());
                if let Some(ending) = ending {
                    *sink.borrow_mut() = Some((run.tape.trace(), ending));
                }
            },
        );
        found.take()
    }
}
