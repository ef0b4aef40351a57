//! std's barrier.

use super::Name;
use super::face::{Face, Used};
use crate::trace::Place;
use crate::world::{BarrierId, BarrierOp, BarrierState, Outcome};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::panic::{RefUnwindSafe, UnwindSafe};

/// [`std::sync::Barrier`].
///
/// In a checked closure it belongs to the run; anywhere else it is the real thing. Any of those that it lets
/// go together may be their leader.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{Barrier, Mutex, thread};
///
/// tellers::check(|| {
///     let opening = Arc::new((Mutex::new(0), Barrier::new(2)));
///     let theirs = Arc::clone(&opening);
///     let teller = thread::spawn(move || {
///         *theirs.0.lock().unwrap() += 1;
///         theirs.1.wait();
///     });
///     opening.1.wait();
///     assert_eq!(*opening.0.lock().unwrap(), 1);
///     teller.join().unwrap();
/// });
/// # }
/// ```
pub struct Barrier {
    face: Face<std::sync::Barrier, BarrierId>,
    /// How many threads it lets go together.
    n: usize,
}

/// Whether a thread is the leader of those that were let go together.
///
/// ```
/// use tellers::sync::{Barrier, thread};
///
/// let opening = Barrier::new(2);
/// let leads = || opening.wait().is_leader();
/// let both = thread::scope(|s| {
///     let other = s.spawn(leads);
///     [leads(), other.join().unwrap()]
/// });
/// assert_eq!(both.into_iter().filter(|&leads| leads).count(), 1);
/// ```
pub struct BarrierWaitResult(bool);

impl UnwindSafe for Barrier {}
impl RefUnwindSafe for Barrier {}

impl Barrier {
    /// A barrier that lets so many threads go together, called by the place that makes it; one that is for
    /// none is for one.
    #[track_caller]
    pub fn new(n: usize) -> Self {
        Self::made(n, None, Place::caller())
    }

    /// A barrier for a static, called by the place where that is.
    #[track_caller]
    pub const fn const_new(n: usize) -> Self {
        Self { face: Face::of_static(std::sync::Barrier::new(n), Place::caller()), n }
    }

    /// A barrier with a name.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, n: usize) -> Self {
        Self::made(n, Some(name.into()), Place::caller())
    }

    #[track_caller]
    fn made(n: usize, name: Name, place: Place) -> Self {
        Self {
            face: Face::new(|| std::sync::Barrier::new(n), || BarrierState::new(n), name, place),
            n,
        }
    }

    /// Waits until so many threads wait.
    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let place = Place::caller();
        match self.face.used_at(place, |_| BarrierState::new(self.n)) {
            Used::Real(real) => BarrierWaitResult(real.wait().is_leader()),
            Used::Checked(object) => {
                object.perform(BarrierOp::Arrive, place, None);
                let outcome = object.perform(BarrierOp::Leave, place, None);
                BarrierWaitResult(outcome == Outcome::Is(true))
            }
        }
    }
}

impl BarrierWaitResult {
    /// Whether it is; one of them is.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier").finish_non_exhaustive()
    }
}

impl Debug for BarrierWaitResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BarrierWaitResult").field("is_leader", &self.is_leader()).finish()
    }
}
