//! std's lock for many readers or one writer.

mod guards;

use super::data::{Had, Keeper, Kept, Real};
use super::face::{IN_USE, map, map_tried, show, try_for};
use super::plain::Teller;
use crate::trace::Place;
use crate::world::{DataId, Outcome, RwLockId, RwLockOp, RwLockState};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{LockResult, TryLockError, TryLockResult};
use std::time::Duration;

pub use guards::{RwLockReadGuard, RwLockWriteGuard};

/// [`std::sync::RwLock`], poisoning included.
///
/// In a checked closure it belongs to the run, and whoever reads or writes is told its data, as of a
/// [`Mutex`](super::Mutex); anywhere else it is the real thing. A reader may be let in past a writer that waits, and
/// cannot count on it: a thread that reads twice may wait for ever.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{RwLock, thread};
///
/// tellers::check(|| {
///     let rates = Arc::new(RwLock::new((3, 3)));
///     let theirs = Arc::clone(&rates);
///     let audit = thread::spawn(move || {
///         let rates = theirs.read().unwrap();
///         assert_eq!(rates.0, rates.1);
///     });
///     *rates.write().unwrap() = (4, 4);
///     audit.join().unwrap();
/// });
/// # }
/// ```
pub struct RwLock<T: ?Sized> {
    kept: Kept<std::sync::RwLock<()>, RwLockId, T>,
}

impl Keeper for RwLockId {
    const WHOSE: &'static str = "rwlock";
    const INSPECT: RwLockOp = RwLockOp::Inspect;
    const LEND: RwLockOp = RwLockOp::Lend;

    fn change(data: DataId) -> RwLockOp {
        RwLockOp::Change(data)
    }

    fn first(data: DataId, is_poisoned: bool) -> RwLockState {
        RwLockState { data, is_poisoned, ..RwLockState::default() }
    }
}

impl Real for std::sync::RwLock<()> {
    fn is_poisoned(&self) -> bool {
        self.is_poisoned()
    }

    fn while_taken<T>(&self, f: impl FnOnce() -> T) -> Option<T> {
        let _taken = match try_for(IN_USE, || self.try_write()) {
            Ok(taken) => taken,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(f())
    }
}

// SAFETY: as of std's, whose data are reached in the same way: by one thread that writes, or by some that read.
unsafe impl<T: ?Sized + Send> Send for RwLock<T> {}
// SAFETY: likewise.
unsafe impl<T: ?Sized + Send + Sync> Sync for RwLock<T> {}

impl<T: ?Sized> UnwindSafe for RwLock<T> {}
impl<T: ?Sized> RefUnwindSafe for RwLock<T> {}

impl<T> RwLock<T> {
    /// A lock with these data, called by the place that makes it.
    #[track_caller]
    pub fn new(data: T) -> Self {
        Self { kept: Kept::new(data, Teller::plain::<T>(), None, Place::caller()) }
    }

    /// A lock with these data, for a static, as of [`Mutex::const_new`](super::Mutex::const_new).
    ///
    /// ```
    /// use tellers::sync::RwLock;
    ///
    /// static RATE: RwLock<u32> = RwLock::const_new(3);
    ///
    /// *RATE.write().unwrap() += 1;
    /// assert_eq!(*RATE.read().unwrap(), 4);
    /// ```
    #[track_caller]
    pub const fn const_new(data: T) -> Self {
        Self { kept: Kept::of_static(std::sync::RwLock::new(()), data, Place::caller()) }
    }

    /// A lock with a name and these data.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, data: T) -> Self {
        Self { kept: Kept::new(data, Teller::plain::<T>(), Some(name.into()), Place::caller()) }
    }

    /// A lock whose data are told by a key, as of [`Mutex::keyed`](super::Mutex::keyed).
    #[track_caller]
    pub fn keyed<K: Hash + Debug + 'static>(
        data: T,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        Self { kept: Kept::new(data, Teller::keyed(key), None, Place::caller()) }
    }

    /// The data, of a lock that nobody else has any more.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn into_inner(self) -> LockResult<T> {
        self.kept.into_inner(Place::caller())
    }
}

