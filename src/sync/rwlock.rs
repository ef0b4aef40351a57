//! std's lock for many readers or one writer.

mod guards;

use super::Name;
use super::face::{Face, map, map_tried, result, try_for};
use super::plain::Teller;
use super::told::told;
use crate::trace::Place;
use crate::world::{DataId, Outcome, RwLockId, RwLockOp, RwLockState};
use std::borrow::Cow;
use std::cell::UnsafeCell;
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
    face: Face<std::sync::RwLock<()>, RwLockId>,
    teller: Teller,
    data: UnsafeCell<T>,
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
        Self::made(data, Teller::plain::<T>(), None, Place::caller())
    }

    /// A lock with a name and these data.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, data: T) -> Self {
        Self::made(data, Teller::plain::<T>(), Some(name.into()), Place::caller())
    }

    /// A lock whose data are told by a key, as of [`Mutex::keyed`](super::Mutex::keyed).
    #[track_caller]
    pub fn keyed<K: Hash + Debug + 'static>(
        data: T,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        Self::made(data, Teller::keyed(key), None, Place::caller())
    }

    #[track_caller]
    fn made(data: T, teller: Teller, name: Name, place: Place) -> Self {
        let first =
            || RwLockState { data: told(&teller, &data, WHOSE, place), ..RwLockState::default() };
        let face = Face::new(Default::default, first, name, place);
        Self { face, teller, data: UnsafeCell::new(data) }
    }

    /// The data, of a lock that nobody else has any more.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn into_inner(mut self) -> LockResult<T> {
        let is_poisoned = self.alone(RwLockOp::Inspect, Place::caller());
        result(self.data.into_inner(), is_poisoned)
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
        match self.face.used_at(place) {
            Face::Real(real, _) => map(real.read(), |real| self.reader(Some(real), place)),
            Face::Checked(_) => self.reads(self.perform(RwLockOp::Read, place, None), place),
        }
    }

    /// Reads if nobody writes.
    ///
    /// # Errors
    /// If somebody does, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        match self.face.used_at(place) {
            Face::Real(real, _) => map_tried(real.try_read(), |it| self.reader(Some(it), place)),
            Face::Checked(_) => match self.perform(RwLockOp::TryRead, place, None) {
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
        match self.face.used_at(place) {
            Face::Real(real, _) => {
                map_tried(try_for(timeout, || real.try_read()), |it| self.reader(Some(it), place))
            }
            Face::Checked(_) => match self.perform(RwLockOp::TryReadFor, place, Some(timeout)) {
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
        match self.face.used_at(place) {
            Face::Real(real, _) => map(real.write(), |real| self.writer(Some(real), place)),
            Face::Checked(_) => self.writes(self.perform(RwLockOp::Write, place, None), place),
        }
    }

    /// Writes if nobody reads or writes.
    ///
    /// # Errors
    /// If somebody does, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        match self.face.used_at(place) {
            Face::Real(real, _) => map_tried(real.try_write(), |it| self.writer(Some(it), place)),
            Face::Checked(_) => match self.perform(RwLockOp::TryWrite, place, None) {
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
        match self.face.used_at(place) {
            Face::Real(real, _) => {
                map_tried(try_for(timeout, || real.try_write()), |it| self.writer(Some(it), place))
            }
            Face::Checked(_) => match self.perform(RwLockOp::TryWriteFor, place, Some(timeout)) {
                Outcome::TimedOut => Err(TryLockError::WouldBlock),
                outcome => Ok(self.writes(outcome, place)?),
            },
        }
    }

    /// Whether a panic left the data as they are.
    #[track_caller]
    pub fn is_poisoned(&self) -> bool {
        let place = Place::caller();
        match self.face.used_at(place) {
            Face::Real(real, _) => real.is_poisoned(),
            Face::Checked(_) => {
                self.perform(RwLockOp::IsPoisoned, place, None) == Outcome::Is(true)
            }
        }
    }

    /// Says that the data are as they should be.
    #[track_caller]
    pub fn clear_poison(&self) {
        let place = Place::caller();
        match self.face.used_at(place) {
            Face::Real(real, _) => real.clear_poison(),
            Face::Checked(_) => drop(self.perform(RwLockOp::ClearPoison, place, None)),
        }
    }

    /// The data, of a lock that nobody else can reach meanwhile.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        let is_poisoned = self.alone(RwLockOp::Lend, Place::caller());
        result(self.data.get_mut(), is_poisoned)
    }

    /// Performs an operation on the data, which nobody else can reach, and says whether a panic left them so.
    #[track_caller]
    fn alone(&mut self, deed: RwLockOp, place: Place) -> bool {
        if let Face::Real(real, _) = &self.face {
            return real.is_poisoned();
        }
        let outcome = self.perform(deed, place, None);
        let (_, is_poisoned) = self.seen(outcome, place);
        if deed == RwLockOp::Lend && matches!(outcome, Outcome::Had { data: DataId::OPEN, .. }) {
            self.perform(deed, place, None);
        }
        is_poisoned
    }

    /// Performs an operation of a run.
    #[track_caller]
    fn perform(&self, deed: RwLockOp, place: Place, within: Option<Duration>) -> Outcome {
        let Face::Checked(object) = &self.face else {
            unreachable!("only what belongs to a run performs operations")
        };
        object.perform(deed, place, within)
    }

    /// The data that whoever has them is told, and whether a panic left them so. What somebody left who had
    /// them alone the world has to be told first.
    #[track_caller]
    fn seen(&self, outcome: Outcome, place: Place) -> (DataId, bool) {
        let Outcome::Had { mut data, is_poisoned } = outcome else {
            unreachable!("who takes it is told the data, not {outcome:?}")
        };
        if data == DataId::OPEN {
            data = self.told(place);
            self.perform(RwLockOp::Change(data), place, None);
        }
        (data, is_poisoned)
    }

    /// The data as they are now; only who may reach them asks.
    #[track_caller]
    fn told(&self, place: Place) -> DataId {
        // SAFETY: nobody else changes them: who asks reads or writes, or has it alone.
        told(&self.teller, unsafe { &*self.data.get() }, WHOSE, place)
    }

    /// The guard of who reads.
    fn reads(&self, outcome: Outcome, place: Place) -> LockResult<RwLockReadGuard<'_, T>> {
        let (_, is_poisoned) = self.seen(outcome, place);
        result(self.reader(None, place), is_poisoned)
    }

    /// The guard of who writes.
    fn writes(&self, outcome: Outcome, place: Place) -> LockResult<RwLockWriteGuard<'_, T>> {
        let (data, is_poisoned) = self.seen(outcome, place);
        let mut guard = self.writer(None, place);
        guard.told = data;
        result(guard, is_poisoned)
    }
}

/// What is said of data that cannot be told.
const WHOSE: (&str, &str) = ("rwlock", "RwLock::keyed");

/// As std's: it tries to read.
impl<T: ?Sized + Debug> Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("RwLock");
        let poisoned = match self.try_read() {
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
                self.is_poisoned()
            }
        };
        shown.field("poisoned", &poisoned).finish_non_exhaustive()
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
