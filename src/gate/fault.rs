//! Why a gate is red.

use super::Build;
use crate::Exit;
use crate::engine::Engine;
use crate::trace::view::At;
use serde::Serialize;
use std::fmt;

/// One reason for a gate to be red: what, why, and what to run to see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Of which kind it is.
    pub rule: Rule,
    /// What is concerned.
    pub what: String,
    /// What of it is wrong.
    pub why: String,
    /// The command that shows it.
    pub command: String,
    /// The cell of the matrix that is concerned, if it is one: the row's name and the engine.
    pub cell: Option<(String, Engine)>,
    /// Where in the source it is, if it is anywhere.
    pub at: Option<At>,
}

/// What must hold for a gate to be green.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Each check is given once.
    Once,
    /// Each build succeeds.
    Built,
    /// Each file holds results.
    Readable,
    /// Each file is of this version.
    Version,
    /// Each shard is there.
    Shards,
    /// Each result is there.
    Complete,
    /// Each engine comes to an answer.
    Answered,
    /// Each verdict is the expected one.
    Verdict,
    /// Engines that must agree do.
    Agreement,
    /// Each proof sees what it has to.
    Coverage,
}

impl Rule {
    /// Every rule, the gravest to break first.
    pub const ALL: [Self; 10] = [
        Self::Once,
        Self::Built,
        Self::Readable,
        Self::Version,
        Self::Shards,
        Self::Complete,
        Self::Answered,
        Self::Verdict,
        Self::Agreement,
        Self::Coverage,
    ];

    /// Its name, in one word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Built => "built",
            Self::Readable => "readable",
            Self::Version => "version",
            Self::Shards => "shards",
            Self::Complete => "complete",
            Self::Answered => "answered",
            Self::Verdict => "verdict",
            Self::Agreement => "agreement",
            Self::Coverage => "coverage",
        }
    }

    /// The rule in a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Once => "Each check is given once.",
            Self::Built => "Each build succeeds.",
            Self::Readable => "Each file holds results.",
            Self::Version => "Each file of results is of this version.",
            Self::Shards => "Each shard is there.",
            Self::Complete => "Each result is there.",
            Self::Answered => "Each engine comes to an answer.",
            Self::Verdict => "Each verdict is the expected one.",
            Self::Agreement => "Engines that must agree do.",
            Self::Coverage => "Each proof sees what it has to.",
        }
    }

    /// What is shouted where it is broken.
    pub fn alarm(self) -> &'static str {
        match self {
            Self::Once => "GIVEN TWICE",
            Self::Built => "BUILD FAILED",
            Self::Readable => "NO RESULTS",
            Self::Version => "OTHER VERSION",
            Self::Shards => "SHARD MISSING",
            Self::Complete => "MISSING",
            Self::Answered => "NO ANSWER",
            Self::Verdict => "NOT AS EXPECTED",
            Self::Agreement => "ENGINES DISAGREE",
            Self::Coverage => "SAW TOO LITTLE",
        }
    }

    /// The exit code where this is the gravest that is broken.
    pub fn exit(self) -> Exit {
        match self {
            Self::Once => Exit::Misuse,
            Self::Built => Exit::Unbuilt,
            Self::Readable => Exit::Broken,
            Self::Version => Exit::Version,
            Self::Shards => Exit::ShardMissing,
            Self::Complete => Exit::Missing,
            Self::Answered => Exit::NoAnswer,
            Self::Verdict => Exit::NotAsExpected,
            Self::Agreement => Exit::Disagree,
            Self::Coverage => Exit::Hollow,
        }
    }
}

impl fmt::Display for Fault {
    /// On one line, without its alarm.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; run {}", self.what, self.why, self.command)
    }
}

/// How this crate's own program is run in the default build.
pub const TELLERS: &str = "cargo run --release";

/// The feature that this crate's own program needs, and that is one of the default build's.
fn own(program: &str) -> &'static str {
    if program == TELLERS { " --features cli" } else { "" }
}

impl Build {
    /// The command that runs a program in this build, made of the one that runs it in the default
    /// build.
    pub(super) fn program(self, program: &str) -> String {
        match self {
            Self::Default => program.to_owned(),
            Self::Loom => format!("RUSTFLAGS=\"--cfg loom\" {program} --target-dir target/loom"),
            Self::Os => {
                format!("{program} --no-default-features{} --target-dir target/os", own(program))
            }
        }
    }

    /// The command that writes the results of this build to a file.
    pub(super) fn check(self, program: &str, asked: &str, path: &str) -> String {
        format!("{} -q -- check {asked} --json {path}", self.program(program))
    }
}
