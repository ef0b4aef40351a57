//! What is expected of a scenario, and whether a report meets it.

use super::unmet::Sight;
use super::{Audit, Setup, Show, Unmet};
use crate::engine::{Engine, Failure, Report};

/// What an engine must find out about a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Expectation {
    /// The ways to fail that can be reached, and no others.
    pub failures: &'static [Failure],
    /// What must be seen besides.
    pub shows: &'static [Show],
}

/// How much of what is expected a check must have seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Whether it must have reached all that can be reached.
    pub thorough: bool,
    /// Whether it must have come to its end.
    pub exhaustive: bool,
}

impl Expectation {
    /// What of a report is not as expected; nothing if all is.
    pub fn unmet(
        &self,
        engine: Engine,
        report: &Report<Audit>,
        setup: &Setup,
        demand: Demand,
    ) -> Vec<Unmet> {
        let shows = self.shows.iter();
        let sight = Sight {
            engine,
            expected: self.failures.to_vec(),
            found: report.failures.keys().copied().collect(),
            shows: shows.map(|s| (s.about, s.always, (s.holds)(report, setup))).collect(),
            ended: !report.outcomes.is_empty(),
            cut_short: report.extent.cut_short(),
            thorough: demand.thorough,
            exhaustive: demand.exhaustive,
        };
        sight.unmet()
    }
}
