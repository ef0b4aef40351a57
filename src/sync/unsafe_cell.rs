//! Data that nothing guards, with the accesses that a check sees.

use super::backend;
use super::data::{Had, Keeper, Kept, Lent, Real};
use super::plain::Teller;
use super::told::InHand;
use crate::trace::Place;
use crate::world::{DataId, UnsafeCellId, UnsafeCellOp, UnsafeCellState};
use std::fmt::{self, Debug};

/// [`std::cell::UnsafeCell`], with loom's `with` and `with_mut`: in a checked closure these are accesses that a check
/// sees, and a data race ends the run as a failure of its own.
///
/// A [data race](crate::engine::Failure::DataRace) is an access that a thread comes to while another one goes on, and
/// one of the two writes. Since a check tries every interleaving, it meets one whenever nothing orders two such accesses.
/// As everywhere but under loom, all atomics count as sequentially consistent; what orders two accesses only because of
/// that is taken to order them. That the cell itself is dropped while somebody uses it is not seen.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::cell::UnsafeCell;
/// use tellers::sync::atomic::{AtomicBool, Ordering};
/// use tellers::thread;
///
/// struct Slot {
///     data: UnsafeCell<Vec<u32>>,
///     is_full: AtomicBool,
/// }
///
/// // SAFETY: who fills it says so when it is done, and who reads it asks before.
/// unsafe impl Sync for Slot {}
///
/// tellers::check(|| {
///     let slot = Arc::new(Slot { data: UnsafeCell::new(vec![]), is_full: AtomicBool::new(false) });
///     let theirs = Arc::clone(&slot);
///     let writer = thread::spawn(move || {
///         theirs.data.with_mut(|data| unsafe { (*data).push(7) });
///         theirs.is_full.store(true, Ordering::Release);
///     });
///     if slot.is_full.load(Ordering::Acquire) {
///         assert_eq!(slot.data.with(|data| unsafe { (*data).clone() }), [7]);
///     }
///     writer.join().unwrap();
/// });
/// # }
/// ```
pub struct UnsafeCell<T: ?Sized> {
    kept: Kept<Unguarded, UnsafeCellId, T>,
}

/// What keeps nobody from anything.
#[derive(Debug, Default)]
struct Unguarded;

impl Real for Unguarded {
    const WHY_NOT: &'static str = "which somebody may write just then";

    fn is_poisoned(&self) -> bool {
        false
    }

    fn while_taken<T>(&self, _: impl FnOnce() -> T) -> Option<T> {
        None
    }
}

impl Keeper for UnsafeCellId {
    const WHOSE: &'static str = "UnsafeCell";
    const INSPECT: UnsafeCellOp = UnsafeCellOp::Inspect;
    const LEND: UnsafeCellOp = UnsafeCellOp::Lend;

    fn change(data: DataId) -> UnsafeCellOp {
        UnsafeCellOp::Change(data)
    }

    fn first(data: DataId, _: bool) -> UnsafeCellState {
        UnsafeCellState { data, ..UnsafeCellState::default() }
    }
}

impl<T> UnsafeCell<T> {
    /// A cell with these data, called by the place that makes it.
    #[track_caller]
    pub fn new(data: T) -> Self {
        Self { kept: Kept::new(data, Teller::plain_in_place::<T>(), None, Place::caller()) }
    }

    /// A cell with these data, for a static. A run cannot have a copy of them, and refuses them by name.
    #[track_caller]
    pub const fn const_new(data: T) -> Self {
        Self { kept: Kept::of_static(Unguarded, data, Place::caller()) }
    }

    /// The data, of a cell that nobody else has any more.
    #[track_caller]
    pub fn into_inner(self) -> T {
        self.kept.into_inner(Place::caller()).expect("nothing poisons it")
    }
}

impl<T: ?Sized> UnsafeCell<T> {
    /// Reads the data, which nobody writes meanwhile. A check in which somebody does has found a data race.
    #[track_caller]
    pub fn with<R>(&self, f: impl FnOnce(*const T) -> R) -> R {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(_, data) => f(data.as_ptr().cast_const()),
            Had::Checked(lent) => {
                let begun = lent.perform(UnsafeCellOp::BeginRead, place, None);
                let data = lent.data.as_ptr().cast_const();
                lent.seen(begun, place);
                let _access = Access { lent, in_hand: None, place };
                f(data)
            }
        }
    }

    /// Writes the data, which nobody reads or writes meanwhile. A check in which somebody does has found a data race.
    #[track_caller]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(_, data) => f(data.as_ptr()),
            Had::Checked(lent) => {
                let begun = lent.perform(UnsafeCellOp::BeginWrite, place, None);
                let data = lent.data.as_ptr();
                let (mut in_hand, _) = lent.taken(begun, place);
                in_hand.write();
                let _access = Access { lent, in_hand: Some(in_hand), place };
                f(data)
            }
        }
    }

    /// Where the data are, outside of every check. One that is under way cannot see what is done there, and ends.
    #[track_caller]
    pub fn get(&self) -> *mut T {
        let place = Place::caller();
        match self.kept.used_at(place) {
            Had::Real(_, data) => data.as_ptr(),
            Had::Checked(_) => backend::end_search(format!(
                "by UnsafeCell::get, at {place}: no check sees what is done by the pointer, so use with or with_mut"
            )),
        }
    }

    /// The data, of a cell that nobody else can reach meanwhile.
    #[track_caller]
    pub fn get_mut(&mut self) -> &mut T {
        self.kept.get_mut(Place::caller()).expect("nothing poisons it")
    }
}

/// An access that goes on.
struct Access<'a, T: ?Sized> {
    lent: Lent<'a, UnsafeCellId, T>,
    /// Nothing if it only reads.
    in_hand: Option<InHand>,
    place: Place,
}

impl<T: ?Sized> Drop for Access<'_, T> {
    fn drop(&mut self) {
        let deed = match &self.in_hand {
            None => UnsafeCellOp::EndRead,
            Some(in_hand) => UnsafeCellOp::EndWrite(self.lent.left(in_hand).0),
        };
        self.lent.perform(deed, self.place, None);
    }
}

impl<T> From<T> for UnsafeCell<T> {
    #[track_caller]
    fn from(data: T) -> Self {
        Self::new(data)
    }
}

impl<T: Default> Default for UnsafeCell<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default())
    }
}

impl<T: ?Sized> Debug for UnsafeCell<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsafeCell").finish_non_exhaustive()
    }
}
