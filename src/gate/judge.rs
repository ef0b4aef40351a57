//! Holds what was found out against what was expected.

use super::{Check, Fault, Reach, Row, Rule};
use crate::suite::Unmet;
use crate::suite::unmet::Sight;

impl Check {
    /// What of it is not as expected; nothing if all is.
    pub fn unmet(&self) -> Vec<Unmet> {
        if self.no_answer.is_some() {
            return Vec::new();
        }
        let shows = self.expected.shows.iter();
        let sight = Sight {
            engine: self.engine,
            expected: self.expected.failures.iter().copied().collect(),
            found: self.failures.iter().map(|failed| failed.failure).collect(),
            shows: shows.map(|show| (show.about.as_str(), show.always, show.shown)).collect(),
            ended: !self.outcomes.is_empty(),
            cut_short: match &self.extent {
                Reach::CutShort(reason) => Some(reason),
                _ => None,
            },
            thorough: self.expected.thorough,
            exhaustive: self.expected.exhaustive,
        };
        sight.unmet()
    }

    /// Whether there is an answer, and it is the expected one.
    pub fn is_as_expected(&self) -> bool {
        self.no_answer.is_none() && self.unmet().is_empty()
    }
}

/// What of a row is not as expected.
pub(super) fn judge(row: &Row) -> Vec<Fault> {
    row.checks.iter().flat_map(|check| faults(row, check)).collect()
}

fn faults(row: &Row, check: &Check) -> Vec<Fault> {
    let what = format!("{} with {}", row.name(), check.engine);
    let fault = |rule, why: String| Fault {
        rule,
        what: what.clone(),
        why,
        command: check.command.clone(),
        cell: Some((row.name(), check.engine)),
        at: Some(check.at.clone()),
    };
    let unmet = check.unmet().into_iter().map(|unmet| {
        let rule = if unmet.is_hollow() { Rule::Coverage } else { Rule::Verdict };
        let plain = fault(rule, unmet.to_string());
        match unmet {
            Unmet::Surprise(failure) => surprise(check, failure, plain),
            _ => plain,
        }
    });
    let silent = check.no_answer.as_ref();
    let silent = silent.map(|why| fault(Rule::Answered, why.clone()));
    silent.into_iter().chain(unmet).collect()
}

/// A failure that nobody expected is shown where it happens.
fn surprise(check: &Check, failure: crate::engine::Failure, plain: Fault) -> Fault {
    match check.failures.iter().find(|failed| failed.failure == failure) {
        Some(found) => {
            Fault { command: found.command.clone(), at: Some(found.at.clone()), ..plain }
        }
        None => plain,
    }
}
