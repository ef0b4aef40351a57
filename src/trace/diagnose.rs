//! Says what went wrong in a trace: in plain words first, then the evidence.
//!
//! A [`Diagnosis`] is found from the steps alone, and refers to them by their indices in
//! [`Trace::steps`]; [`Diagnosis::tell`] puts it into words.

mod called;
mod checked;
mod data_race;
mod deadlock;
mod forced;
mod freed;
mod held;
mod livelock;
mod lost_update;
mod lost_wakeup;
mod panicked;
mod permits;
mod release;
mod spurious;
mod stale;
mod torn_audit;

pub(super) use called::{Called, What, described};
pub use checked::Checked;
pub use data_race::DataRace;
pub use deadlock::{Deadlock, Wait};
pub use freed::Freed;
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) use freed::{DOUBLE_FREE, USE_AFTER_FREE};
pub use livelock::{Livelock, Trying};
pub use lost_update::{Lost, LostUpdate};
pub use panicked::Panicked;
pub use release::ReleaseUnlocked;
pub use stale::Stale;
pub use torn_audit::{Half, TornAudit};

use forced::Forced;

use super::words::Words;
use super::{Pending, Place, Trace};
use crate::engine::Failure;

/// What went wrong in a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// How it failed.
    pub failure: Failure,
    /// Why, as far as the trace shows it.
    pub cause: Option<Cause>,
    /// Loads that did not see the latest store, which only a weak memory model allows.
    pub stale: Vec<Stale>,
    /// The steps that nobody could count on, such as a wake-up without a notification.
    pub spurious: Vec<usize>,
}

/// Why a trace fails.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// Threads wait for each other, or for what will never be.
    Deadlock(Deadlock),
    /// A store was computed from a value that another store had replaced.
    LostUpdate(LostUpdate),
    /// Threads keep moving, and none gets any further.
    Livelock(Livelock),
    /// A sum was taken while money was on its way.
    TornAudit(TornAudit),
    /// A lock had been released by another thread than the one that took it.
    ReleaseUnlocked(ReleaseUnlocked),
    /// A panic ended a thread.
    Panicked(Panicked),
    /// Two accesses that nothing orders.
    DataRace(DataRace),
}

/// A diagnosis in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// One or two plain sentences.
    pub summary: String,
    /// What they rest on.
    pub facts: Vec<Fact>,
    /// What would make it impossible.
    pub remedy: Option<String>,
}

/// One line of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The line.
    pub words: String,
    /// The indices of the steps that it cites.
    pub steps: Vec<usize>,
    /// Places that it cites and that are those of no step.
    pub places: Vec<Place>,
}

impl Fact {
    fn new(words: String, steps: impl Into<Vec<usize>>) -> Self {
        Self { words, steps: steps.into(), places: Vec::new() }
    }
}

impl Diagnosis {
    /// Finds out why a trace fails in this way.
    pub fn of(trace: &Trace, failure: Failure) -> Self {
        let cause = match failure {
            Failure::Deadlock => Self::of_deadlock(trace),
            Failure::LostUpdate => LostUpdate::find(trace).map(Cause::LostUpdate),
            Failure::TornAudit => TornAudit::find(trace).map(Cause::TornAudit),
            Failure::ReleaseUnlocked => ReleaseUnlocked::find(trace).map(Cause::ReleaseUnlocked),
            Failure::Panic => Panicked::find(trace).map(Cause::Panicked),
            Failure::DataRace => DataRace::find(trace).map(Cause::DataRace),
            Failure::Livelock | Failure::Starvation => None,
        };
        Self { failure, cause, stale: Stale::find_all(trace), spurious: spurious::find_all(trace) }
    }

    /// Why nothing moves: a panic may be what left the others waiting.
    fn of_deadlock(trace: &Trace) -> Option<Cause> {
        let found = Deadlock::find(trace)?;
        let panicked = Panicked::find_behind(trace, &found).map(Cause::Panicked);
        Some(panicked.unwrap_or(Cause::Deadlock(found)))
    }

    /// What it is to be called: a deadlock that leaves others asking for ever is no livelock to whoever
    /// reads of it, and one that a panic leaves behind is a panic.
    pub fn headline(&self) -> Failure {
        match (&self.cause, self.failure) {
            (Some(Cause::Panicked(_)), Failure::Deadlock) => Failure::Panic,
            (Some(Cause::Deadlock(_)), Failure::Livelock) => Failure::Deadlock,
            (_, failure) => failure,
        }
    }

