//! What is known of a program whose exploration was cut short.

use super::ask::Explored;
use super::error::ProductError;
use super::foreseen::Steps;
use super::graph::State;
use crate::engine::replay::run_once;
use crate::engine::{Ending, Erased, Extent, Failure, Found, Report, Seen};
use crate::sync::value::Value;
use std::collections::BTreeMap;

/// A search that was stopped looks at no more ends than this, so that its answer does not keep anybody waiting.
const MOST_ENDS: usize = 1 << 16;

impl Explored {
    /// The report of an exploration that was cut short for this reason: the failures that it had come to
    /// are failures, though there may be simpler ones.
    pub(super) fn cut_short(
        &self,
        program: &Erased,
        reason: String,
    ) -> Result<Report<Value>, ProductError> {
        match self.known(program, Extent::CutShort { reason }) {
            (report, None) => Ok(report),
            (_, Some(failure)) => Err(ProductError::NotReproduced { failure }),
        }
    }

    /// The failures that the real code shows of those that were come to, and one that it does not.
    pub(super) fn known(
        &self,
        program: &Erased,
        extent: Extent,
    ) -> (Report<Value>, Option<Failure>) {
        let mut ways = self.first_failures(program, MOST_ENDS);
        for (&failure, steps) in self.foreseen.iter().flat_map(|foreseen| &foreseen.failures) {
            ways.entry(failure).or_insert_with(|| steps.clone());
        }
        let mut report = Report::of_nothing(extent);
        report.coverage = self.coverage();
        let mut missed = None;
        for (failure, steps) in ways {
            match self.found_along(program, failure, steps) {
                Some((found, ending)) => {
                    let failures = (program.judge)(&ending);
                    report.outcomes.insert(self.as_reported(ending), Seen { runs: 1, failures });
                    report.failures.insert(failure, found);
                }
                None => missed = Some(failure),
            }
        }
        self.add_early(program, &mut report);
        (report, missed)
    }

    /// For each way of failing, an interleaving to the first state that was found to fail so, among so many
    /// ends.
    pub(super) fn first_failures(&self, program: &Erased, most: usize) -> BTreeMap<Failure, Steps> {
        let graph = &self.search.graph;
        let mut ends: BTreeMap<Failure, State> = BTreeMap::new();
        for state in graph.terminals().filter(|&state| !self.is_cut(state)).take(most) {
            for failure in (program.judge)(&self.ending(state)) {
                ends.entry(failure).or_insert(state);
            }
        }
        let way = |end| graph.way_to(end).into_iter().map(|(_, turn)| turn);
        let steps = |end| self.unfolded(&way(end).collect::<Vec<_>>());
        ends.into_iter().map(|(failure, end)| (failure, steps(end))).collect()
    }

    /// The real code along an interleaving that is to fail, if it does.
    fn found_along(
        &self,
        program: &Erased,
        failure: Failure,
        steps: Steps,
    ) -> Option<(Found, Ending<Value>)> {
        let mut steps = steps.into_iter();
        let replayed = run_once(program, self.names.clone(), usize::MAX, move |_| steps.next());
        let (found, ending) = (Found::of(replayed.trace), replayed.ending?);
        (program.judge)(&ending).contains(&failure).then_some((found, ending))
    }
}
