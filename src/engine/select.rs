//! The engines by name, and which of them this build has.

#[cfg(loom)]
mod loom;
#[cfg(all(not(loom), not(feature = "shuttle")))]
mod os;
#[cfg(all(not(loom), feature = "shuttle"))]
mod shuttle;

// Modules of their own names: not every tool that reads the source follows a path attribute.
#[cfg(loom)]
use loom as backend;
#[cfg(all(not(loom), not(feature = "shuttle")))]
use os as backend;
#[cfg(all(not(loom), feature = "shuttle"))]
use shuttle as backend;

use super::{Failure, Found, Program, Report};
use crate::trace::{Schedule, Trace, Unreached};
#[cfg(feature = "cli")]
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// An engine.
///
/// ```
/// use tellers::engine::{Effort, Engine, Program};
///
/// let program = Program::new(|| 30 + 20);
/// for &engine in Engine::of_this_build() {
///     let report = engine.run(&program, Effort::of(engine)).unwrap();
///     assert_eq!(report.outcomes.len(), 1);
/// }
/// assert_eq!("pct".parse(), Ok(Engine::Pct));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cli", derive(Serialize, Deserialize), serde(rename_all = "kebab-case"))]
pub enum Engine {
    /// Every interleaving, by learning each thread once; loops need no bound.
    Product,
    /// Shuttle's random walk.
    Random,
    /// Shuttle's probabilistic concurrency testing.
    Pct,
    /// Shuttle's enumeration of every interleaving.
    Dfs,
    /// Loom's enumeration of every interleaving, under weak memory.
    Loom,
    /// The operating system's own threads.
    Threads,
}

/// How much an engine may do.
///
/// ```
/// use tellers::engine::{Effort, Engine, Program};
///
/// let engine = *Engine::of_this_build().last().unwrap();
/// let effort = Effort { executions: 5, ..Effort::of(engine) };
/// let report = engine.run(&Program::new(|| tellers::choose(10)), effort).unwrap();
/// assert_eq!(report.coverage.executions, 5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// The most runs, in engines that count them.
    pub executions: u64,
    /// The most states, in the engine that explores states.
    pub states: usize,
    /// The most bytes for them, and for what was learned of the threads.
    pub bytes: usize,
    /// The most time, if it is limited. How far a search comes in it depends on the machine.
    pub time: Option<Duration>,
    /// Where random numbers start, in engines that draw some.
    pub seed: u64,
}

impl Effort {
    /// What an engine is allowed when nothing is known of the program: a million runs under loom, and
    /// a thousand on real threads.
    pub fn of(engine: Engine) -> Self {
        let usual = Self::default();
        let executions = match engine {
            Engine::Loom => 1_000_000,
            Engine::Threads => 1_000,
            _ => usual.executions,
        };
        Self { executions, ..usual }
    }
}

impl Default for Effort {
    /// 10,000 runs, a billion states, 8 GiB, any time and the seed 0.
    fn default() -> Self {
        Self { executions: 10_000, states: 1 << 30, bytes: 8 << 30, time: None, seed: 0 }
    }
}

/// An engine did not come to an answer.
///
/// ```
/// use tellers::engine::{Effort, Engine, EngineError, Program};
///
/// let elsewhere = |engine: &Engine| !Engine::of_this_build().contains(engine);
/// let engine = Engine::ALL.into_iter().find(elsewhere).unwrap();
/// let answer = engine.run(&Program::new(|| ()), Effort::of(engine));
/// assert_eq!(answer.unwrap_err(), EngineError::Elsewhere { engine });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// It is part of another build.
    Elsewhere {
        /// The engine.
        engine: Engine,
    },
    /// The environment would change what is checked.
    Environment(String),
    /// It was allowed no run at all.
    NoExecutions,
    /// It failed.
    Failed(String),
}

impl Error for EngineError {}

impl fmt::Display for EngineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elsewhere { engine } => {
                let build = engine.build();
                write!(f, "this build has no engine {engine}; the one that has: {build}")
            }
            Self::Environment(set) => {
                write!(f, "{set} would silently change what is checked: unset it")
            }
            Self::NoExecutions => {
                f.write_str("no executions, so nothing is checked: allow at least 1")
            }
            Self::Failed(why) => f.write_str(why),
        }
    }
}

