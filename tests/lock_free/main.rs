//! Data structures without locks, whose nodes are freed by hand: right, and wrong. The allocator sees what a run frees.
#![cfg(not(loom))]

mod fill;
mod slot;
mod stack;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::hash::Hash;
use tellers::engine::{Conclusion, Effort, Engine, Program, Report};

#[global_allocator]
static ALLOC: tellers::Alloc = tellers::Alloc;

/// What each engine of the build says.
fn told<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Vec<(Engine, Report<R>)>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let program = Program::new(body);
    let run = |&engine: &Engine| {
        let effort = match engine {
            Engine::Threads => Effort { executions: 100, ..Effort::of(engine) },
            _ => Effort::of(engine),
        };
        let report = engine.run(&program, effort);
        (engine, report.unwrap_or_else(|error| panic!("{engine}: {error}")))
    };
    Engine::of_this_build().iter().map(run).collect()
}

fn returned<R: Clone + Ord>(report: &Report<R>) -> BTreeSet<R> {
    let result = |ending: &tellers::engine::Ending<R>| match &ending.conclusion {
        Conclusion::Returned(result) => Some(result.clone()),
        _ => None,
    };
    report.outcomes.keys().filter_map(result).collect()
}

/// No engine finds a failure, or anything but these; and who looks at everything finds all of them.
fn assert_returns<R, const N: usize>(results: [R; N], body: impl Fn() -> R + Send + Sync + 'static)
where
    R: Clone + Ord + Hash + Debug + Send + 'static,
{
    let results = BTreeSet::from(results);
    for (engine, report) in told(body) {
        assert_eq!(report.failures.keys().next(), None, "{engine}");
        let found = returned(&report);
        if report.is_exhaustive() {
            assert_eq!(found, results, "{engine}");
        }
        assert!(found.is_subset(&results) && !found.is_empty(), "{engine}: {found:?}");
        assert!(engine != Engine::Product || report.proof.is_some() && report.bounds.is_empty());
    }
}

/// Some thread panics so in some interleaving. Real threads would do what nobody can foresee.
#[cfg(feature = "shuttle")]
fn assert_panics(wanted: &str, body: impl Fn() + Send + Sync + 'static) {
    for (engine, report) in told(body) {
        let Some(found) = report.failures.get(&tellers::engine::Failure::Panic) else {
            assert!(!report.is_exhaustive(), "{engine}");
            continue;
        };
        let ends = &found.trace.ends;
        let why: Vec<_> = ends.iter().filter_map(|end| end.panic.as_deref()).collect();
        assert!(why.iter().any(|why| why.contains(wanted)), "{engine}: {why:?}");
    }
}
