//! std's lock for many readers or one writer.

mod guards;

use super::data::{Keeper, Kept};
use super::face::{Face, map, map_tried, result, show, try_for};
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
/// [`Mutex`](super::Mutex); anywhere else it is the real thing. A writer that waits keeps no reader out: that
/// it may, and that a thread which reads twice may then wait for itself, is not explored.
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
    const WHOSE: (&'static str, &'static str) = ("rwlock", "RwLock::keyed");
    const INSPECT: RwLockOp = RwLockOp::Inspect;
    const LEND: RwLockOp = RwLockOp::Lend;

    fn change(data: DataId) -> RwLockOp {
        RwLockOp::Change(data)
    }

    fn first(data: DataId) -> RwLockState {
        RwLockState { data, ..RwLockState::default() }
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
        self.kept.into_inner(|real| real.is_poisoned(), Place::caller())
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
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => map(real.read(), |real| self.reader(Some(real), place)),
            Face::Checked(_) => self.reads(self.kept.perform(RwLockOp::Read, place, None), place),
        }
    }

    /// Reads if nobody writes.
    ///
    /// # Errors
    /// If somebody does, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => map_tried(real.try_read(), |it| self.reader(Some(it), place)),
            Face::Checked(_) => match self.kept.perform(RwLockOp::TryRead, place, None) {
                Outcome::Is(_) => Err(TryLockError::WouldBlock),
                outcome => Ok(self.reads(outcome, place)?),
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
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => {
                map_tried(try_for(timeout, || real.try_read()), |it| self.reader(Some(it), place))
            }
            Face::Checked(_) => match self.kept.perform(RwLockOp::TryReadFor, place, Some(timeout))
            {
                Outcome::TimedOut => Err(TryLockError::WouldBlock),
                outcome => Ok(self.reads(outcome, place)?),
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
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => map(real.write(), |real| self.writer(Some(real), place)),
            Face::Checked(_) => self.writes(self.kept.perform(RwLockOp::Write, place, None), place),
        }
    }

    /// Writes if nobody reads or writes.
    ///
    /// # Errors
    /// If somebody does, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => map_tried(real.try_write(), |it| self.writer(Some(it), place)),
            Face::Checked(_) => match self.kept.perform(RwLockOp::TryWrite, place, None) {
                Outcome::Is(_) => Err(TryLockError::WouldBlock),
                outcome => Ok(self.writes(outcome, place)?),
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
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => {
                map_tried(try_for(timeout, || real.try_write()), |it| self.writer(Some(it), place))
            }
            Face::Checked(_) => {
                match self.kept.perform(RwLockOp::TryWriteFor, place, Some(timeout)) {
                    Outcome::TimedOut => Err(TryLockError::WouldBlock),
                    outcome => Ok(self.writes(outcome, place)?),
                }
            }
        }
    }

    /// Whether a panic left the data as they are.
    #[track_caller]
    pub fn is_poisoned(&self) -> bool {
        let place = Place::caller();
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => real.is_poisoned(),
            Face::Checked(_) => {
                self.kept.perform(RwLockOp::IsPoisoned, place, None) == Outcome::Is(true)
            }
        }
    }

    /// Says that the data are as they should be.
    #[track_caller]
    pub fn clear_poison(&self) {
        let place = Place::caller();
        match self.kept.face.used_at(place) {
            Face::Real(real, _) => real.clear_poison(),
            Face::Checked(_) => drop(self.kept.perform(RwLockOp::ClearPoison, place, None)),
        }
    }

    /// The data, of a lock that nobody else can reach meanwhile.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.kept.get_mut(|real| real.is_poisoned(), Place::caller())
    }

    /// The guard of who reads.
    fn reads(&self, outcome: Outcome, place: Place) -> LockResult<RwLockReadGuard<'_, T>> {
        let (_, is_poisoned) = self.kept.seen(outcome, place);
        result(self.reader(None, place), is_poisoned)
    }

    /// The guard of who writes.
    fn writes(&self, outcome: Outcome, place: Place) -> LockResult<RwLockWriteGuard<'_, T>> {
        let (data, is_poisoned) = self.kept.seen(outcome, place);
        let mut guard = self.writer(None, place);
        guard.told = data;
        result(guard, is_poisoned)
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
