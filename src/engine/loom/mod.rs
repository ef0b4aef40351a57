//! Loom: every interleaving, under the memory model of C11.
//!
//! Loom remembers one latest access of each atomic. A load hides the loads before it: if the same
//! thread then stores, loom sees no race of that store with the other loads, and never tries it
//! before them (loom 0.7.3: `load` against `load; store` is never seen to read what was stored; see
//! <https://github.com/tokio-rs/loom/issues/166> and 392). So in a search that is to be exhaustive
//! each cell has a turnstile, one more atomic that a load passes first, and loom tries loads in
//! every order. A search with bounded preemptions proves nothing anyway, and does without.

mod explore;
mod minimise;

pub(super) use self::minimise::any_minimised;
pub use self::minimise::minimised;

use self::explore::{Search, Settings, explore, install_looms_hook};
use super::collect::{Collected, Collector};
use super::conclude::ending;
use super::{Erased, Extent, Program, Report};
use crate::sync::backend::{Over, Run};
use crate::sync::quiet::quietly;
use crate::sync::value::Value;
use crate::thousands;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// What loom is to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoomBounds {
    /// The most preemptions in a run. With such a bound nothing is ever proved, and the search can
    /// be longer than without: it is for finding a failure.
    pub preemptions: Option<usize>,
    /// The most choices in a run; each operation is one or two.
    pub max_branches: usize,
    /// The most runs.
    pub max_executions: u64,
}

impl Default for LoomBounds {
    fn default() -> Self {
        Self { preemptions: None, max_branches: 10_000, max_executions: 1_000_000 }
    }
}

/// Loom's environment variables are set; they would silently change what is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoomVariables(Vec<String>);

impl Error for LoomVariables {}

impl fmt::Display for LoomVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "loom is configured by its environment: unset {}", self.0.join(", "))
    }
}

/// Makes sure that none of loom's environment variables is set.
///
/// # Errors
/// If one is, whatever its value.
pub fn refuse_loom_variables() -> Result<(), LoomVariables> {
    let mut set: Vec<String> = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .filter(|name| name.starts_with("LOOM_"))
        .collect();
    set.sort_unstable();
    if set.is_empty() { Ok(()) } else { Err(LoomVariables(set)) }
}

/// How many runs a program may have before it counts as large; about a second.
const FIRST_LOOK: u64 = 20_000;

/// The most preemptions that a failure is looked for with before all else.
const FEW: usize = 4;

/// Visits every interleaving within the bounds.
///
/// Most failures need few preemptions, and loom comes to those late, or never: of the suite's
/// `forced-release`, a million runs without a bound show no failure, and 70,000 with at most 4
/// preemptions show all there are. So a program that is large is also searched with 0, 1, 2, 3, 4
/// preemptions. That can take longer than no bound at all, so a small program is spared. All these
/// runs count as executions.
pub fn loom<R: Ord + 'static>(program: &Program<R>, bounds: &LoomBounds) -> Report<R> {
    report(&program.erased, bounds).typed()
}

/// The same, of any program.
pub(crate) fn report(program: &Erased, bounds: &LoomBounds) -> Report<Value> {
    let bounds = *bounds;
    program.report(move |program, collected| match refuse_loom_variables() {
        Ok(()) => Engine { program, bounds: &bounds, collected }.run(),
        Err(error) => cut_short(error.to_string()),
    })
}

struct Engine<'a> {
    program: &'a Erased,
    bounds: &'a LoomBounds,
    collected: &'a Collected,
}

impl Engine<'_> {
    fn run(&self) -> Extent {
        if let Some(most) = self.bounds.preemptions {
            return match self.search(Some(most), self.bounds.max_executions) {
                Extent::Exhausted => cut_short(format!("no more than {most} preemptions")),
                short => short,
            };
        }
        let extent = self.search(None, FIRST_LOOK);
        if extent == Extent::Exhausted {
            return extent;
        }
        for most in 0..=FEW {
            self.search(Some(most), self.bounds.max_executions);
        }
        self.search(None, self.bounds.max_executions)
    }

    /// Searches until there have been so many executions in all.
    fn search(&self, preemptions: Option<usize>, max_executions: u64) -> Extent {
        let max_executions = max_executions.min(self.bounds.max_executions);
        let limit = || cut_short(format!("after {} executions", thousands(max_executions)));
        if is_enough(&self.collected.lock(), max_executions) {
            return limit();
        }
        let max_branches = self.bounds.max_branches;
        let settings = Settings { preemptions, max_branches, thorough: preemptions.is_none() };
        let body = Arc::clone(&self.program.body);
        let watch = self.watch(max_executions);
        let refusal = self.program.refusal.clone();
        match quietly(install_looms_hook, || explore(settings, body, watch, refusal)) {
            Search::Complete => Extent::Exhausted,
            Search::Stopped => limit(),
            Search::GaveUp(why) => cut_short(format!("loom gave up: {why}")),
        }
    }

    fn watch(&self, max_executions: u64) -> impl FnMut(&mut Run, Over) -> bool + use<> {
        let collected = Arc::clone(self.collected);
        move |run, over| {
            let ending = ending(run, over);
            let mut collector = collected.lock();
            collector.add(&run.tape, run.preemptions, ending);
            !is_enough(&collector, max_executions)
        }
    }
}

fn is_enough(collector: &Collector, max_executions: u64) -> bool {
    collector.executions() >= max_executions || collector.is_interrupted()
}

fn cut_short(reason: String) -> Extent {
    Extent::CutShort { reason }
}
