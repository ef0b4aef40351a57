//! What is expected of a scenario, and whether a report meets it.

use super::{Audit, Setup, Show};
use crate::engine::{Engine, Failure, Report};

/// What an engine must find out about a scenario.
#[derive(Clone, Copy, Debug)]
pub struct Expectation {
    /// The ways to fail that can be reached, and no others.
    pub failures: &'static [Failure],
    /// What must be seen besides.
    pub shows: &'static [Show],
}

impl Expectation {
    /// What of a report is not as expected, in words; nothing if all is. An engine that looks at
    /// a part of all runs need not reach everything: unless `thorough`, it may miss some, but must
    /// not find what nobody expects.
    pub fn unmet(
        &self,
        engine: Engine,
        report: &Report<Audit>,
        setup: &Setup,
        thorough: bool,
    ) -> Vec<String> {
        let found = report.failures.keys();
        let surprises = found.filter(|failure| !self.failures.contains(failure));
        let mut unmet: Vec<String> = surprises.map(|f| format!("{f} was not expected")).collect();
        if thorough {
            let visible = self.failures.iter().filter(|&&failure| engine.sees(failure));
            let missing = visible.filter(|failure| !report.failures.contains_key(failure));
            unmet.extend(missing.map(|failure| format!("{failure} was not found")));
        }
        let must = self.shows.iter().filter(|show| show.always || thorough);
        let hidden = must.filter(|show| !(show.holds)(report, setup));
        unmet.extend(hidden.map(|show| format!("not shown: {}", show.about)));
        unmet
    }
}
