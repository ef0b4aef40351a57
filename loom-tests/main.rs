//! The loom build: its backend and its engine, and the suite under them.
#![cfg(loom)]

mod agrees;
mod choice;
#[path = "../tests/common/mod.rs"]
mod common;
mod deadlocks;
#[path = "../tests/common/found.rs"]
mod found;
mod limits;
mod locks;
mod memory;
mod minimise;
mod pictures;
mod scope;
mod statics;
mod suite;
mod textbook;
mod threads;

use agrees::agree;
use std::collections::BTreeSet;
use tellers::engine::{Conclusion, LoomBounds, Program, Report, Verdict, loom};

/// Explores everything that a program can do.
fn explore<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Report<R>
where
    R: Clone + Ord + std::hash::Hash + Send + 'static,
{
    let report = loom(&Program::new(body), &LoomBounds::default());
    assert!(report.is_exhaustive(), "{:?}", report.extent);
    report
}

/// The values that the main thread was seen to return.
fn returned<R: Clone + Ord>(report: &Report<R>) -> BTreeSet<R> {
    let value = |conclusion: &Conclusion<R>| match conclusion {
        Conclusion::Returned(value) => Some(value.clone()),
        _ => None,
    };
    report.outcomes.keys().filter_map(|ending| value(&ending.conclusion)).collect()
}

/// Asserts that a program can neither deadlock nor panic.
fn assert_proved<R>(report: &Report<R>) {
    assert_eq!(report.verdict(), Verdict::Proved);
}
