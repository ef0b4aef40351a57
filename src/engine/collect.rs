//! Gathers what runs show into a report.

use super::ending::Numbers;
use super::erased::Judge;
use super::{
    Bound, Coverage, Ending, Erased, Extent, Failure, Found, Progress, Report, Seen, Tries, Watch,
};
use crate::sync::value::Value;
use crate::thousands;
use crate::trace::{Names, Tape};
use crate::world::Kind;
use parking_lot::Mutex;
use std::collections::btree_map::{BTreeMap, Entry};
use std::collections::{BTreeSet, HashMap};
use std::mem;
use std::sync::Arc;

/// What a search has shown so far, in reach of whoever waits for it. It is held only between two runs.
pub(crate) type Collected = Arc<Mutex<Collector>>;

/// What the runs so far have shown.
pub(crate) struct Collector {
    judge: Judge,
    coverage: Coverage,
    cut: u64,
    /// The bound on the length of a run, once it has cut off one.
    length: Option<Bound>,
    /// The bound on moves that cannot be counted on, once it has kept back one.
    held_back: Option<Bound>,
    outcomes: HashMap<Ending<Value>, Seen>,
    tries: BTreeSet<Tries>,
    failures: BTreeMap<Failure, Found>,
    as_found: BTreeMap<Failure, Found>,
    names: Names,
    watch: Watch,
}

/// How many runs there are between two words to whoever watches.
pub(super) const BREATH: u64 = 256;

impl Erased {
    /// The report of a search: how far it went, and what it collected until then.
    pub(crate) fn report(
        &self,
        search: impl FnOnce(&Self, &Collected) -> Extent + Send + 'static,
    ) -> Report<Value> {
        let collected = Arc::new(Mutex::new(Collector::new(self)));
        let shared = Arc::clone(&collected);
        let extent = self.supervised(move |program| {
            let extent = search(program, &shared);
            program.extent_if_refused().ok_or(extent)
        });
        // A thread that comes to no operation is in the middle of a run, when nobody holds it.
        let all = mem::replace(&mut *collected.lock(), Collector::new(self));
        let extent = match extent {
            Ok(Ok(refused)) => refused,
            Ok(Err(extent)) => all.extent_if_interrupted().unwrap_or(extent),
            Err(crash) => Extent::from(&crash),
        };
        all.report(extent)
    }

    /// How far the search went, if it had to end for a reason of its own.
    fn extent_if_refused(&self) -> Option<Extent> {
        self.refusal.last_reason().map(|reason| Extent::CutShort { reason })
    }
}

impl Collector {
    pub(crate) fn new(program: &Erased) -> Self {
        Self {
            judge: Arc::clone(&program.judge),
            coverage: Coverage::default(),
            cut: 0,
            length: None,
            held_back: None,
            outcomes: HashMap::new(),
            tries: BTreeSet::new(),
            failures: BTreeMap::new(),
            as_found: BTreeMap::new(),
            names: Names::default(),
            watch: program.watch.clone(),
        }
    }

    /// Whether whoever watches wants no more runs.
    #[cfg(any(loom, not(feature = "shuttle")))]
    pub(crate) fn is_interrupted(&self) -> bool {
        self.watch.is_interrupted()
    }

    /// Counts a run; one without an ending was cut off by a bound.
    pub(crate) fn add(&mut self, tape: &Tape, preemptions: u32, ending: Option<Ending<Value>>) {
        self.coverage += Coverage {
            executions: 1,
            steps: tape.steps().len() as u64,
            contended: tape.contended(),
            timeouts: tape.timeouts(),
            stale: tape.stale(),
            beside_panics: tape.is_beside_panic().into(),
            preemptions,
        };
        let runs = self.coverage.executions;
        if runs.is_multiple_of(BREATH) {
            self.watch.tell(Progress { runs, ..Progress::default() });
        }
        if self.names.len() != tape.names().len() {
            self.names.clone_from(tape.names());
        }
        let Some(ending) = ending else {
            self.cut += 1;
            return;
        };
        let tries = tape.tries();
        if !tries.is_empty() {
            self.tries.insert(tries);
        }
        let judge = &self.judge;
        let seen = self
            .outcomes
            .entry(ending)
            .or_insert_with_key(|ending| Seen { runs: 0, failures: judge(ending) });
        seen.runs += 1;
        for &failure in &seen.failures {
            let found = keep_simplest(&mut self.failures, failure, tape);
            self.as_found.entry(failure).or_insert_with(|| found.clone());
        }
    }

    /// The run that was counted last was cut off because it took so many steps.
    #[cfg(not(loom))]
    pub(crate) fn was_too_long(&mut self, max_steps: usize) {
        let limit = format!("{} steps a run", thousands(max_steps));
        self.length.get_or_insert(Bound { limit, hits: 0 }).hits += 1;
    }

    /// In the run that was counted last there could have been more than so many moves that cannot be counted on.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn was_held_back(&mut self, max_doubtful: u32) {
        let limit = format!("{max_doubtful} spurious wake-ups and failures a run");
        self.held_back.get_or_insert(Bound { limit, hits: 0 }).hits += 1;
    }

    /// How many runs there have been.
    #[cfg(loom)]
    pub(crate) fn executions(&self) -> u64 {
        self.coverage.executions
    }

    /// The bounds that cut off runs: what the program itself set, by [`assume`](crate::sync::assume),
    /// and the length of a run; and what kept back moves.
    fn bounds(&self) -> Vec<Bound> {
        let own = self.cut - self.length.as_ref().map_or(0, |length| length.hits);
        let own = Bound { limit: "the program's own".into(), hits: own };
        let own = Some(own).filter(|own| own.hits > 0);
        own.into_iter().chain(self.length.clone()).chain(self.held_back.clone()).collect()
    }

    /// How far the search went, if whoever watches has stopped it.
    pub(crate) fn extent_if_interrupted(&self) -> Option<Extent> {
        let runs = self.coverage.executions;
        let why = self.watch.why()?;
        Some(Extent::CutShort { reason: format!("{why} after {} executions", thousands(runs)) })
    }

    /// The report on all runs so far.
    pub(crate) fn report(self, extent: Extent) -> Report<Value> {
        let bounds = self.bounds();
        let numbers = Numbers::new(&self.names);
        let mut outcomes: BTreeMap<Ending<Value>, Seen> = BTreeMap::new();
        for (ending, seen) in self.outcomes {
            let empty = Seen { runs: 0, failures: seen.failures };
            outcomes.entry(ending.renumbered(&numbers)).or_insert(empty).runs += seen.runs;
        }
        let ordered = |tries: &Tries| {
            let mut tries = numbers.ordered(Kind::Thread, tries, &Vec::new());
            tries.truncate(tries.iter().rposition(|of| !of.is_empty()).map_or(0, |last| last + 1));
            tries
        };
        Report {
            extent,
            bounds,
            coverage: self.coverage,
            outcomes,
            failures: self.failures,
            as_found: self.as_found,
            tries: self.tries.iter().map(ordered).collect(),
            proof: None,
        }
    }
}

fn keep_simplest<'a>(
    failures: &'a mut BTreeMap<Failure, Found>,
    failure: Failure,
    tape: &Tape,
) -> &'a Found {
    let trace = tape.trace();
    let found = Found::of(trace);
    let size = found.size;
    match failures.entry(failure) {
        Entry::Vacant(none) => none.insert(found),
        Entry::Occupied(mut known) => {
            if size < known.get().size {
                known.insert(found);
            }
            known.into_mut()
        }
    }
}