    /// Finds out why a trace can go on for ever with all steps from this one on; `failure` is a
    /// livelock or a starvation.
    pub fn of_lasso(trace: &Trace, failure: Failure, from: usize) -> Self {
        let ring = (failure == Failure::Livelock).then(|| Deadlock::find(trace)).flatten();
        let ring = ring.filter(|found| !found.cycle.is_empty());
        let asking = Livelock::find(trace, from);
        let cause = match ring {
            Some(found) => Some(Cause::Deadlock(Deadlock { asking, ..found })),
            None => asking.map(Cause::Livelock),
        };
        Self { failure, cause, stale: Stale::find_all(trace), spurious: spurious::find_all(trace) }
    }

    /// The diagnosis in words.
    pub fn tell(&self, trace: &Trace) -> Told {
        let words = Words::new(trace);
        let mut told = match &self.cause {
            Some(Cause::Deadlock(found)) => found.tell(&words),
            Some(Cause::LostUpdate(found)) => found.tell(&words),
            Some(Cause::Livelock(found)) => found.tell(&words, self.failure),
            Some(Cause::TornAudit(found)) => found.tell(&words),
            Some(Cause::ReleaseUnlocked(found)) => found.tell(&words),
            Some(Cause::Panicked(found)) => found.tell(&words),
            Some(Cause::DataRace(found)) => found.tell(&words),
            None => untold(self.failure),
        };
        self.add_forced(&words, &mut told);
        self.add_failed(&words, &mut told);
        told.facts.extend(self.stale.iter().map(|stale| stale.tell(&words)));
        spurious::tell(&words, &self.spurious, &mut told);
        called::tell(&words, self, &mut told);
        told
    }

    /// Adds the releases of locks that others held.
    fn add_forced(&self, words: &Words<'_>, told: &mut Told) {
        let Some(Cause::LostUpdate(_) | Cause::TornAudit(_) | Cause::ReleaseUnlocked(_)) =
            self.cause
        else {
            return;
        };
        let forced = Forced::find_all(words.trace);
        if forced.is_empty() {
            return;
        }
        let is_new = |forced: &&Forced| told.facts.iter().all(|f| f.steps != [forced.step]);
        let others = forced.iter().filter(is_new).map(|forced| forced.tell(words));
        let others: Vec<Fact> = others.collect();
        told.facts.extend(others);
        if !matches!(self.cause, Some(Cause::ReleaseUnlocked(_))) {
            told.remedy = Some(forced::remedy("its locks would have kept the others out"));
        }
    }

    /// Adds the releases that failed.
    fn add_failed(&self, words: &Words<'_>, told: &mut Told) {
        let Some(
            Cause::LostUpdate(_)
            | Cause::TornAudit(_)
            | Cause::Livelock(_)
            | Cause::ReleaseUnlocked(_),
        ) = self.cause
        else {
            return;
        };
        let is_new = |fact: &Fact| told.facts.iter().all(|known| known.steps != fact.steps);
        let others: Vec<Fact> = release::all_failed(words).filter(is_new).collect();
        told.facts.extend(others);
    }

    /// What threads have come to and never do, as far as that is told.
    pub(super) fn undone(&self) -> Vec<Pending> {
        match &self.cause {
            Some(Cause::Deadlock(found)) => found.stuck().iter().map(Wait::pending).collect(),
            Some(Cause::Panicked(found)) => {
                found.waits.iter().chain(&found.others).map(Wait::pending).collect()
            }
            Some(Cause::DataRace(found)) => vec![found.access],
            _ => Vec::new(),
        }
    }

    /// The indices of the steps that the failure comes down to.
    pub fn key_steps(&self) -> Vec<usize> {
        let mut steps = match &self.cause {
            Some(Cause::Deadlock(found)) => found.key_steps(),
            Some(Cause::LostUpdate(found)) => found.key_steps(),
            Some(Cause::Livelock(found)) => found.key_steps(),
            Some(Cause::TornAudit(found)) => found.key_steps(),
            Some(Cause::ReleaseUnlocked(found)) => found.key_steps(),
            Some(Cause::Panicked(found)) => found.key_steps(),
            Some(Cause::DataRace(found)) => found.key_steps(),
            None => Vec::new(),
        };
        steps.extend(self.stale.iter().flat_map(|stale| [stale.load, stale.unseen]));
        steps.extend(&self.spurious);
        steps.sort_unstable();
        steps.dedup();
        steps
    }
}

fn untold(failure: Failure) -> Told {
    let summary = format!("This run ends in a {failure}; its steps alone do not show why.");
    Told { summary, facts: Vec::new(), remedy: None }
}
