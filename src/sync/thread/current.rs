//! Who a thread is, and its token to go on.

use super::Name;
use crate::sync::backend::{self, Guarded};
use crate::trace::{Maker, Place};
use crate::world::{self, ParkerId, ParkerOp};
use std::cell::RefCell;
use std::fmt::{self, Debug};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

thread_local! {
    /// The threads of the run under way that are known here, by whom the world knows them as.
    static KNOWN: RefCell<Vec<(world::ThreadId, Thread)>> = const { RefCell::new(Vec::new()) };
}

/// A handle to a thread.
///
/// ```
/// use tellers::sync::thread;
///
/// let teller = thread::spawn_named("teller", thread::park);
/// let thread = teller.thread().clone();
/// assert_eq!(thread.name(), Some("teller"));
/// thread.unpark();
/// assert!(teller.join().is_ok());
/// ```
#[derive(Clone)]
pub struct Thread(Face);

#[derive(Clone)]
enum Face {
    /// Of no run.
    Real(std::thread::Thread),
    /// Of a run.
    Checked(Arc<Checked>),
}

struct Checked {
    name: Name,
    id: OnceLock<world::ThreadId>,
    /// Made when somebody first asks for it.
    parker: OnceLock<Guarded<ParkerId>>,
}

/// Tells a thread from all others.
///
/// ```
/// use tellers::sync::thread;
///
/// let own = thread::current().id();
/// assert_eq!(own, thread::current().id());
/// assert_ne!(own, thread::spawn(|| thread::current().id()).join().unwrap());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ThreadId(Id);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Id {
    Real(std::thread::ThreadId),
    Checked(usize),
}

impl Thread {
    /// Its identity.
    pub fn id(&self) -> ThreadId {
        ThreadId(match &self.0 {
            Face::Real(thread) => Id::Real(thread.id()),
            Face::Checked(checked) => Id::Checked(checked.id().index()),
        })
    }

    /// The name that it was given, if it was.
    pub fn name(&self) -> Option<&str> {
        match &self.0 {
            Face::Real(thread) => thread.name(),
            Face::Checked(checked) => checked.name.as_deref(),
        }
    }

    /// Gives it its token, if it does not have it: it need not wait when it next parks.
    #[track_caller]
    pub fn unpark(&self) {
        match &self.0 {
            Face::Real(thread) => thread.unpark(),
            Face::Checked(checked) => checked.perform(ParkerOp::Unpark, Place::caller(), None),
        }
    }

    /// One of a run, that is about to be started.
    pub(super) fn begun(name: Name) -> Self {
        Self(Face::Checked(Arc::new(Checked {
            name,
            id: OnceLock::new(),
            parker: OnceLock::new(),
        })))
    }

    /// One of no run.
    pub(super) fn real(thread: &std::thread::Thread) -> Self {
        Self(Face::Real(thread.clone()))
    }

    /// The world knows it as this.
    pub(super) fn is(&self, id: world::ThreadId) {
        if let Face::Checked(checked) = &self.0 {
            let _ = checked.id.set(id);
        }
    }

    /// It is the one that calls this.
    pub(super) fn is_here(&self) {
        let id = backend::current();
        self.is(id);
        KNOWN.with_borrow_mut(|known| known.push((id, self.clone())));
    }
}

impl Checked {
    fn id(&self) -> world::ThreadId {
        *self.id.get().expect("a thread is known once it is started")
    }

    #[track_caller]
    fn perform(&self, deed: ParkerOp, place: Place, within: Option<Duration>) {
        let parker = self.parker.get_or_init(|| Guarded::new(false, Maker::Of(self.id()), place));
        parker.perform(deed, place, within);
    }
}

/// As std's: whoever is who it says has the same identity.
impl Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Thread");
        shown.field("id", &self.id()).field("name", &self.name()).finish_non_exhaustive()
    }
}

/// The thread that calls this.
///
/// ```
/// use tellers::sync::thread;
///
/// tellers::check(|| {
///     assert_eq!(thread::current().name(), Some("main"));
///     let teller = thread::spawn_named("teller", thread::current);
///     let id = teller.thread().id();
///     assert_eq!(teller.join().unwrap().id(), id);
/// });
/// ```
pub fn current() -> Thread {
    if !backend::is_checking() {
        return Thread(Face::Real(std::thread::current()));
    }
    let id = backend::current();
    let known = KNOWN.with_borrow(|known| {
        known.iter().rev().find(|(known, _)| *known == id).map(|(_, thread)| thread.clone())
    });
    known.unwrap_or_else(|| {
        let name = (id == world::ThreadId::MAIN).then(|| "main".into());
        let thread = Thread::begun(name);
        thread.is_here();
        thread
    })
}

/// Takes the thread's token, and waits until it is there; it may go on without.
///
/// ```
/// use tellers::sync::atomic::{AtomicBool, Ordering::SeqCst};
/// use tellers::sync::thread;
///
/// let open = AtomicBool::new(false);
/// let seen = thread::scope(|s| {
///     let teller = s.spawn(|| {
///         while !open.load(SeqCst) {
///             thread::park();
///         }
///         open.load(SeqCst)
///     });
///     open.store(true, SeqCst);
///     teller.thread().unpark();
///     teller.join().unwrap()
/// });
/// assert!(seen);
/// ```
#[track_caller]
pub fn park() {
    parked(ParkerOp::Park, None, Place::caller());
}

/// Takes the thread's token, and waits at most this long until it is there; it may go on without.
///
/// ```
/// use std::time::{Duration, Instant};
/// use tellers::sync::thread;
///
/// let (before, long) = (Instant::now(), Duration::from_secs(600));
/// thread::current().unpark();
/// thread::park_timeout(long);
/// assert!(before.elapsed() < long);
/// ```
#[track_caller]
pub fn park_timeout(timeout: Duration) {
    parked(ParkerOp::ParkTimeout, Some(timeout), Place::caller());
}

#[track_caller]
fn parked(deed: ParkerOp, within: Option<Duration>, place: Place) {
    match (current().0, within) {
        (Face::Checked(checked), _) => checked.perform(deed, place, within),
        (Face::Real(_), None) => std::thread::park(),
        (Face::Real(_), Some(timeout)) => std::thread::park_timeout(timeout),
    }
}

/// The thread that moves has come to its end.
#[cfg(any(loom, feature = "shuttle"))]
pub(in crate::sync) fn forget() {
    let id = backend::current();
    KNOWN.with_borrow_mut(|known| known.retain(|(known, _)| *known != id));
    super::values::forget(id);
}

/// A run begins.
#[cfg(any(loom, feature = "shuttle"))]
pub(in crate::sync) fn forget_all() {
    KNOWN.take();
    super::values::forget_all();
}
