//! A search, as its OS threads and whoever waits for it see it.

use crate::apart::beacon::{after, operation};
use crate::trace::Place;
use crate::world::ThreadId;
use parking_lot::Mutex;
use std::any::Any;
use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;

thread_local! {
    /// Whether this OS thread was ever part of a search; a signal handler may ask.
    static ENTERED: Cell<bool> = const { Cell::new(false) };
    static SEARCH: OnceCell<Arc<Search>> = const { OnceCell::new() };
    static KEPT: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// How many searches there are.
static SEARCHES: AtomicUsize = AtomicUsize::new(0);

/// A search, for its OS threads and for whoever waits for it.
#[derive(Debug)]
pub(crate) struct Search {
    /// The place of the program that is checked.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there are no last words"))]
    program: Place,
    pulse: AtomicU64,
    given_up: AtomicBool,
    /// Why it cannot go on, once a thread of it has said so.
    lost: Mutex<Option<String>>,
    last: Mutex<Last>,
}

/// What was done last, and by whom.
#[derive(Debug, Default)]
struct Last {
    threads: Vec<String>,
    operation: Option<(ThreadId, Place)>,
    /// A thread that waits for ever in a run that was left, and where.
    left: Option<(ThreadId, Place)>,
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

impl Search {
    /// One for a check of the program at this place.
    pub(super) fn of(program: Place) -> Self {
        SEARCHES.fetch_add(1, Ordering::Relaxed);
        Self {
            program,
            pulse: AtomicU64::new(0),
            given_up: AtomicBool::new(false),
            lost: Mutex::default(),
            last: Mutex::default(),
        }
    }

    /// The search that this OS thread is part of.
    pub(crate) fn here() -> Option<Arc<Self>> {
        SEARCH.with(|search| search.get().cloned())
    }

    /// This OS thread is part of it from now on, until it ends.
    pub(crate) fn enter(self: Arc<Self>) {
        ENTERED.set(true);
        let entered = SEARCH.with(|search| search.set(self));
        entered.expect("a thread is part of one search");
    }

    /// The place of the program that is checked.
    #[cfg(unix)]
    pub(super) fn program(&self) -> Place {
        self.program
    }

    pub(super) fn pulse(&self) -> Pulse {
        Pulse(self.pulse.load(Ordering::Relaxed))
    }

    /// Lets its threads go no further than to their next operation.
    pub(super) fn give_up(&self) {
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// Why it cannot go on, if a thread of it has said so.
    pub(super) fn lost(&self) -> Option<String> {
        self.lost.lock().clone()
    }

    /// What the last operation was, in words to add. A signal handler may say them: they need no memory,
    /// and wait for nobody for long.
    pub(super) fn after(&self) -> impl fmt::Display {
        fmt::from_fn(|f| {
            // Another thread may be writing it down, or this one.
            let last = (0..1 << 16).find_map(|_| self.last.try_lock());
            let last = last.as_ref().and_then(|last| last.told());
            write!(f, "{}", after(last))
        })
    }

    /// Who may hold what is waited for, in words to add.
    pub(super) fn left(&self) -> String {
        let last = self.last.lock();
        let left = last.left.map(|left| last.words(left).to_string());
        left.map_or_else(String::new, |left| {
            format!("; an earlier run was left before {left}: a lock of std that this thread holds stays locked")
        })
    }

    #[inline]
    fn beat(&self, is_of_the_model: bool) {
        self.pulse.store(self.pulse().next(is_of_the_model).0, Ordering::Relaxed);
        if self.given_up.load(Ordering::Relaxed) {
            stop();
        }
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        SEARCHES.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Whether anything is being checked in this process.
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) fn is_searching() -> bool {
    SEARCHES.load(Ordering::Relaxed) > 0
}

impl Last {
    /// The last operation, by whose it was and where in the source.
    fn told(&self) -> Option<impl fmt::Display> {
        self.operation.map(|operation| self.words(operation))
    }

    fn words(&self, (thread, place): (ThreadId, Place)) -> impl fmt::Display {
        let name = self.threads.get(thread.index()).filter(|name| !name.is_empty());
        operation(name.map_or("main", String::as_str), place)
    }
}

/// This OS thread goes no further, and neither does its search: whoever waits for that is told why, in words
/// that go on from "cut short".
#[cold]
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) fn lose(why: &str) -> ! {
    with_search(|search| {
        search.lost.lock().get_or_insert_with(|| why.to_owned());
    });
    stop()
}

/// This OS thread goes no further.
#[cold]
pub(crate) fn stop() -> ! {
    loop {
        thread::park();
    }
}

#[inline]
fn with_search(look: impl FnOnce(&Search)) {
    let _ = SEARCH.try_with(|search| search.get().map(|search| look(search)));
}

/// The same for a signal handler, which may not be the first to look.
#[cfg(unix)]
pub(super) fn with_search_in_a_handler(look: impl FnOnce(&Search)) {
    if ENTERED.get() {
        with_search(look);
    }
}

/// Keeps something until this OS thread ends. If the thread runs checked code only later, it is dropped
/// after what that leaves in thread locals: std drops them in reverse order, without a promise to do so.
pub(crate) fn keep(value: impl Any) {
    KEPT.with_borrow_mut(|kept| kept.push(Box::new(value)));
}

/// Checked code moves from now on, or the engine does. A search that was given up stops here.
#[inline]
pub(crate) fn moves(is_of_the_model: bool) {
    with_search(|search| search.beat(is_of_the_model));
}

/// A thread's operation takes effect.
#[inline]
pub(crate) fn note(thread: ThreadId, place: Place) {
    with_search(|search| search.last.lock().operation = Some((thread, place)));
}

/// A thread has this name.
pub(crate) fn note_thread(thread: usize, name: &str) {
    with_search(|search| {
        let threads = &mut search.last.lock().threads;
        threads.resize(threads.len().max(thread + 1), String::new());
        name.clone_into(&mut threads[thread]);
    });
}

/// A thread comes no further than to this operation: its run is left, and its stack forgotten.
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) fn note_left(thread: ThreadId, place: Place) {
    with_search(|search| {
        search.last.lock().left.get_or_insert((thread, place));
    });
}
