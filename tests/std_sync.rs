//! std's primitives, used as in anybody's file: what they mean in every engine of the build.
#![cfg(not(loom))]

mod any_type;
mod atomic;
mod atomic_ptr;
mod barrier;
mod choice;
mod condvar;
mod local;
mod mpsc;
mod mutex;
mod once;
mod rwlock;
mod scope;
mod spin;
mod statics;
mod steps;
mod unsafe_cell;
mod weak;

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::Arc;
use tellers::engine::{Conclusion, Effort, Engine, Failure, Program, Report};
use tellers::sync::thread;

/// What the program returns, and how it fails, in each engine of this build.
fn told<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Vec<(Engine, Report<R>)>
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
fn effort(engine: Engine) -> Effort {
    match engine {
        Engine::Threads => Effort { executions: 100, ..Effort::of(engine) },
        _ => Effort::of(engine),
    }
}

/// Every value that the program returned.
fn returned<R: Clone + Ord>(report: &Report<R>) -> BTreeSet<R> {
    let result = |ending: &tellers::engine::Ending<R>| match &ending.conclusion {
        Conclusion::Returned(result) => Some(result.clone()),
        _ => None,
    };
    report.outcomes.keys().filter_map(result).collect()
}

/// Asserts that no engine finds a failure, that each finds only these results, and that those that look at
/// everything find all of them.
fn assert_returns<R, const N: usize>(results: [R; N], body: impl Fn() -> R + Send + Sync + 'static)
where
    R: Clone + Ord + Hash + std::fmt::Debug + Send + 'static,
{
    let results = BTreeSet::from(results);
    for (engine, report) in told(body) {
        assert_eq!(report.failures.keys().next(), None, "{engine}");
        let found = returned(&report);
        if report.is_exhaustive() {
            assert_eq!(found, results, "{engine}");
        }
        assert!(found.is_subset(&results) && !found.is_empty(), "{engine}: {found:?}");
    }
}

/// Asserts that the engines that look at everything find this failure and no other, and that nobody finds
/// another.
fn assert_fails<R>(failure: Failure, body: impl Fn() -> R + Send + Sync + 'static)
where
    R: Clone + Ord + Hash + Send + 'static,
{
    for (engine, report) in told(body) {
        let found: Vec<_> = report.failures.keys().copied().collect();
        let expected = if report.is_exhaustive() { &[failure][..] } else { &found[..] };
        assert_eq!(found, expected, "{engine}");
        assert!(found.iter().all(|&found| found == failure), "{engine}: {found:?}");
    }
}

/// A thread that has this, too.
fn beside<T: Send + Sync + 'static, R: Send + 'static>(
    shared: &Arc<T>,
    body: impl FnOnce(&T) -> R + Send + 'static,
) -> thread::JoinHandle<R> {
    let theirs = Arc::clone(shared);
    thread::spawn(move || body(&theirs))
}
