//! std's `Once`, and how anything is initialised once.

use super::Name;
use super::backend::Guarded;
use super::face::{Face, Used};
use crate::trace::Place;
use crate::world::{DataId, OnceId, OnceOp, Outcome, Progress};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::panic::{RefUnwindSafe, UnwindSafe};

/// [`std::sync::Once`], poisoning included.
///
/// In a checked closure it belongs to the run; anywhere else it is the real thing.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{Mutex, Once, thread};
///
/// tellers::check(|| {
///     let vault = Arc::new((Once::new(), Mutex::new(0)));
///     let open = |vault: &(Once, Mutex<u32>)| vault.0.call_once(|| *vault.1.lock().unwrap() += 1);
///     let theirs = Arc::clone(&vault);
///     let teller = thread::spawn(move || open(&theirs));
///     open(&vault);
///     assert_eq!(*vault.1.lock().unwrap(), 1);
///     teller.join().unwrap();
/// });
/// # }
/// ```
pub struct Once(Face<std::sync::Once, OnceId>);

/// What who initialises something is told of it.
///
/// ```
/// use std::panic::catch_unwind;
///
/// let vault = tellers::sync::Once::new();
/// vault.call_once_force(|state| assert!(!state.is_poisoned()));
///
/// let vault = tellers::sync::Once::new();
/// assert!(catch_unwind(|| vault.call_once(|| panic!("no key"))).is_err());
/// vault.call_once_force(|state| assert!(state.is_poisoned()));
/// assert!(vault.is_completed());
/// ```
pub struct OnceState {
    is_poisoned: bool,
}

impl UnwindSafe for Once {}
impl RefUnwindSafe for Once {}

impl Once {
    /// Something that nobody has initialised, called by the place that makes it.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "std's has none")]
    pub fn new() -> Self {
        Self::made(None, Place::caller())
    }

    /// Something that nobody has initialised, for a static, called by the place where that is.
    #[track_caller]
    pub const fn const_new() -> Self {
        Self(Face::of_static(std::sync::Once::new(), Place::caller()))
    }

    /// Something with a name that nobody has initialised.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self::made(Some(name.into()), Place::caller())
    }

    #[track_caller]
    fn made(name: Name, place: Place) -> Self {
        Self(Face::new(std::sync::Once::new, Progress::default, name, place))
    }

    #[track_caller]
    fn used_at(&self, place: Place) -> Used<'_, std::sync::Once, OnceId> {
        self.0.used_at(place, |real| {
            if real.is_completed() { Progress::Complete(DataId::NONE) } else { Progress::Unbegun }
        })
    }

    /// Calls `f` if nobody has called anything here; waits while somebody does.
    ///
    /// # Panics
    /// If what somebody called here has panicked.
    #[track_caller]
    pub fn call_once(&self, f: impl FnOnce()) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.call_once(f),
            Used::Checked(object) => {
                let came = first(&object, (OnceOp::Begin, OnceOp::Poison), place, |_| valueless(f));
                refuse_poison(came);
            }
        }
    }

    /// As [`call_once`](Self::call_once), though what somebody called here may have panicked; `f` is told
    /// whether it has.
    #[track_caller]
    pub fn call_once_force(&self, f: impl FnOnce(&OnceState)) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.call_once_force(|state| {
                f(&OnceState { is_poisoned: state.is_poisoned() });
            }),
            Used::Checked(object) => {
                first(&object, (OnceOp::BeginAgain, OnceOp::Poison), place, |is_poisoned| {
                    valueless(|| f(&OnceState { is_poisoned }))
                });
            }
        }
    }

    /// Whether something that was called here has returned.
    #[track_caller]
    pub fn is_completed(&self) -> bool {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.is_completed(),
            Used::Checked(object) => {
                object.perform(OnceOp::IsCompleted, place, None) == Outcome::Is(true)
            }
        }
    }

    /// Waits until something that was called here has returned.
    ///
    /// # Panics
    /// If what somebody called here has panicked.
    #[track_caller]
    pub fn wait(&self) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.wait(),
            Used::Checked(object) => refuse_poison(object.perform(OnceOp::Wait, place, None)),
        }
    }

    /// Waits until something that was called here has returned, whatever has panicked before.
    #[track_caller]
    pub fn wait_force(&self) {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(real) => real.wait_force(),
            Used::Checked(object) => drop(object.perform(OnceOp::WaitOn, place, None)),
        }
    }
}

fn valueless(f: impl FnOnce()) -> DataId {
    f();
    DataId::NONE
}

#[track_caller]
fn refuse_poison(came: Outcome) {
    assert!(!is_poisoned(came), "Once instance has previously been poisoned");
}

/// Whether a panic kept somebody from initialising what this was the answer of.
pub(super) fn is_poisoned(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Had { is_poisoned: true, .. })
}

/// Begins, and has `f` initialise it if nobody else has or does; `f` is told whether a panic kept somebody
/// from it. To begin again is to do so in spite of that; if `f` panics, the second operation is performed.
#[track_caller]
pub(super) fn first(
    object: &Guarded<OnceId>,
    (begin, end): (OnceOp, OnceOp),
    place: Place,
    f: impl FnOnce(bool) -> DataId,
) -> Outcome {
    let came = object.perform(begin, place, None);
    let again = begin == OnceOp::BeginAgain && is_poisoned(came);
    if came == Outcome::Acquired || again {
        let mut running = Running { object, end, place };
        running.end = OnceOp::Complete(f(again));
    }
    came
}

/// Ends the initialisation when it is dropped.
struct Running<'a> {
    object: &'a Guarded<OnceId>,
    end: OnceOp,
    place: Place,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.object.perform(self.end, self.place, None);
    }
}

impl OnceState {
    /// Whether what somebody called here before has panicked.
    pub fn is_poisoned(&self) -> bool {
        self.is_poisoned
    }
}

impl Debug for Once {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}

impl Debug for OnceState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OnceState").field("poisoned", &self.is_poisoned()).finish()
    }
}