/// No engine has this name.
///
/// ```
/// let error = "steam".parse::<tellers::engine::Engine>().unwrap_err();
/// assert!(error.to_string().starts_with("no engine is called \"steam\""));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEngine(String);

impl Error for UnknownEngine {}

impl fmt::Display for UnknownEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = "product, random, pct, dfs, loom and threads";
        write!(f, "no engine is called {:?}; there are {known}", self.0)
    }
}

impl Engine {
    /// All engines of all builds.
    pub const ALL: [Self; 6] =
        [Self::Product, Self::Random, Self::Pct, Self::Dfs, Self::Loom, Self::Threads];

    /// The engines of this build; the first one is the best for most purposes.
    pub const fn of_this_build() -> &'static [Self] {
        backend::ENGINES
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Random => "random",
            Self::Pct => "pct",
            Self::Dfs => "dfs",
            Self::Loom => "loom",
            Self::Threads => "threads",
        }
    }

    /// How to get the build that has it.
    pub const fn build(self) -> &'static str {
        match self {
            Self::Product | Self::Random | Self::Pct | Self::Dfs => "cargo run --release",
            Self::Loom => "RUSTFLAGS=\"--cfg loom\" cargo run --release --target-dir target/loom",
            Self::Threads => {
                "cargo run --release --no-default-features --features cli --target-dir target/os"
            }
        }
    }

    /// Whether it can tell such a failure. A livelock is a cycle of states; engines that look at runs
    /// see one that does not end, and cannot say that it never will.
    pub const fn sees(self, failure: Failure) -> bool {
        !matches!(failure, Failure::Livelock | Failure::Starvation) || matches!(self, Self::Product)
    }

    /// Whether it visits every interleaving within its bounds, and not a sample of them.
    pub const fn is_exhaustive(self) -> bool {
        matches!(self, Self::Product | Self::Dfs | Self::Loom)
    }

    /// Checks a program.
    ///
    /// # Errors
    /// If this build does not have the engine, or the engine cannot answer.
    pub fn run<R>(self, program: &Program<R>, effort: Effort) -> Result<Report<R>, EngineError>
    where
        R: Ord + 'static,
    {
        if effort.executions == 0 {
            return Err(EngineError::NoExecutions);
        }
        let report = match effort.time {
            Some(_) => backend::run(self, &program.clone().within(effort.time).erased, effort),
            None => backend::run(self, &program.erased, effort),
        };
        Ok(report?.typed())
    }

    /// What each blocked thread of a deadlock would have done next, where this build can tell.
    pub fn unreached<R>(program: &Program<R>, trace: &Trace) -> Vec<Unreached> {
        backend::unreached(&program.erased, trace)
    }

    /// Runs the real code along a schedule.
    ///
    /// # Errors
    /// If this build cannot.
    pub fn replay<R>(program: &Program<R>, schedule: &Schedule) -> Result<Trace, EngineError> {
        backend::replay(&program.erased, schedule)
    }

    /// How many of so many replays of a trace are the same again, in a process that knows its
    /// [`Schedule`] and nothing else; where this build can tell.
    pub fn reproduced<R>(program: &Program<R>, trace: &Trace, times: usize) -> Option<usize> {
        backend::reproduced(&program.erased, trace, times)
    }

    /// The same steps with what another look at the real code tells of them, where this build can take one:
    /// how each store [follows](crate::trace::Follows) from what was read, and who
    /// [called](crate::trace::Callers) for each operation.
    pub fn followed<R>(program: &Program<R>, found: &Found) -> Found {
        let steps = backend::followed(&program.erased, &found.trace);
        let callers = backend::callers(&program.erased, &found.trace);
        Found { trace: Trace { steps, callers, ..found.trace.clone() }, ..found.clone() }
    }

    /// The same failure in a simpler interleaving, where this build can tell.
    pub fn minimised<R>(program: &Program<R>, failure: Failure, found: &Found) -> Found {
        // What repeats is no run, and comes from an engine that knows no simpler one.
        if found.minimal || found.repeats_from.is_some() {
            return found.clone();
        }
        backend::minimised(&program.erased, failure, found)
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Engine {
    type Err = UnknownEngine;

    fn from_str(name: &str) -> Result<Self, UnknownEngine> {
        let found = Self::ALL.into_iter().find(|engine| engine.name() == name);
        found.ok_or_else(|| UnknownEngine(name.to_owned()))
    }
}
