//! Data structures without locks, whose nodes are freed by hand: right, and wrong. The allocator sees what a run frees.
#![cfg(not(loom))]

mod fill;
mod slot;
mod stack;
#[path = "../told.rs"]
mod told;

use std::fmt::Debug;
use std::hash::Hash;
use tellers::engine::Engine;

#[global_allocator]
static ALLOC: tellers::Alloc = tellers::Alloc;

/// No engine finds a failure, or anything but these; and who looks at everything finds all of them, as a proof does.
fn assert_returns<R, const N: usize>(results: [R; N], body: impl Fn() -> R + Send + Sync + 'static)
where
    R: Clone + Ord + Hash + Debug + Send + 'static,
{
    for (engine, report) in told::assert_returns(results, body) {
        assert!(engine != Engine::Product || report.proof.is_some() && report.bounds.is_empty());
    }
}

/// Some thread panics so in some interleaving. Real threads would do what nobody can foresee.
#[cfg(feature = "shuttle")]
fn assert_panics(wanted: &str, body: impl Fn() + Send + Sync + 'static) {
    for (engine, report) in told::told(body) {
        let Some(found) = report.failures.get(&tellers::engine::Failure::Panic) else {
            assert!(!report.is_exhaustive(), "{engine}");
            continue;
        };
        let ends = &found.trace.ends;
        let why: Vec<_> = ends.iter().filter_map(|end| end.panic.as_deref()).collect();
        assert!(why.iter().any(|why| why.contains(wanted)), "{engine}: {why:?}");
    }
}
