//! What an engine answers.

use super::tries::Tries;
use super::{Ending, Failure, Tried};
use crate::supervisor::Crash;
use crate::sync::value::Value;
use crate::trace::{Switches, Trace};
use crate::world::{Doubt, Granted};
use num_bigint::BigUint;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::AddAssign;

/// What an engine has to say about a program.
///
/// ```
/// let report = tellers::check(|| tellers::choose(3));
/// assert!(report.outcomes.len() == 3 && report.failures.is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Report<R> {
    /// How far the search went.
    pub extent: Extent,
    /// The limits that the search kept to, and what they cut off.
    pub bounds: Vec<Bound>,
    /// What the search met on its way.
    pub coverage: Coverage,
    /// Every way in which the program was seen to end.
    pub outcomes: BTreeMap<Ending<R>, Seen>,
    /// How the timed acquires of each thread went in a run that came to an end, for every way in
    /// which they did; nothing from an engine that looks at no runs.
    pub tries: BTreeSet<Tries>,
    /// For each way of failing, the simplest interleaving found.
    pub failures: BTreeMap<Failure, Found>,
    /// For each way of failing, the run that showed it first, in engines that look at runs.
    pub as_found: BTreeMap<Failure, Found>,
    /// What the product engine proved beyond that.
    pub proof: Option<Proof>,
}

/// How far a search went.
///
/// ```
/// use tellers::engine::Extent::{Exhausted, Sampled};
/// assert!(matches!(tellers::check(|| tellers::choose(2)).extent, Exhausted | Sampled { seed: 0 }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Every interleaving within the bounds.
    Exhausted,
    /// As many as were asked for, picked at random from this seed.
    Sampled {
        /// Where the random numbers start.
        seed: u64,
    },
    /// It was to visit every interleaving, and stopped before it had.
    CutShort {
        /// What stopped it.
        reason: String,
    },
}

/// A limit that a search kept to.
///
/// ```
/// # if cfg!(feature = "shuttle") {
/// let report = tellers::check(|| tellers::sync::assume(tellers::choose(3) < 2));
/// assert_eq!(report.bounds[0].hits, 1);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What it limits, and to how much.
    pub limit: String,
    /// How many runs it cut off.
    pub hits: u64,
}

/// An outcome's share.
///
/// ```
/// assert!(tellers::check(|| ()).outcomes.values().all(|seen| seen.runs > 0 && seen.failures.is_empty()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many runs ended so; `u64::MAX` stands for that many or more.
    pub runs: u64,
    /// In which ways it is a failure; none if it is well.
    pub failures: Vec<Failure>,
}

/// A failing interleaving.
///
/// ```
/// use tellers::engine::{Effort, Engine, Failure, Program};
/// let program = Program::new(|| assert_ne!(tellers::choose(3), 2));
/// let effort = Effort { executions: 100, ..Effort::default() };
/// let report = Engine::of_this_build()[0].run(&program, effort).unwrap();
/// assert_eq!(report.failures[&Failure::Panic].size.context, 0);
/// ```
#[derive(Clone, Debug)]
pub struct Found {
    /// How simple it is.
    pub size: Switches,
    /// Whether no interleaving that fails in this way is simpler.
    pub minimal: bool,
    /// Whether these are the steps of a run in another order, which no run has had: one in which each
    /// thread is told the same. Only loom's build, which cannot be told who moves, shows any.
    pub reordered: bool,
    /// Its steps.
    pub trace: Trace,
    /// How many steps had been taken when this way of failing became inevitable, if that is known.
    pub no_return: Option<usize>,
    /// Where the part begins that can repeat for ever, if the trace ends in one.
    pub repeats_from: Option<usize>,
}

/// What an exhaustive search of the state graph knows beyond its outcomes.
///
/// ```
/// let proof = tellers::check(|| tellers::choose(5)).proof;
/// assert!(proof.is_none_or(|proof| proof.completion_always_possible && proof.starvation.is_none()));
/// ```
#[derive(Clone, Debug)]
pub struct Proof {
    /// How many states there are.
    pub states: usize,
    /// Whether steps of no interest to any other thread were taken together with the step before,
    /// so that there are fewer states.
    pub reduced: bool,
    /// How many moves there are between them.
    pub moves: usize,
    /// The bytes that each state took, with its moves and its share of the index.
    pub bytes_per_state: usize,
    /// How many interleavings there are.
    pub interleavings: Count,
    /// How many of them fail in each way.
    pub failing: BTreeMap<Failure, Count>,
    /// Whether the program can still run to its end from every state.
    pub completion_always_possible: bool,
    /// A cycle in which threads keep trying, though each could still get out of it.
    pub starvation: Option<Found>,
    /// How many runs of the real code were held against what had been learned.
    pub samples: u64,
    /// What of the hand-overs these have shown.
    pub tried: Tried,
    /// What the proof takes for granted, of what std does not promise.
    pub granted: BTreeSet<Granted>,
    /// What was looked at that cannot be counted on, such as a wake-up without a notification. Interleavings with
    /// such moves are not counted.
    pub doubts: BTreeSet<Doubt>,
    /// How many spins were closed: a thread that went a round twice, told the same, was led through 128 more and is
    /// taken to go round for as long as it is told that.
    pub spins: usize,
}

