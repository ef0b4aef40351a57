//! Who was started in a scope, and how each has ended.
//!
//! The thread with the scope decides by what its operations tell it what it does next. So it follows who was
//! started by whom: a thread that it has seen end has told it all of its own by then. The others' ends must tell
//! more than that they are there; see [`Ends::tell`].

use crate::sync::backend;
use crate::sync::stack::Stack;
use crate::sync::thread::Result;
use crate::trace::Place;
use crate::world::ThreadId;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::Thread;

/// The threads of one scope.
pub(super) struct Ends {
    /// Whose scope it is; nothing outside of every run.
    owner: Option<ThreadId>,
    /// The OS thread of the owner.
    real: Thread,
    /// How many have not been run and dropped.
    running: AtomicUsize,
    children: Mutex<Vec<Arc<Child>>>,
}

/// One of them.
pub(super) struct Child {
    /// Who started it.
    parent: Option<ThreadId>,
    /// The thread of a run that it is, once it has begun.
    begun: OnceLock<ThreadId>,
    /// Of one that belongs to a run, once it is started.
    handle: OnceLock<Arc<backend::JoinHandle<()>>>,
    has_returned: AtomicBool,
    /// Whether anybody has joined it, and whether the owner has.
    joined: AtomicBool,
    joined_by_owner: AtomicBool,
}

/// A thread that may use what it borrows, until this is dropped.
pub(super) struct Running {
    ends: Arc<Ends>,
    child: Arc<Child>,
}

impl Ends {
    pub(super) fn new() -> Self {
        Self {
            owner: here(),
            real: std::thread::current(),
            running: AtomicUsize::new(0),
            children: Mutex::default(),
        }
    }

    /// A thread is about to be started.
    pub(super) fn begin(self: &Arc<Self>) -> (Arc<Child>, Running) {
        let parent = here();
        assert!(
            parent.is_some() == self.owner.is_some(),
            "a thread is started in a scope of another run, or of none"
        );
        if parent.is_some_and(|parent| !self.knows(parent)) {
            backend::refuse(|| {
                "because a thread of an inner scope starts one in an outer scope, whose end cannot know of it: \
                 start it from a thread of the outer scope"
                    .to_owned()
            });
        }
        self.tell();
        let child = Arc::new(Child {
            parent,
            begun: OnceLock::new(),
            handle: OnceLock::new(),
            has_returned: AtomicBool::new(false),
            joined: AtomicBool::new(false),
            joined_by_owner: AtomicBool::new(false),
        });
        self.children.lock().push(Arc::clone(&child));
        self.running.fetch_add(1, Ordering::Relaxed);
        (Arc::clone(&child), Running { ends: Arc::clone(self), child })
    }

    /// Whether it is the owner, or was started here.
    fn knows(&self, thread: ThreadId) -> bool {
        let was_started = |child: &Arc<Child>| child.begun.get() == Some(&thread);
        self.owner == Some(thread) || self.children.lock().iter().any(was_started)
    }

    /// The thread that calls this has joined another one.
    pub(super) fn has_joined(&self, child: &Child) {
        self.tell();
        child.joined.store(true, Ordering::Relaxed);
        if here() == self.owner {
            child.joined_by_owner.store(true, Ordering::Relaxed);
        }
    }

    /// What another thread than the owner has done here decides what the owner does at the end of the scope.
    fn tell(&self) {
        if self.owner.is_some() && here() != self.owner {
            backend::end_tells();
        }
    }

    /// Waits until nobody uses any more what is borrowed.
    pub(super) fn wait(&self, place: Place) -> Result<()> {
        let joined = Stack::at_any_depth(|| {
            catch_unwind(AssertUnwindSafe(|| {
                if self.owner.is_some() {
                    self.join_all(place);
                }
            }))
        });
        while self.running.load(Ordering::Acquire) > 0 && self.others_go_on() {}
        joined
    }

    fn others_go_on(&self) -> bool {
        if self.owner.is_some() {
            return backend::let_others_end();
        }
        std::thread::park();
        true
    }

    /// In the order in which they were started, as far as the owner knows it.
    fn join_all(&self, place: Place) {
        let mut next = VecDeque::from(self.children_of(self.owner));
        while let Some(child) = next.pop_front() {
            let Some(handle) = child.handle.get() else { continue };
            if !child.joined_by_owner.load(Ordering::Relaxed) {
                handle.wait(place);
            }
            next.extend(self.children_of(Some(handle.id())));
        }
    }

    fn children_of(&self, parent: Option<ThreadId>) -> Vec<Arc<Child>> {
        let children = self.children.lock();
        children.iter().filter(|child| child.parent == parent).cloned().collect()
    }

    /// Whether one has that nobody joined; all have ended.
    pub(super) fn has_panicked(&self) -> bool {
        let lost = |child: &Arc<Child>| {
            !child.has_returned.load(Ordering::Relaxed) && !child.joined.load(Ordering::Relaxed)
        };
        self.children.lock().iter().any(lost)
    }
}

impl Child {
    /// It is started, and whoever has this may wait for it.
    pub(super) fn is_joined_by(
        &self,
        handle: backend::JoinHandle<()>,
    ) -> Arc<backend::JoinHandle<()>> {
        Arc::clone(self.handle.get_or_init(|| Arc::new(handle)))
    }

    /// The system did not start it.
    pub(super) fn has_not_begun(&self) {
        self.has_returned.store(true, Ordering::Relaxed);
    }
}

impl Running {
    /// The thread has begun.
    pub(super) fn begins(&self) {
        if let Some(thread) = here() {
            self.child.begun.get_or_init(|| thread);
        }
    }

    /// The thread is about to return this, which whoever joins it is told.
    pub(super) fn returns<T>(&self, value: &T) {
        if self.ends.owner.is_some() && size_of_val(value) > 0 {
            backend::end_tells();
        }
    }

    /// The thread has not panicked.
    pub(super) fn has_returned(&self) {
        self.child.has_returned.store(true, Ordering::Relaxed);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever looks at the count sees what was written before.
        if self.ends.running.fetch_sub(1, Ordering::Release) == 1 {
            self.ends.real.unpark();
        }
    }
}

/// The thread of the run that calls this, if one does.
fn here() -> Option<ThreadId> {
    backend::is_checking().then(backend::current)
}
