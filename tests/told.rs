//! What every engine of the build says of a program.
#![allow(dead_code, unreachable_pub, reason = "each test that includes this is a crate of its own")]

use std::collections::BTreeSet;
use std::hash::Hash;
use tellers::engine::{Conclusion, Effort, Engine, Program, Report};

/// What the program returns, and how it fails, in each engine of this build.
pub fn told<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Vec<(Engine, Report<R>)>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let program = Program::new(body);
    let run = |&engine: &Engine| {
        let report = engine.run(&program, effort(engine));
        (engine, report.unwrap_or_else(|error| panic!("{engine}: {error}")))
    };
    Engine::of_this_build().iter().map(run).collect()
}

/// A real thread takes its time, and enumerates nothing.
pub fn effort(engine: Engine) -> Effort {
    match engine {
        Engine::Threads => Effort { executions: 100, ..Effort::of(engine) },
        _ => Effort::of(engine),
    }
}

/// Every value that the program returned.
pub fn returned<R: Clone + Ord>(report: &Report<R>) -> BTreeSet<R> {
    let result = |ending: &tellers::engine::Ending<R>| match &ending.conclusion {
        Conclusion::Returned(result) => Some(result.clone()),
        _ => None,
    };
    report.outcomes.keys().filter_map(result).collect()
}

/// Asserts that no engine finds a failure, that each finds only these results, and that those that look at
/// everything find all of them: what each says.
pub fn assert_returns<R, const N: usize>(
    results: [R; N],
    body: impl Fn() -> R + Send + Sync + 'static,
) -> Vec<(Engine, Report<R>)>
where
    R: Clone + Ord + Hash + std::fmt::Debug + Send + 'static,
{
    let results = BTreeSet::from(results);
    let all = told(body);
    for (engine, report) in &all {
        assert_eq!(report.failures.keys().next(), None, "{engine}");
        let found = returned(report);
        if report.is_exhaustive() {
            assert_eq!(found, results, "{engine}");
        }
        assert!(found.is_subset(&results) && !found.is_empty(), "{engine}: {found:?}");
    }
    all
}