/// How many interleavings there are.
///
/// ```
/// let proof = tellers::check(|| tellers::choose(5)).proof;
/// assert!(proof.is_none_or(|proof| proof.interleavings.saturated() == 5));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Finite(BigUint),
    /// There is a cycle, so there is no end to them.
    Infinite,
}

/// What a search met on its way.
///
/// ```
/// assert!(tellers::check(|| tellers::sync::Lock::new().acquire()).coverage.steps > 0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// How often the program was run.
    pub executions: u64,
    /// How many operations took effect in all.
    pub steps: u64,
    /// How many operations met a lock that another thread held.
    pub contended: u64,
    /// How many timed acquires timed out.
    pub timeouts: u64,
    /// How many questions were answered with an old value; only loom does that.
    pub stale: u64,
    /// In how many runs a thread moved while a panic unwound another one. std counts panics for each OS
    /// thread, and all threads of a run share one: there `std::thread::panicking()` is true for both, and a
    /// lock of std that the first lets go of is poisoned. A failure that rests on either may be none.
    pub beside_panics: u64,
    /// The most preemptions in one run.
    pub preemptions: u32,
}

/// The sentence that an engine's report comes down to.
///
/// ```
/// let report = tellers::check(|| tellers::choose(2));
/// assert_eq!(report.verdict() == tellers::engine::Verdict::Proved, report.is_exhaustive());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No interleaving within the bounds fails.
    Proved,
    /// None of the sampled interleavings fails.
    Sampled,
    /// The search was cut short, or a bound cut off every run, and found no failure until then.
    NotProved,
    /// At least one interleaving fails.
    Failed,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Proved => "proved",
            Self::Sampled => "sampled",
            Self::NotProved => "NOT PROVED",
            Self::Failed => "FAILED",
        })
    }
}

impl Extent {
    /// What cut the search short, if something did, in words that go on from "cut short".
    pub fn cut_short(&self) -> Option<&str> {
        match self {
            Self::CutShort { reason } => Some(reason),
            Self::Exhausted | Self::Sampled { .. } => None,
        }
    }
}

impl From<&Crash> for Extent {
    fn from(crash: &Crash) -> Self {
        Self::CutShort { reason: crash.to_string() }
    }
}

impl Found {
    /// A run of which no more is known.
    pub(crate) fn of(trace: Trace) -> Self {
        Self {
            size: Switches::of(&trace),
            minimal: false,
            reordered: false,
            trace,
            no_return: None,
            repeats_from: None,
        }
    }
}

impl Report<Value> {
    /// Of a search that met nothing.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn of_nothing(extent: Extent) -> Self {
        Self {
            extent,
            bounds: Vec::new(),
            coverage: Coverage::default(),
            outcomes: BTreeMap::new(),
            failures: BTreeMap::new(),
            as_found: BTreeMap::new(),
            tries: BTreeSet::new(),
            proof: None,
        }
    }

    /// The same, with what the program returned of the type that it has.
    pub(super) fn typed<R: Ord + 'static>(self) -> Report<R> {
        let outcomes = self.outcomes.into_iter();
        Report {
            outcomes: outcomes.map(|(ending, seen)| (ending.typed(), seen)).collect(),
            extent: self.extent,
            bounds: self.bounds,
            coverage: self.coverage,
            failures: self.failures,
            as_found: self.as_found,
            tries: self.tries,
            proof: self.proof,
        }
    }
}

impl<R> Report<R> {
    /// The sentence that the report comes down to.
    pub fn verdict(&self) -> Verdict {
        match self.extent {
            _ if !self.failures.is_empty() => Verdict::Failed,
            _ if self.outcomes.is_empty() => Verdict::NotProved,
            Extent::Exhausted => Verdict::Proved,
            Extent::Sampled { .. } => Verdict::Sampled,
            Extent::CutShort { .. } => Verdict::NotProved,
        }
    }

    /// Whether every interleaving within the bounds was visited.
    pub fn is_exhaustive(&self) -> bool {
        self.extent == Extent::Exhausted
    }
}

impl Count {
    /// None at all.
    pub fn zero() -> Self {
        Self::Finite(BigUint::ZERO)
    }

    /// The number, or the largest there is if it does not fit.
    pub fn saturated(&self) -> u64 {
        match self {
            Self::Finite(count) => count.try_into().unwrap_or(u64::MAX),
            Self::Infinite => u64::MAX,
        }
    }
}

impl AddAssign<&Self> for Count {
    fn add_assign(&mut self, other: &Self) {
        match (&mut *self, other) {
            (Self::Finite(count), Self::Finite(more)) => *count += more,
            _ => *self = Self::Infinite,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Finite(count) => count.fmt(f),
            Self::Infinite => f.write_str("infinitely many"),
        }
    }
}

impl AddAssign for Coverage {
    fn add_assign(&mut self, other: Self) {
        self.executions += other.executions;
        self.steps += other.steps;
        self.contended += other.contended;
        self.timeouts += other.timeouts;
        self.stale += other.stale;
        self.beside_panics += other.beside_panics;
        self.preemptions = self.preemptions.max(other.preemptions);
    }
}
