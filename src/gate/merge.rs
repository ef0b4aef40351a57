//! Puts the results of all builds and shards together.

use super::{Check, Failed, Fault, Reach, Results, Rule, Source};
use crate::engine::Engine;
use std::collections::BTreeMap;

/// A scenario at a size, and what each engine found out about it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The scenario.
    pub scenario: String,
    /// Its size; empty where it has only one.
    pub size: String,
    /// What the engines found out, in the order of [`Engine::ALL`].
    pub checks: Vec<Check>,
}

impl Row {
    /// The simplest failure that any engine found, and the engine.
    pub fn simplest(&self) -> Option<(Engine, &Failed)> {
        let found = self
            .checks
            .iter()
            .flat_map(|check| check.failures.iter().map(move |failed| (check.engine, failed)));
        found.min_by_key(|(_, failed)| failed.size)
    }

    /// What it is called: the scenario, and its size where there is one.
    pub fn name(&self) -> String {
        match self.size.as_str() {
            "" => self.scenario.clone(),
            size => format!("{} {size}", self.scenario),
        }
    }
}

/// All checks by scenario; what was given twice is a fault.
pub(super) fn merge(sources: &[Source]) -> (Vec<Row>, Vec<Fault>) {
    let (mut rows, mut faults) = (Vec::<Row>::new(), Vec::new());
    for check in in_order(sources) {
        let same = |row: &&mut Row| row.scenario == check.scenario && row.size == check.size;
        match rows.iter_mut().find(same) {
            Some(row) => faults.extend(add(row, check)),
            None => rows.push(Row {
                scenario: check.scenario.clone(),
                size: check.size.clone(),
                checks: vec![check.clone()],
            }),
        }
    }
    (rows, faults)
}

/// Every check, by the order in which scenarios were planned, then by engine.
fn in_order(sources: &[Source]) -> Vec<&Check> {
    let planned = sources.iter().flat_map(|source| &source.results.planned);
    let mut places = BTreeMap::new();
    for plan in planned {
        let next = places.len();
        places.entry(plan.scenario.as_str()).or_insert(next);
    }
    let mut checks: Vec<&Check> =
        sources.iter().flat_map(|source| &source.results.checks).collect();
    checks.sort_by_key(|check| (places.get(check.scenario.as_str()), check.engine));
    checks
}

fn add(row: &mut Row, check: &Check) -> Option<Fault> {
    let same = |known: &&mut Check| (known.engine, known.retries) == (check.engine, check.retries);
    let Some(known) = row.checks.iter_mut().find(same) else {
        row.checks.push(check.clone());
        return None;
    };
    if are_shards(known, check) {
        join(known, check);
        return None;
    }
    Some(Fault {
        rule: Rule::Once,
        what: format!("{} with {}", row.name(), check.engine),
        why: "in more than one of the files".into(),
        command: check.command.clone(),
        cell: Some((row.name(), check.engine)),
        at: None,
    })
}

/// Whether these are two shards of one sample. Of one that was cut short, nothing says which.
fn are_shards(known: &Check, more: &Check) -> bool {
    match (&known.extent, &more.extent) {
        (Reach::Sampled(seeds), Reach::Sampled(others)) => seeds.is_disjoint(others),
        _ => !known.engine.is_exhaustive(),
    }
}

/// Puts two shards of one sample together.
fn join(known: &mut Check, more: &Check) {
    match (&mut known.extent, &more.extent) {
        (Reach::Sampled(seeds), Reach::Sampled(others)) => seeds.extend(others),
        (Reach::CutShort(_), _) => {}
        (extent, short) => *extent = short.clone(),
    }
    for (shown, other) in known.expected.shows.iter_mut().zip(&more.expected.shows) {
        shown.shown =
            if shown.always { shown.shown && other.shown } else { shown.shown || other.shown };
    }
    known.expected.thorough &= more.expected.thorough;
    known.coverage.executions += more.coverage.executions;
    known.coverage.steps += more.coverage.steps;
    known.coverage.contended += more.coverage.contended;
    known.coverage.timeouts += more.coverage.timeouts;
    known.coverage.preemptions = known.coverage.preemptions.max(more.coverage.preemptions);
    known.outcomes.extend(more.outcomes.iter().cloned());
    known.tries.extend(more.tries.iter().cloned());
    known.no_answer = known.no_answer.take().or_else(|| more.no_answer.clone());
    for bound in &more.bounds {
        match known.bounds.iter_mut().find(|known| known.limit == bound.limit) {
            Some(known) => known.hits += bound.hits,
            None => known.bounds.push(bound.clone()),
        }
    }
    for failed in &more.failures {
        match known.failures.iter_mut().find(|known| known.failure == failed.failure) {
            Some(known) if failed.size < known.size => *known = failed.clone(),
            Some(_) => {}
            None => known.failures.push(failed.clone()),
        }
    }
    known.failures.sort_by_key(|failed| failed.failure);
}

impl Results {
    /// Whether a scenario was to be checked.
    pub(super) fn plans(&self, scenario: &str) -> bool {
        self.planned.iter().any(|plan| plan.scenario == scenario)
    }
}
