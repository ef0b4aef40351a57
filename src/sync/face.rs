//! What is real outside of every run, and belongs to a run inside of one.

use super::Name;
use super::backend::{self, Guarded};
use super::refusal::Stray;
use crate::trace::Place;
use crate::world::{Kind, Primitive};
use std::fmt::{self, Debug};
use std::ops::Deref;
use std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};
use std::time::{Duration, Instant};

/// Where a primitive is: `R` is the real one.
#[derive(Debug)]
pub(super) enum Face<R, P: Primitive> {
    /// It was made outside of every run.
    Real(R, Place),
    /// It belongs to a run.
    Checked(Guarded<P>),
}

impl<R, P: Primitive> Face<R, P> {
    #[track_caller]
    pub(super) fn new(
        real: impl FnOnce() -> R,
        first: impl FnOnce() -> P::State,
        name: Name,
        place: Place,
    ) -> Self {
        if backend::is_checking() {
            Self::Checked(Guarded::new(first(), name, place))
        } else {
            Self::Real(real(), place)
        }
    }

    /// The same, for who uses it there.
    #[track_caller]
    pub(super) fn used_at(&self, used: Place) -> &Self {
        if let Self::Real(_, made) = *self {
            refuse_in_a_run(P::KIND, made, used);
        }
        self
    }
}

/// What was made outside of every run takes no part in one.
#[track_caller]
#[inline]
pub(super) fn refuse_in_a_run(kind: Kind, made: Place, used: Place) {
    if backend::is_checking() {
        backend::refuse_real(Stray { kind, name: None, made, used });
    }
}

/// What was had, as std hands it out.
pub(super) fn result<T>(had: T, is_poisoned: bool) -> LockResult<T> {
    if is_poisoned { Err(PoisonError::new(had)) } else { Ok(had) }
}

/// What was had, made into something else, however the data were left.
pub(super) fn map<T, U>(had: LockResult<T>, f: impl FnOnce(T) -> U) -> LockResult<U> {
    match had {
        Ok(had) => Ok(f(had)),
        Err(error) => Err(PoisonError::new(f(error.into_inner()))),
    }
}

/// Likewise, of what was tried.
pub(super) fn map_tried<T, U>(tried: TryLockResult<T>, f: impl FnOnce(T) -> U) -> TryLockResult<U> {
    match tried {
        Ok(had) => Ok(f(had)),
        Err(TryLockError::Poisoned(error)) => Ok(map(Err(error), f)?),
        Err(TryLockError::WouldBlock) => Err(TryLockError::WouldBlock),
    }
}

/// Shows what a lock guards, as std does: by what came of trying to take it.
pub(super) fn show<G: Deref<Target: Debug>>(
    f: &mut fmt::Formatter<'_>,
    lock: &str,
    tried: TryLockResult<G>,
    is_poisoned: impl FnOnce() -> bool,
) -> fmt::Result {
    let mut shown = f.debug_struct(lock);
    let poisoned = match tried {
        Ok(guard) => {
            shown.field("data", &&*guard);
            false
        }
        Err(TryLockError::Poisoned(error)) => {
            shown.field("data", &&**error.get_ref());
            true
        }
        Err(TryLockError::WouldBlock) => {
            shown.field("data", &format_args!("<locked>"));
            is_poisoned()
        }
    };
    shown.field("poisoned", &poisoned).finish_non_exhaustive()
}

/// How long a thread waits before it tries again.
const PAUSE: Duration = Duration::from_micros(100);

/// Tries until it is had, for at most this long: std has no lock that gives up.
pub(super) fn try_for<T>(
    timeout: Duration,
    mut attempt: impl FnMut() -> TryLockResult<T>,
) -> TryLockResult<T> {
    let deadline = Instant::now().checked_add(timeout);
    loop {
        match attempt() {
            Err(TryLockError::WouldBlock) if deadline.is_none_or(|end| Instant::now() < end) => {
                std::thread::sleep(PAUSE);
            }
            tried => return tried,
        }
    }
}
