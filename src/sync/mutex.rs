//! std's mutex.

mod guard;

use super::backend;
use super::data::{Had, Keeper, Kept, Lent, Real};
use super::face::{IN_USE, map, map_tried, result, show, try_for};
use super::plain::Teller;
use crate::trace::Place;
use crate::world::{DataId, MutexId, MutexOp, MutexState, Outcome};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::ptr::NonNull;
use std::sync::{LockResult, TryLockError, TryLockResult};
use std::time::Duration;

pub use guard::MutexGuard;
use guard::Taken;

/// [`std::sync::Mutex`], poisoning included.
///
/// In a checked closure it belongs to the run, and whoever takes it is told its data; anywhere else it is the
/// real thing. The product engine tells data by their value: integers, `bool`, `char`, floats by their bits,
/// `String` and `()`, each bare or one level deep in an `Option`, `Box`, `Vec`, `VecDeque`, pair or array of up
/// to 8. Data of any other type it tells by who wrote them last, and after what: that is as exact, but no two ways to
/// the same value are one, so that there are more states, and a loop that writes each time has no end of them. By a
/// key they are told as plain data are, see [`keyed`](Self::keyed).
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{Mutex, thread};
///
/// tellers::check(|| {
///     let balance = Arc::new(Mutex::new(100));
///     let theirs = Arc::clone(&balance);
///     let teller = thread::spawn(move || *theirs.lock().unwrap() -= 30);
///     *balance.lock().unwrap() -= 20;
///     teller.join().unwrap();
///     assert_eq!(*balance.lock().unwrap(), 50);
/// });
/// # }
/// ```
pub struct Mutex<T: ?Sized> {
    kept: Kept<std::sync::Mutex<()>, MutexId, T>,
}

impl Keeper for MutexId {
    const WHOSE: &'static str = "mutex";
    const INSPECT: MutexOp = MutexOp::Inspect;
    const LEND: MutexOp = MutexOp::Lend;

    fn change(data: DataId) -> MutexOp {
        MutexOp::Change(data)
    }

    fn first(data: DataId, is_poisoned: bool) -> MutexState {
        MutexState { data, is_poisoned, ..MutexState::default() }
    }
}

impl Real for std::sync::Mutex<()> {
    fn is_poisoned(&self) -> bool {
        self.is_poisoned()
    }

    fn while_taken<T>(&self, f: impl FnOnce() -> T) -> Option<T> {
        let _taken = match try_for(IN_USE, || self.try_lock()) {
            Ok(taken) => taken,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        Some(f())
    }
}

// SAFETY: as of std's, whose data are reached by one thread at a time, too: only who holds it reaches them,
// and it is held by one thread at a time.
unsafe impl<T: ?Sized + Send> Send for Mutex<T> {}
// SAFETY: likewise.
unsafe impl<T: ?Sized + Send> Sync for Mutex<T> {}

impl<T: ?Sized> UnwindSafe for Mutex<T> {}
impl<T: ?Sized> RefUnwindSafe for Mutex<T> {}

impl<T> Mutex<T> {
    /// A mutex with these data, called by the place that makes it.
    #[track_caller]
    pub fn new(data: T) -> Self {
        Self { kept: Kept::new(data, Teller::plain::<T>(), None, Place::caller()) }
    }

    /// A mutex with these data, for a static, called by the place where that is. Every run begins with its data as
    /// they are outside, and changes a copy of them; of what type they may be is said [above](Self).
    ///
    /// ```
    /// use tellers::sync::Mutex;
    ///
    /// static BALANCE: Mutex<i64> = Mutex::const_new(100);
    ///
    /// *BALANCE.lock().unwrap() -= 30;
    /// assert_eq!(*BALANCE.lock().unwrap(), 70);
    /// ```
    #[track_caller]
    pub const fn const_new(data: T) -> Self {
        Self { kept: Kept::of_static(std::sync::Mutex::new(()), data, Place::caller()) }
    }

    /// A mutex with a name and these data.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, data: T) -> Self {
        Self { kept: Kept::new(data, Teller::plain::<T>(), Some(name.into()), Place::caller()) }
    }

