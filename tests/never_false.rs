//! No proof is false, and nothing that only the checker does is told as the program's.
#![cfg(all(not(loom), feature = "shuttle"))]

mod beginning;
mod beside;
mod leaving;
mod owners;
mod shared;
mod unwinding;

use tellers::engine::product::{Limits, product};
use tellers::engine::{Effort, Engine, Failure, Program, Report};

/// What each engine of the default build finds, with a few hundred runs where it counts them.
fn reports<R>(program: &Program<R>) -> Vec<(Engine, Report<R>)>
where
    R: Clone + Ord + std::hash::Hash + Send + 'static,
{
    let report = |&engine: &Engine| {
        let effort = Effort { executions: 300, ..Effort::of(engine) };
        (engine, engine.run(program, effort).unwrap_or_else(|error| panic!("{engine}: {error}")))
    };
    Engine::of_this_build().iter().map(report).collect()
}

/// Every engine finds just these failures, and the exhaustive ones exhaust the program.
fn fails_by<R>(failures: &[Failure], program: &Program<R>)
where
    R: Clone + Ord + std::hash::Hash + Send + 'static,
{
    for (engine, report) in reports(program) {
        let found: Vec<_> = report.failures.keys().copied().collect();
        let panics: Vec<_> = report.outcomes.keys().flat_map(|ending| &ending.panics).collect();
        assert_eq!(found, failures, "{engine}: {panics:?}, {:?}", report.extent);
        assert!(report.extent.cut_short().is_none(), "{engine}: {:?}", report.extent);
    }
}

fn is_proved<R>(program: &Program<R>)
where
    R: Clone + Ord + std::hash::Hash + Send + 'static,
{
    fails_by(&[], program);
    let report = product(program, &Limits::default()).expect("it can be explored");
    assert!(report.is_exhaustive() && report.proof.is_some());
}
