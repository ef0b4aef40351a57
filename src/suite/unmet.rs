//! What of a check is not as expected.

use crate::engine::{Engine, Failure};
use std::fmt;

/// A way for a check not to be as expected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unmet {
    /// It fails in a way that nobody expected.
    Surprise(Failure),
    /// It does not fail in a way that was expected.
    Missed(Failure),
    /// It shows what must not be in any run.
    Broken(String),
    /// It does not show what some run must.
    Hidden(String),
    /// It saw no run that came to an end.
    NoRun,
    /// It was to see everything, and was cut short for this reason.
    CutShort(String),
}

impl Unmet {
    /// Whether it leaves open what an engine that goes on would find.
    pub fn is_unproved(&self) -> bool {
        matches!(self, Self::CutShort(_))
    }

    /// Whether something was not looked at, rather than seen to be otherwise.
    pub fn is_hollow(&self) -> bool {
        matches!(self, Self::Hidden(_) | Self::NoRun | Self::CutShort(_))
    }
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Surprise(failure) => write!(f, "{failure} was not expected"),
            Self::Missed(failure) => write!(f, "{failure} was not found"),
            Self::Broken(about) | Self::Hidden(about) => write!(f, "not shown: {about}"),
            Self::NoRun => f.write_str("no run came to an end"),
            Self::CutShort(reason) => write!(f, "not proved: cut short {reason}"),
        }
    }
}

/// What a check saw, of what it was to see.
#[derive(Debug)]
pub(crate) struct Sight<'a> {
    pub(crate) engine: Engine,
    pub(crate) expected: Vec<Failure>,
    pub(crate) found: Vec<Failure>,
    /// What must be seen besides, whether in every run, and whether it was.
    pub(crate) shows: Vec<(&'a str, bool, bool)>,
    /// Whether any run came to an end.
    pub(crate) ended: bool,
    /// What cut it short, if something did.
    pub(crate) cut_short: Option<&'a str>,
    /// Whether it must have reached all that is expected.
    pub(crate) thorough: bool,
    /// Whether it must have come to its end.
    pub(crate) exhaustive: bool,
}

impl Sight<'_> {
    /// What of it is not as expected. An engine that looks at a part of all runs need not reach
    /// everything: unless `thorough`, it may miss some, but must not find what nobody expects.
    pub(crate) fn unmet(&self) -> Vec<Unmet> {
        let surprises = self.found.iter().filter(|failure| !self.expected.contains(failure));
        let mut unmet: Vec<Unmet> = surprises.map(|&failure| Unmet::Surprise(failure)).collect();
        if self.thorough {
            let missed = self.visible().filter(|failure| !self.found.contains(failure));
            unmet.extend(missed.map(Unmet::Missed));
        }
        unmet.extend(self.shows.iter().filter_map(|&(about, always, shown)| match always {
            _ if shown => None,
            true => Some(Unmet::Broken(about.into())),
            false => self.thorough.then(|| Unmet::Hidden(about.into())),
        }));
        unmet.extend(self.hollow());
        unmet
    }

    fn visible(&self) -> impl Iterator<Item = Failure> {
        self.expected.iter().copied().filter(|&failure| self.engine.sees(failure))
    }

    /// No engine has an excuse for looking at nothing, unless the failure is one that it cannot
    /// see.
    fn hollow(&self) -> Option<Unmet> {
        let sees_all = self.visible().count() == self.expected.len();
        match self.cut_short {
            Some(reason) if self.exhaustive => Some(Unmet::CutShort(reason.into())),
            _ if sees_all && self.found.is_empty() && !self.ended => Some(Unmet::NoRun),
            _ => None,
        }
    }
}
