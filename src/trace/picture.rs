//! A failing interleaving, with all that is known of it, ready to be shown.

use super::{Diagnosis, Names, Step, Switches, Trace, text};
#[cfg(feature = "cli")]
use super::{html, json, markdown, mermaid};
use crate::engine::{Failure, Found};
use crate::world::ThreadId;
#[cfg(feature = "cli")]
use serde::{Deserialize, Serialize};

/// A failing interleaving, and what an engine knows of it beyond its steps.
///
/// Every format shows this. Only the first three fields must be there; [`new`](Self::new) leaves
/// the others empty.
#[derive(Clone, Debug)]
pub struct Picture<'a> {
    /// What the program is called.
    pub title: &'a str,
    /// How it fails.
    pub failure: Failure,
    /// The steps.
    pub trace: &'a Trace,
    /// Whether no failure of this kind has fewer context switches.
    pub minimal: bool,
    /// Whether no run has had the steps in this order.
    pub reordered: bool,
    /// How many steps had been taken when every continuation failed.
    pub no_return: Option<usize>,
    /// The index in [`Trace::steps`] of the step with which the part begins that repeats for ever.
    pub repeats_from: Option<usize>,
    /// What the threads would have done next, had they got any further.
    pub unreached: Vec<Unreached>,
    /// How to have the same interleaving again.
    pub rerun: Option<Rerun>,
    /// What is known of all interleavings together, in sentences.
    pub known: Vec<String>,
}

/// A command that shows the same interleaving again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(Serialize, Deserialize))]
pub struct Rerun {
    /// The command.
    pub command: String,
    /// How many of the replays that were tried took the same steps again.
    pub reproduced: usize,
    /// How many were tried.
    pub tried: usize,
}

/// What a thread does, when it runs alone, after the operation that it never got past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreached {
    /// The thread.
    pub thread: ThreadId,
    /// Its steps.
    pub steps: Vec<Step>,
    /// What everything is called that they are about; numbered as in the interleaving, whose run may
    /// not have made all of it.
    pub names: Names,
}

/// How text is to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// How many columns there are; no line is longer, down to 40.
    pub width: usize,
    /// Whether to colour it, by ANSI escape sequences.
    pub colour: bool,
    /// Whether to show every step of a long trace.
    pub full: bool,
    /// Whether to show the lines of source that the failure comes down to, where they can be read.
    pub source: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 100, colour: false, full: false, source: false }
    }
}

impl<'a> Picture<'a> {
    /// A failing interleaving of which no more is known.
    pub fn new(title: &'a str, failure: Failure, trace: &'a Trace) -> Self {
        Self {
            title,
            failure,
            trace,
            minimal: false,
            reordered: false,
            no_return: None,
            repeats_from: None,
            unreached: Vec::new(),
            rerun: None,
            known: Vec::new(),
        }
    }

    /// What an engine found.
    pub fn of(title: &'a str, failure: Failure, found: &'a Found) -> Self {
        let Found { minimal, reordered, no_return, repeats_from, .. } = *found;
        let new = Self::new(title, failure, &found.trace);
        Self { minimal, reordered, no_return, repeats_from, ..new }
    }

    /// How simple the interleaving is.
    pub fn size(&self) -> Switches {
        Switches::of(self.trace)
    }

    /// What went wrong.
    pub fn diagnosis(&self) -> Diagnosis {
        match self.repeats_from {
            Some(from) => Diagnosis::of_lasso(self.trace, self.failure, from),
            None => Diagnosis::of(self.trace, self.failure),
        }
    }

    /// A table with a row for each step and a column for each thread, and the diagnosis under it.
    pub fn text(&self, look: Look) -> String {
        text::render(self, look)
    }
}

#[cfg(feature = "cli")]
impl Picture<'_> {
    /// A page to step through, in one file that needs no network.
    pub fn html(&self) -> String {
        html::render(self)
    }

    /// A table and a sequence diagram, as GitHub renders them.
    pub fn markdown(&self) -> String {
        markdown::render(self)
    }

    /// A sequence diagram in mermaid's language.
    pub fn mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// Everything, for other programs; [`View`](super::View) says in what form.
    pub fn json(&self) -> String {
        json::render(self)
    }
}
