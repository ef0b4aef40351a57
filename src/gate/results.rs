//! What one program found out in one build, as a file for `tellers report` to read.
//!
//! The file is JSON: a [`Results`], with every field under its own name. [`Results::VERSION`]
//! counts up as soon as a reader of the version before could be misled.

use super::Shard;
use crate::engine::{Engine, Failure};
use crate::trace::view::{At, View};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// What one program found out in one build.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Results {
    /// The version of this form.
    pub version: u32,
    /// The build.
    pub build: Build,
    /// Which part of the work this is.
    pub shard: Shard,
    /// What the command line asked for, beside the part and the file; the same in all shards.
    pub asked: String,
    /// What was to be checked, here or in other shards; the same in all shards.
    pub planned: Vec<Planned>,
    /// What was checked.
    pub checks: Vec<Check>,
}

/// The builds that engines are part of.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "kebab-case")]
pub enum Build {
    /// `product`, `random`, `pct` and `dfs`
    Default,
    /// `loom`, under `--cfg loom`
    Loom,
    /// `threads`, with `--no-default-features`
    Os,
}

/// A scenario and the engine that is to check it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Planned {
    /// The scenario.
    pub scenario: String,
    /// Its size.
    pub size: String,
    /// The engine.
    pub engine: Engine,
}

/// What an engine found out about a scenario.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Check {
    /// The scenario.
    pub scenario: String,
    /// Where it is defined.
    pub at: At,
    /// Its size, as in `2x1` for two threads that make a transfer each; empty where it has only one.
    pub size: String,
    /// How often its loops may go round, where that is bounded.
    pub retries: Option<u32>,
    /// The engine.
    pub engine: Engine,
    /// What must come out.
    pub expected: Expected,
    /// How far the search went.
    pub extent: Reach,
    /// The limits that the search kept to, and what they cut off.
    pub bounds: Vec<Limit>,
    /// What the search met on its way.
    pub coverage: Met,
    /// Whether a thread may be kept waiting for ever by bad luck alone, if that is known.
    pub may_starve: bool,
    /// Every way in which the program was seen to end, as [`Ending`](crate::engine::Ending) is
    /// shown for debugging. Engines that saw the same have the same texts.
    pub outcomes: BTreeSet<String>,
    /// Every way in which the timed acquires of the threads went in a run that came to an end: `+` is
    /// one that took the lock, `-` one that timed out, and there is a space between two threads.
    /// Nothing from an engine that looks at no runs.
    pub tries: BTreeSet<String>,
    /// The ways to fail that were found, each with the simplest interleaving that does.
    pub failures: Vec<Failed>,
    /// Why there is no answer, if the engine could not come to one; all that it found is empty then.
    pub no_answer: Option<String>,
    /// The command that does this check again.
    pub command: String,
}

/// What must come out of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// The ways to fail that can be reached, and no others.
    pub failures: BTreeSet<Failure>,
    /// What must be seen besides, and whether it was.
    pub shows: Vec<Shown>,
    /// Whether all of it must have been reached, and not only nothing else.
    pub thorough: bool,
    /// Whether the search must have come to its end.
    pub exhaustive: bool,
}

/// Something that must be seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// What it is, in words.
    pub about: String,
    /// Whether every run must show it, and not only some run.
    pub always: bool,
    /// Whether it was seen.
    pub shown: bool,
}

/// How far a search went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// To the end.
    Exhausted,
    /// A sample from these seeds, one for each shard.
    Sampled(BTreeSet<u64>),
    /// It was cut short, for this reason.
    CutShort(String),
}

/// A limit that a search kept to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// What it limits, and to how much.
    pub limit: String,
    /// How many runs it cut off.
    pub hits: u64,
}

/// What a search met on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// How often the program was run.
    pub executions: u64,
    /// How many states there are, for an engine that explores states.
    pub states: Option<u64>,
    /// Whether steps that no other thread can see were taken together, so that these are fewer states
    /// than every interleaving has.
    #[serde(default)]
    pub reduced: bool,
    /// How many operations took effect in all.
    pub steps: u64,
    /// How many operations met a lock that another thread held.
    pub contended: u64,
    /// How many timed acquires timed out.
    pub timeouts: u64,
    /// How many loads saw an old value, as only loom lets them.
    pub stale: u64,
    /// The most preemptions in one run.
    pub preemptions: u32,
}

/// A way to fail, and the simplest interleaving that does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Failed {
    /// The way to fail.
    pub failure: Failure,
    /// How simple the interleaving is.
    pub size: Size,
    /// Whether none is simpler.
    pub minimal: bool,
    /// The place in the source that it comes down to.
    pub at: At,
    /// The command that shows it.
    pub command: String,
    /// The interleaving, as `tellers explain --format json` gives it.
    pub trace: View,
    /// The same as `--format text` gives it.
    pub text: String,
    /// The same as `--format html` gives it.
    pub page: String,
}

/// How simple an interleaving is: see [`Switches`](crate::trace::Switches).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Size {
    /// How many loads saw an old value.
    pub stale: u32,
    /// How many context switches there are.
    pub context_switches: u32,
    /// How many of those took the turn from a thread that could have gone on.
    pub preemptions: u32,
    /// How many steps there are.
    pub steps: u32,
}

/// Why a text holds no results.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It ends too early, is no JSON, or not of this form.
    #[error("{}", broken(.0))]
    Broken(#[from] serde_json::Error),
    /// It is of another version.
    #[error("of version {found}, and this program reads version {}", Results::VERSION)]
    Version {
        /// The version of the text.
        found: u64,
    },
}

fn broken(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => "cut off before its end".into(),
        _ => format!("holds no results: {error}"),
    }
}

/// All that every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u64,
}

impl Results {
    /// The version of this form.
    pub const VERSION: u32 = 6;

    /// Reads what `check --json` has written.
    ///
    /// # Errors
    /// If the text is something else, or of another version.
    pub fn parse(json: &str) -> Result<Self, Unreadable> {
        let Versioned { version: found } = serde_json::from_str(json)?;
        if found != u64::from(Self::VERSION) {
            return Err(Unreadable::Version { found });
        }
        Ok(serde_json::from_str(json)?)
    }

    /// The text of the file.
    ///
    /// # Errors
    /// None, since every key is a text; serde cannot know.
    pub fn to_json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

impl Build {
    /// All builds.
    pub const ALL: [Self; 3] = [Self::Default, Self::Loom, Self::Os];

    /// The build that this program is of.
    pub fn this() -> Self {
        Self::of(Engine::of_this_build()[0])
    }

    /// The build that has an engine.
    pub fn of(engine: Engine) -> Self {
        match engine {
            Engine::Loom => Self::Loom,
            Engine::Threads => Self::Os,
            _ => Self::Default,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Loom => "loom",
            Self::Os => "os",
        }
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
