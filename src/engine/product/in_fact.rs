//! Failures that the real code shows, though the search does not see why.

use super::ask::Explored;
use super::error::ProductError;
use super::limits::Limits;
use super::real::turn_of;
use super::trials::Deviation;
use super::walk::Walk;
use crate::engine::along::Picking;
use crate::engine::filter::{self, drive};
use crate::engine::{Ending, Erased, Extent, Found, Report, Seen};
use crate::sync::value::Value;
use crate::trace::Trace;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// How many random walks are tried, and of how many steps in all.
const WALKS: u64 = 500;
const WALKED: usize = 20_000;

/// A walk is expected to take about so many steps, until one has taken more.
const STEPS: usize = 64;

/// How far the walks have come.
#[derive(Clone, Copy)]
struct Walked {
    walks: u64,
    steps: usize,
    longest: usize,
}

impl Explored {
    /// The answer where a run of the real code is not in the graph: if it fails, that is a failure.
    pub(super) fn deviated(
        &self,
        program: &Erased,
        deviation: Deviation,
    ) -> Result<Report<Value>, ProductError> {
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
        program: &Erased,
        error: &ProductError,
        trace: Trace,
        ending: Ending<Value>,
    ) -> Report<Value> {
        let mut report =
            Report::of_nothing(Extent::CutShort { reason: format!("because {error}") });
        report.coverage = self.coverage();
        let failures = (program.judge)(&ending);
        let found = Found::of(trace);
        report.failures = failures.iter().map(|&failure| (failure, found.clone())).collect();
        report.outcomes = BTreeMap::from([(self.as_reported(ending), Seen { runs: 1, failures })]);
        report
    }

    /// How many random runs of the real code there were, and the first that fails.
    pub(super) fn failure_at_random(
        &self,
        program: &Erased,
        limits: &Limits,
    ) -> (u64, Option<(Trace, Ending<Value>)>) {
        let found = Rc::new(RefCell::new(None));
        let (sink, known) = (Rc::clone(&found), Rc::clone(&found));
        let walked = Rc::new(Cell::new(Walked { walks: 0, steps: 0, longest: STEPS }));
        let (so_far, more) = (Rc::clone(&walked), Rc::clone(&walked));
        let (judge, watch) = (Arc::clone(&program.judge), program.watch.clone());
        let seed = limits.seed;
        let most = WALKS.min(limits.samples as u64);
        let begin = move || {
            let Walked { walks: nth, steps, longest } = so_far.get();
            let is_enough = nth == most || steps >= WALKED || watch.is_interrupted();
            if is_enough || known.borrow().is_some() {
                return None;
            }
            let mut walk = Walk::new(seed, nth, longest);
            Some(Box::new(move |offered: &[_]| turn_of(&mut walk, offered)) as _)
        };
        drive(
            Picking::new(begin),
            program,
            self.names.clone(),
            filter::MAX_STEPS,
            |_| (),
            move |run, over, _| {
                more.set(more.get().and(run.tape.steps().len()));
                let ending = filter::ending(run, over).filter(|ending| !judge(ending).is_empty());
                if let Some(ending) = ending {
                    *sink.borrow_mut() = Some((run.tape.trace(), ending));
                }
            },
        );
        (walked.get().walks, found.take())
    }
}

impl Walked {
    fn and(self, steps: usize) -> Self {
        Self { walks: self.walks + 1, steps: self.steps + steps, longest: self.longest.max(steps) }
    }
}
