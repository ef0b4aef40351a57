//! What a search and whoever waits for it know of each other.

use super::crash::{Cause, Crash};
use crate::apart::beacon;
use crate::trace::Place;
use crate::world::ThreadId;
use parking_lot::Mutex;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::thread;

thread_local! {
    static WARD: Cell<Option<&'static Ward>> = const { Cell::new(None) };
}

/// A search that is waited for. It lives for ever, since its threads may; if they have all gone, it
/// serves the next search.
#[derive(Debug, Default)]
pub(crate) struct Ward {
    /// How many OS threads are part of it.
    threads: AtomicUsize,
    crashed: AtomicU8,
    pulse: AtomicU64,
    given_up: AtomicBool,
    last: Mutex<Last>,
}

/// What was done last, and by whom.
#[derive(Debug, Default)]
struct Last {
    threads: Vec<String>,
    operation: Option<(ThreadId, Place)>,
    panic: Option<String>,
}

/// How a search crashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum How {
    /// It overflowed a stack.
    Overflowed = 1,
    /// It panicked while it was being unwound.
    PanickedAgain,
    /// It aborted.
    Aborted,
}

/// Changes with every operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pulse(u64);

impl Pulse {
    /// Whether checked code moves, and not the engine.
    pub(super) fn is_of_the_model(self) -> bool {
        self.0 % 2 == 1
    }

    fn next(self, is_of_the_model: bool) -> Self {
        Self((self.0 | 1) + 1 + u64::from(is_of_the_model))
    }
}

/// Those that no search needs.
static IDLE: Mutex<Vec<&'static Ward>> = Mutex::new(Vec::new());

impl Ward {
    pub(super) fn take() -> &'static Self {
        IDLE.lock().pop().unwrap_or_else(|| Box::leak(Box::default()))
    }

    /// Its search has ended well. One that left a thread behind could still hear of that.
    pub(super) fn put_back(&'static self) {
        if self.threads.load(Ordering::Acquire) > 0 {
            return;
        }
        *self.last.lock() = Last::default();
        self.pulse.store(0, Ordering::Relaxed);
        IDLE.lock().push(self);
    }

    pub(super) fn pulse(&self) -> Pulse {
        Pulse(self.pulse.load(Ordering::Relaxed))
    }

    /// Says that the thread that calls this goes no further; a signal handler may.
    pub(super) fn crash(&self, how: How) {
        self.crashed.store(how as u8, Ordering::Release);
    }

    pub(super) fn crashed(&self) -> Option<How> {
        let how = self.crashed.load(Ordering::Acquire);
        [How::Overflowed, How::PanickedAgain, How::Aborted].into_iter().find(|&it| it as u8 == how)
    }

    /// Lets its threads go no further than to their next operation.
    pub(super) fn give_up(&self, cause: Cause) -> Crash {
        self.given_up.store(true, Ordering::Relaxed);
        // The thread that crashed may have been writing there.
        let last = self.last.try_lock();
        let last = last.and_then(|last| {
            let (thread, place) = last.operation?;
            let name = last.threads.get(thread.index()).filter(|name| !name.is_empty());
            let name = name.map_or("main", String::as_str);
            Some(beacon::operation(name, place))
        });
        Crash { cause, last }
    }

    /// What was panicked last by a thread that was being unwound.
    pub(super) fn panic(&self) -> Option<String> {
        self.last.try_lock()?.panic.clone()
    }
}

/// The search that this OS thread is part of.
pub(crate) fn ward() -> Option<&'static Ward> {
    WARD.get()
}

/// This OS thread is part of the search from now on, or of none.
pub(crate) fn belong(ward: Option<&'static Ward>) {
    if let Some(ward) = ward {
        ward.threads.fetch_add(1, Ordering::Relaxed);
    }
    if let Some(before) = WARD.replace(ward) {
        before.threads.fetch_sub(1, Ordering::Release);
    }
}

/// Checked code moves from now on, or the engine does. A search that was given up stops here.
#[inline]
pub(crate) fn moves(is_of_the_model: bool) {
    if let Some(ward) = ward() {
        ward.pulse.store(ward.pulse().next(is_of_the_model).0, Ordering::Relaxed);
        while ward.given_up.load(Ordering::Relaxed) {
            thread::park();
        }
    }
}

/// A thread's operation takes effect.
#[inline]
pub(crate) fn note(thread: ThreadId, place: Place) {
    if let Some(ward) = ward() {
        ward.last.lock().operation = Some((thread, place));
    }
}

/// A thread has this name.
pub(crate) fn note_thread(thread: usize, name: &str) {
    if let Some(ward) = ward() {
        let threads = &mut ward.last.lock().threads;
        threads.resize(threads.len().max(thread + 1), String::new());
        name.clone_into(&mut threads[thread]);
    }
}

/// A thread that is being unwound panics again.
pub(crate) fn note_panic(panic: String) {
    if let Some(ward) = ward() {
        ward.last.lock().panic = Some(panic);
    }
}
