//! A program that fails in an early state, and ends the process in a late one.

use std::sync::Arc;
use tellers::sync::{Cell, Lock, thread};

/// A lock is never released, so whoever comes second waits for ever; what one thread counts at a certain
/// moment makes the other abort.
pub(crate) fn deadlocks_or_aborts() {
    let (lock, done) = (Arc::new(Lock::named("lock")), Arc::new(Cell::named("done", 0)));
    let theirs = (Arc::clone(&lock), Arc::clone(&done));
    let other = thread::spawn(move || {
        theirs.0.acquire();
        (0..20).for_each(|i| theirs.1.store(i));
    });
    if done.load() == 7 {
        std::process::abort();
    }
    lock.acquire();
    other.join().expect("it does not panic");
}
