//! What a search and whoever waits for it know of each other.

use super::crash::{Cause, Crash};
use super::member::ward;
#[cfg(target_os = "linux")]
use super::memory;
use crate::apart::beacon;
use crate::trace::Place;
use crate::world::ThreadId;
use parking_lot::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::thread;

/// A search, for whoever waits for it or looks at what it has left. It lives for ever, since its threads may; once nobody has to do with it
/// any more, it serves the next search.
#[derive(Debug, Default)]
pub(crate) struct Ward {
    /// How many have to do with it: its OS threads, and whoever waits for it.
    members: AtomicUsize,
    /// How many of its OS threads go no further, and stay for ever.
    stopped: AtomicUsize,
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
    panicked_again: Option<Panic>,
}

/// A panic of a thread that was being unwound: what it said, if checked code said it.
pub(super) type Panic = Option<String>;

/// How a search crashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum How {
    /// It overflowed a stack.
    Overflowed = 1,
    /// It aborted.
    Aborted,
    /// It aborted while a thread was being unwound, perhaps because that panicked again.
    AbortedUnwinding,
    /// It aborted while memory was refused.
    Refused,
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

/// How many searches there are.
static IN_USE: AtomicUsize = AtomicUsize::new(0);

/// Those that no search needs.
static IDLE: Mutex<Vec<&'static Ward>> = Mutex::new(Vec::new());

impl Ward {
    pub(super) fn take() -> &'static Self {
        IN_USE.fetch_add(1, Ordering::Relaxed);
        IDLE.lock().pop().unwrap_or_else(|| Box::leak(Box::default()))
    }

    /// One more belongs to its search.
    pub(super) fn join(&self) {
        self.members.fetch_add(1, Ordering::Relaxed);
    }

    /// One has nothing to do with its search any more; after the last one it is idle.
    pub(super) fn leave(&'static self) {
        if self.members.fetch_sub(1, Ordering::AcqRel) > 1 {
            return;
        }
        *self.last.lock() = Last::default();
        // None of them has stopped: it would still be a member.
        self.crashed.store(0, Ordering::Relaxed);
        self.pulse.store(0, Ordering::Relaxed);
        self.given_up.store(false, Ordering::Relaxed);
        IDLE.lock().push(self);
        IN_USE.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn pulse(&self) -> Pulse {
        Pulse(self.pulse.load(Ordering::Relaxed))
    }

    /// Says that the thread that calls this goes no further; a signal handler may.
    #[cfg(unix)]
    pub(super) fn crash(&self, how: How) {
        self.crashed.store(how as u8, Ordering::Release);
        self.stopped.fetch_add(1, Ordering::Release);
    }

    /// How it has crashed since this was last asked.
    pub(super) fn take_crash(&self) -> Option<How> {
        let how = self.crashed.swap(0, Ordering::Acquire);
        let all = [How::Overflowed, How::Aborted, How::AbortedUnwinding, How::Refused];
        all.into_iter().find(|&it| it as u8 == how)
    }

    #[cfg(target_os = "linux")]
    pub(super) fn stopped(&self) -> usize {
        self.stopped.load(Ordering::Acquire)
    }

    /// Whether OS threads of it may still go on, seen by the one other member. A thread that stopped had
    /// its children join before, so `stopped` is read first.
    #[cfg(target_os = "linux")]
    pub(super) fn goes_on(&self) -> bool {
        let stopped = self.stopped();
        self.members.load(Ordering::Acquire) > 1 + stopped
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

    /// Stops if it was given up, and waits while another may be who takes too much memory.
    #[inline]
    fn pass(&self) {
        if self.given_up.load(Ordering::Relaxed) {
            self.stop();
        }
        #[cfg(target_os = "linux")]
        if memory::refuses() && IN_USE.load(Ordering::Relaxed) > 1 {
            self.stand_back();
        }
    }

    /// Checked code does not move meanwhile.
    #[cold]
    #[cfg(target_os = "linux")]
    fn stand_back(&self) {
        let before = self.pulse();
        self.pulse.store(before.next(false).0, Ordering::Relaxed);
        memory::stand_back();
        self.pulse.store(before.next(before.is_of_the_model()).0, Ordering::Relaxed);
    }

    #[cold]
    fn stop(&self) -> ! {
        self.stopped.fetch_add(1, Ordering::Release);
        loop {
            thread::park();
        }
    }

    /// The last panic of a thread that was being unwound.
    pub(super) fn panicked_again(&self) -> Option<Panic> {
        self.last.try_lock()?.panicked_again.clone()
    }
}

/// Checked code moves from now on, or the engine does. A search that was given up stops here, and one that
/// takes no memory waits while another is refused it.
#[inline]
pub(crate) fn moves(is_of_the_model: bool) {
    if let Some(ward) = ward() {
        ward.pulse.store(ward.pulse().next(is_of_the_model).0, Ordering::Relaxed);
        ward.pass();
    }
}

/// A search that was given up stops here, and one that takes no memory waits while another is refused it.
#[inline]
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) fn pass() {
    if let Some(ward) = ward() {
        ward.pass();
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

/// A thread that is being unwound panics again; with this, unless it is Rust's library that says so.
pub(crate) fn note_panic(panic: Option<String>) {
    if let Some(ward) = ward() {
        let known = &mut ward.last.lock().panicked_again;
        *known = Some(panic.or_else(|| known.take().flatten()));
    }
}
