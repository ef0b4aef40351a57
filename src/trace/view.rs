//! A failing interleaving as plain data, complete enough to draw every format from it.
//!
//! This is what [`Picture::json`](super::Picture::json) writes, version [`View::VERSION`] of it. Threads are referred to by
//! their positions in [`View::threads`], all that they share by its position among its kind in
//! [`View::objects`], steps by their positions in [`View::steps`].

mod build;
mod source;

use super::Rerun;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A failing interleaving.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The version of this form.
    pub version: u32,
    /// What the program is called.
    pub title: String,
    /// How it fails, in words.
    pub failure: String,
    /// What it is to be called: a panic that leaves others waiting is a deadlock, and called a panic.
    pub headline: String,
    /// How many context switches there are.
    pub context_switches: u32,
    /// How many of those took the turn from a thread that could have gone on.
    pub preemptions: u32,
    /// Whether no failure of this kind has fewer context switches.
    pub minimal: bool,
    /// Whether these are the steps of a run in another order, which no run has had.
    pub reordered: bool,
    /// The number of the step after which every continuation fails, if that is known.
    pub no_return: Option<usize>,
    /// The step with which the part begins that repeats for ever, if there is one.
    pub repeats_from: Option<usize>,
    /// The threads; the main thread is the first.
    pub threads: Vec<Thing>,
    /// All that threads share, by kind.
    pub objects: BTreeMap<String, Vec<Thing>>,
    /// What was shared before the first step.
    pub before: Shared,
    /// What was done, in order.
    pub steps: Vec<Did>,
    /// What threads had come to and could not do any more.
    pub pending: Vec<Comes>,
    /// How threads ended, in order.
    pub ends: Vec<Ends>,
    /// What blocked threads would have done next.
    pub unreached: Vec<Unreached>,
    /// What went wrong.
    pub diagnosis: Explained,
    /// What is known of all interleavings together, in sentences.
    pub known: Vec<String>,
    /// How to have the same interleaving again.
    pub rerun: Option<Rerun>,
    /// The lines of source around every place, by file and line, as far as they could be read.
    pub sources: BTreeMap<String, BTreeMap<u32, String>>,
}

/// A thread, or something that threads share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its name.
    pub name: String,
    /// Where it was made, unless that is in Rust's own library; the main thread is made nowhere.
    pub at: Option<At>,
}

/// A place in the source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// What is shared, at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The state of every object, by kind.
    pub states: BTreeMap<String, Vec<State>>,
    /// Threads whose next operation cannot take effect.
    pub waits: Vec<Waits>,
}

/// The state of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum State {
    /// Whether an event is raised.
    Is(bool),
    /// What a cell contains, or which thread holds a lock.
    Number(i64),
    /// How many hold the lock together.
    Shared {
        /// So many.
        readers: u32,
    },
    /// Nobody holds the lock.
    Nobody,
}

/// A thread that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waits {
    /// The thread.
    pub thread: usize,
    /// What it waits for, unless that is a thread: the kind and the position.
    pub object: Option<(String, usize)>,
    /// The thread that must move first, if it is one in particular.
    pub on: Option<usize>,
    /// Whether it is part of a ring of threads that wait for each other.
    pub in_cycle: bool,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Did {
    /// The number that it is shown with; the main thread's spawning and joining has none.
    pub number: Option<usize>,
    /// Who did it.
    pub thread: usize,
    /// What was done.
    pub op: Operation,
    /// What it answered, if there was anything to learn.
    pub answer: Option<Answer>,
    /// Both, in words.
    pub words: String,
    /// `success`, `timed out` or `error`.
    pub status: String,
    /// Whether the failure comes down to it.
    pub key: bool,
    /// Where in the source.
    pub at: At,
    /// From where it was called, the innermost caller first, as far as that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<At>,
    /// What was shared after it.
    pub after: Shared,
}

/// What a thread had come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comes {
    /// Who had come to it.
    pub thread: usize,
    /// What would have been done.
    pub op: Operation,
    /// The same, in words.
    pub words: String,
    /// Whether it could not take effect.
    pub blocked: bool,
    /// Whether the table has a row for it.
    pub shown: bool,
    /// Where in the source.
    pub at: At,
    /// From where it was called, the innermost caller first, as far as that is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<At>,
}

/// An operation, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operation {
    /// What is done, in one word.
    #[serde(rename = "do")]
    pub what: String,
    /// What it is about, by its kind: the position. And the number that goes with it, by what that is.
    #[serde(flatten)]
    pub with: BTreeMap<String, i64>,
}

/// What an operation answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// The timed acquire took the lock, or did not.
    Acquired(bool),
    /// The weak compare-exchange failed although it could have succeeded.
    Failed,
    /// Nobody was at the other end any more.
    Gone,
    /// The lock to release was not held.
    NotHeld,
    /// The value that was read.
    Value(i64),
    /// The data that were had, as they are shown.
    Data(String),
    /// Yes or no.
    Is(bool),
    /// The joined thread had panicked, or had not.
    Panicked(bool),
}

/// The end of a thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// The thread.
    pub thread: usize,
    /// How many steps there were before.
    pub after: usize,
    /// The message of the panic that ended it, if one did.
    pub panic: Option<String>,
}

/// What a thread would have done next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unreached {
    /// The thread.
    pub thread: usize,
    /// Its operations, in few words.
    pub words: Vec<String>,
}

/// A diagnosis in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explained {
    /// One or two plain sentences.
    pub summary: String,
    /// What they rest on.
    pub facts: Vec<Evidence>,
    /// What would make it impossible.
    pub remedy: Option<String>,
}

/// One line of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The line.
    pub words: String,
    /// The steps that it cites.
    pub steps: Vec<usize>,
    /// The places that it cites and that are those of no step.
    pub places: Vec<At>,
}

/// Why a text is not a view.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// It is no JSON, or not of this form.
    #[error("the picture cannot be read: {0}")]
    Malformed(#[from] serde_json::Error),
    /// It is of another version.
    #[error("the picture is of version {found}; this program reads version {}", View::VERSION)]
    Version {
        /// The version of the text.
        found: u32,
    },
}

impl View {
    /// The version of this form: another one as soon as a reader of this one could be misled.
    pub const VERSION: u32 = 5;

    /// Reads what [`Picture::json`](super::Picture::json) has written.
    ///
    /// # Errors
    /// If the text is something else, or of another version.
    pub fn parse(json: &str) -> Result<Self, ViewError> {
        let view: Self = serde_json::from_str(json)?;
        match view.version {
            Self::VERSION => Ok(view),
            found => Err(ViewError::Version { found }),
        }
    }
}