    /// A mutex whose data are told by a key: threads that are told the same key go on in the same way, so two
    /// data that differ in anything that a thread looks at need different keys.
    ///
    /// ```
    /// use tellers::sync::Mutex;
    ///
    /// struct Account {
    ///     owner: &'static str,
    ///     balance: i64,
    /// }
    ///
    /// let ada = Account { owner: "Ada", balance: 100 };
    /// let account = Mutex::keyed(ada, |account| (account.owner, account.balance));
    /// assert_eq!(account.lock().unwrap().owner, "Ada");
    /// ```
    #[track_caller]
    pub fn keyed<K: Hash + Debug + 'static>(
        data: T,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        Self { kept: Kept::new(data, Teller::keyed(key), None, Place::caller()) }
    }

    /// The data, of a mutex that nobody else has any more.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn into_inner(self) -> LockResult<T> {
        self.kept.into_inner(Place::caller())
    }
}

impl<T: ?Sized> Mutex<T> {
    /// Waits while the mutex is held, and takes it.
    ///
    /// # Errors
    /// If a panic left the data as they are.
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        self.lock_at(Place::caller())
    }

    #[track_caller]
    pub(super) fn lock_at(&self, place: Place) -> LockResult<MutexGuard<'_, T>> {
        match self.kept.used_at(place) {
            Had::Real(real, data) => self.with(real.lock(), data, place),
            Had::Checked(lent) => {
                let outcome = lent.perform(MutexOp::Lock, place, None);
                self.had(lent, outcome, place)
            }
        }
    }

    /// Takes the mutex if it is free.
    ///
    /// # Errors
    /// If it is held, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => self.tried(real.try_lock(), data, place),
            Had::Checked(lent) => match lent.perform(MutexOp::TryLock, place, None) {
                Outcome::Is(false) => Err(TryLockError::WouldBlock),
                outcome => Ok(self.had(lent, outcome, place)?),
            },
        }
    }

    /// Takes the mutex if that takes at most this long; parking_lot's. In a run, whether it was long enough is
    /// a free choice of the scheduler.
    ///
    /// # Errors
    /// If it was held all the time, or if a panic left the data as they are.
    #[track_caller]
    pub fn try_lock_for(&self, timeout: Duration) -> TryLockResult<MutexGuard<'_, T>> {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, data) => self.tried(try_for(timeout, || real.try_lock()), data, place),
            Had::Checked(lent) => match lent.perform(MutexOp::TryLockFor, place, Some(timeout)) {
                Outcome::TimedOut => Err(TryLockError::WouldBlock),
                outcome => Ok(self.had(lent, outcome, place)?),
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
                lent.perform(MutexOp::IsPoisoned, place, None) == Outcome::Is(true)
            }
        }
    }

    /// Says that the data are as they should be.
    #[track_caller]
    pub fn clear_poison(&self) {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(real, _) => real.clear_poison(),
            Had::Checked(lent) => drop(lent.perform(MutexOp::ClearPoison, place, None)),
        }
    }

    /// The data, of a mutex that nobody else can reach meanwhile.
    ///
    /// # Errors
    /// If a panic left them as they are.
    #[track_caller]
    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.kept.get_mut(Place::caller())
    }

    /// The guard of who took it.
    #[track_caller]
    fn had<'a>(
        &'a self,
        lent: Lent<'a, MutexId, T>,
        outcome: Outcome,
        place: Place,
    ) -> LockResult<MutexGuard<'a, T>> {
        let (in_hand, is_poisoned) = lent.taken(outcome, place);
        let data = lent.data;
        let taken = Taken { lent, in_hand, was_panicking: backend::is_unwinding() };
        let run = Some(Box::new(taken));
        result(MutexGuard { mutex: self, real: None, run, data, place }, is_poisoned)
    }

    /// The guard of who took the real one.
    fn with<'a>(
        &'a self,
        real: LockResult<std::sync::MutexGuard<'a, ()>>,
        data: NonNull<T>,
        place: Place,
    ) -> LockResult<MutexGuard<'a, T>> {
        map(real, |real| MutexGuard { mutex: self, real: Some(real), run: None, data, place })
    }

    /// The guard of who tried to take the real one.
    fn tried<'a>(
        &'a self,
        real: TryLockResult<std::sync::MutexGuard<'a, ()>>,
        data: NonNull<T>,
        place: Place,
    ) -> TryLockResult<MutexGuard<'a, T>> {
        map_tried(real, |real| MutexGuard { mutex: self, real: Some(real), run: None, data, place })
    }
}

/// As std's: it tries to take the mutex.
impl<T: ?Sized + Debug> Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, "Mutex", self.try_lock(), || self.is_poisoned())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(data: T) -> Self {
        Self::new(data)
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}
