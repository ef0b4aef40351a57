//! What is real outside of every run, and belongs to a run inside of one.

use super::Name;
use super::backend::{self, Guarded};
use super::outside::Outside;
use crate::trace::{Maker, Place};
use crate::world::Primitive;
use std::fmt::{self, Debug};
use std::ops::Deref;
use std::sync::{Arc, LockResult, PoisonError, TryLockError, TryLockResult};
use std::time::{Duration, Instant};

/// Where a primitive is: `R` is the real one.
#[derive(Debug)]
pub(super) enum Face<R, P: Primitive> {
    /// It was made outside of every run.
    Real(R, Outside),
    /// It belongs to a run.
    Checked(Guarded<P>),
}

/// Makes what is beside what stands for a primitive, in each run anew.
pub(super) type Beside<D> = Box<dyn Fn() -> D + Send>;

/// What a primitive is to whoever uses it now.
pub(super) enum Used<'a, R, P: Primitive, D = ()> {
    /// The real one.
    Real(&'a R),
    /// One of the run under way.
    Checked(InRun<'a, P, D>),
}

/// A primitive of the run under way.
pub(super) enum InRun<'a, P: Primitive, D = ()> {
    /// It was made there.
    Made(&'a Guarded<P>),
    /// It stands for one that was made outside, and this beside it for what that has.
    StandsFor(Arc<(Guarded<P>, D)>),
}

impl<P: Primitive, D> InRun<'_, P, D> {
    /// What is beside one that stands for another.
    pub(super) fn beside(&self) -> Option<&D> {
        match self {
            Self::Made(_) => None,
            Self::StandsFor(both) => Some(&both.1),
        }
    }
}

impl<P: Primitive, D> Deref for InRun<'_, P, D> {
    type Target = Guarded<P>;

    fn deref(&self) -> &Guarded<P> {
        match self {
            Self::Made(object) => object,
            Self::StandsFor(both) => &both.0,
        }
    }
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
            Self::Checked(Guarded::new(first(), Maker::Mover(name), place))
        } else {
            Self::Real(real(), Outside::new(place))
        }
    }

    /// That of a static.
    pub(super) const fn of_static(real: R, place: Place) -> Self {
        Self::Real(real, Outside::of_static(place))
    }

    /// What it is for who uses it there; `first` is the state in which a run finds the real one.
    #[track_caller]
    #[inline]
    pub(super) fn used_at(
        &self,
        used: Place,
        first: impl FnOnce(&R) -> P::State,
    ) -> Used<'_, R, P> {
        self.used_with(used, |real| (first(real), Box::new(|| ())))
    }

    /// The same, with something that stands for what the real one has.
    #[track_caller]
    #[inline]
    pub(super) fn used_with<D: Send + Sync + 'static>(
        &self,
        used: Place,
        find: impl FnOnce(&R) -> (P::State, Beside<D>),
    ) -> Used<'_, R, P, D> {
        match self {
            Self::Checked(object) => Used::Checked(InRun::Made(object)),
            Self::Real(real, outside) if !outside.is_in_run(P::KIND, used) => Used::Real(real),
            Self::Real(real, outside) => {
                let place = outside.place();
                Used::Checked(InRun::StandsFor(outside.stand_in(|| {
                    let (first, beside) = find(real);
                    move |number| (Guarded::new(first, Maker::Outside(number), place), beside())
                })))
            }
        }
    }

    /// The real one, which nobody else can reach; nothing if it belongs to a run. No run has one to itself that was
    /// made outside.
    #[track_caller]
    pub(super) fn had_alone(&self, used: Place) -> Option<&R> {
        let Self::Real(real, outside) = self else { return None };
        outside.is_had_alone(P::KIND, used);
        Some(real)
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

/// For so long a run waits for what somebody outside uses: another check may look at it just then.
pub(super) const IN_USE: Duration = Duration::from_secs(1);

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
