//! A lock word in an atomic of loom's.
//!
//! So are the locks of [`sync`](tellers::sync) made in the build for loom, whose own mutex never
//! shows a try that fails. It costs loom many more executions.

use loom::sync::atomic::AtomicUsize;
use loom::thread::{self, Thread};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::{Mutex, MutexGuard};

/// 0 if it is free; waiters are parked.
#[derive(Debug)]
pub(super) struct Word {
    held: AtomicUsize,
    waiters: Mutex<Vec<Thread>>,
}

impl Word {
    pub(super) fn new() -> Self {
        Self { held: AtomicUsize::new(0), waiters: Mutex::default() }
    }

    pub(super) fn acquire(&self) {
        while self.held.compare_exchange(0, 1, Acquire, Relaxed).is_err() {
            self.waiters().push(thread::current());
            thread::park();
        }
    }

    pub(super) fn release(&self) {
        self.held.store(0, Release);
        let waiters = std::mem::take(&mut *self.waiters());
        waiters.iter().for_each(Thread::unpark);
    }

    /// Loom does not know this mutex, and nobody ever waits for it: all of its threads run on one.
    fn waiters(&self) -> MutexGuard<'_, Vec<Thread>> {
        self.waiters.lock().expect("nobody panics")
    }
}
