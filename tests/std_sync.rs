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

use crate::told::{assert_returns, returned, told};
use std::hash::Hash;
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::sync::thread;

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