impl<T: ?Sized> RwLock<T> {
    /// Waits while somebody writes, and reads.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => {
                map(real.read(), |real| RwLockReadGuard::of_real(real, data, place))
            }
            Had::Checked(lent) => {
                let outcome = lent.perform(RwLockOp::Read, place, None);
                RwLockReadGuard::told(lent, outcome, place)
            }
        }
    }

    /// Reads if nobody writes.
    ///
    /// # Errors
    /// If somebody does, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => {
                map_tried(real.try_read(), |real| RwLockReadGuard::of_real(real, data, place))
            }
            Had::Checked(lent) => match lent.perform(RwLockOp::TryRead, place, None) {
                Outcome::Is(_) => Err(TryLockError::WouldBlock),
                outcome => Ok(RwLockReadGuard::told(lent, outcome, place)?),
            },
        }
    }

    /// Reads if it need wait at most this long; parking_lot's. In a run, whether it was long enough is a free
    /// choice of the scheduler.
    ///
    /// # Errors
    /// If somebody wrote all the time, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_read_for(&self, timeout: Duration) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => {
                let tried = try_for(timeout, || real.try_read());
                map_tried(tried, |real| RwLockReadGuard::of_real(real, data, place))
            }
            Had::Checked(lent) => match lent.perform(RwLockOp::TryReadFor, place, Some(timeout)) {
                Outcome::TimedOut => Err(TryLockError::WouldBlock),
                outcome => Ok(RwLockReadGuard::told(lent, outcome, place)?),
            },
        }
    }

    /// Waits while somebody reads or writes, and writes.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => {
                map(real.write(), |real| RwLockWriteGuard::of_real(real, data, place))
            }
            Had::Checked(lent) => {
                let mut outcome = lent.perform(RwLockOp::Write, place, None);
                if outcome == Outcome::Is(false) {
                    outcome = lent.perform(RwLockOp::TakeWrite, place, None);
                }
                RwLockWriteGuard::told(lent, outcome, place)
            }
        }
    }

    /// Writes if nobody reads or writes.
    ///
    /// # Errors
    /// If somebody does, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => {
                map_tried(real.try_write(), |real| RwLockWriteGuard::of_real(real, data, place))
            }
            Had::Checked(lent) => match lent.perform(RwLockOp::TryWrite, place, None) {
                Outcome::Is(_) => Err(TryLockError::WouldBlock),
                outcome => Ok(RwLockWriteGuard::told(lent, outcome, place)?),
            },
        }
    }

    /// Writes if it need wait at most this long; parking_lot's. In a run, whether it was long enough is a free
    /// choice of the scheduler.
    ///
    /// # Errors
    /// If somebody read or wrote all the time, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_write_for(&self, timeout: Duration) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => {
                let tried = try_for(timeout, || real.try_write());
                map_tried(tried, |real| RwLockWriteGuard::of_real(real, data, place))
            }
            Had::Checked(lent) => match lent.perform(RwLockOp::TryWriteFor, place, Some(timeout)) {
                Outcome::TimedOut => Err(TryLockError::WouldBlock),
                outcome => Ok(RwLockWriteGuard::told(lent, outcome, place)?),
            },
        }
    }

    /// Whether a panic left the data as they are.
    #[track_caller]
    pub fn is_poisoned(&self) -> bool {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, _) => real.is_poisoned(),
            Had::Checked(lent) => {
                lent.perform(RwLockOp::IsPoisoned, place, None) == Outcome::Is(true)
            }
        }
    }

    /// Says that the data are as they should be.
    #[track_caller]
    pub fn clear_poison(&self) {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, _) => real.clear_poison(),
            Had::Checked(lent) => drop(lent.perform(RwLockOp::ClearPoison, place, None)),
        }
    }

    /// The data, of a lock that nobody else can reach meanwhile.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.kept.get_mut(Place::caller())
    }
}

/// As std's: it tries to read.
impl<T: ?Sized + Debug> Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "RwLock", self.try_read(), || self.is_poisoned())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(data: T) -> Self {
        Self::new(data)
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}
