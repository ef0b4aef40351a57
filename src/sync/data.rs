//! Data that only who has taken a lock reaches.

use super::Name;
use super::backend;
use super::copied::Copied;
use super::face::{Beside, Face, InRun, Used, result};
use super::plain::Teller;
use super::told::{InHand, found, lend, told};
use crate::trace::Place;
use crate::world::{DataId, Outcome, Primitive};
use std::any::type_name;
use std::cell::UnsafeCell;
use std::ptr::NonNull;
use std::sync::LockResult;
use std::time::Duration;

/// A lock that has data.
pub(super) trait Keeper: Primitive {
    /// What it is called where no run can have its data.
    const WHOSE: &'static str;
    /// To look at the data, which nobody else can reach.
    const INSPECT: Self::Op;
    /// To have them, and leave them as they will be.
    const LEND: Self::Op;

    /// To say what they are that somebody left who had them alone.
    fn change(data: DataId) -> Self::Op;

    /// A first state.
    fn first(data: DataId, is_poisoned: bool) -> Self::State;
}

/// A real lock, without the data.
pub(super) trait Real {
    /// What is said of one that cannot be taken.
    const WHY_NOT: &'static str = "which is held there";

    /// Whether a panic left the data as they are.
    fn is_poisoned(&self) -> bool;

    /// Has `f` do something while the lock is taken, unless somebody has taken it.
    fn while_taken<T>(&self, f: impl FnOnce() -> T) -> Option<T>;
}

/// The data, and what keeps them; `R` is the real lock.
pub(super) struct Kept<R, P: Primitive, T: ?Sized> {
    face: Face<R, P>,
    teller: Teller,
    data: UnsafeCell<T>,
}

/// A lock and its data, as whoever uses them now has them.
pub(super) enum Had<'a, R, P: Primitive, T: ?Sized> {
    /// The real ones.
    Real(&'a R, NonNull<T>),
    /// Those of the run under way.
    Checked(Lent<'a, P, T>),
}

/// A lock of the run under way, and its data.
pub(super) struct Lent<'a, P: Primitive, T: ?Sized> {
    object: InRun<'a, P, Copied>,
    teller: &'a Teller,
    /// They are there for as long as this is.
    pub(super) data: NonNull<T>,
}

impl<R: Real + Default, P: Keeper, T> Kept<R, P, T> {
    #[track_caller]
    pub(super) fn new(data: T, teller: Teller, name: Name, place: Place) -> Self {
        let first = || P::first(told(&teller, &data), false);
        let face = Face::new(Default::default, first, name, place);
        Self { face, teller, data: UnsafeCell::new(data) }
    }

    /// The data, of a lock that nobody else has any more.
    #[track_caller]
    pub(super) fn into_inner(mut self, place: Place) -> LockResult<T> {
        let is_poisoned = self.alone(P::INSPECT, place);
        result(self.data.into_inner(), is_poisoned)
    }
}

impl<R, P: Keeper, T> Kept<R, P, T> {
    /// Those of a static.
    pub(super) const fn of_static(real: R, data: T, place: Place) -> Self {
        let face = Face::of_static(real, place);
        Self { face, teller: Teller::plain::<T>(), data: UnsafeCell::new(data) }
    }
}

impl<R: Real, P: Keeper, T: ?Sized> Kept<R, P, T> {
    /// What they are for who uses them there.
    #[track_caller]
    #[inline]
    pub(super) fn used_at(&self, place: Place) -> Had<'_, R, P, T> {
        let real = NonNull::new(self.data.get()).expect("a cell is somewhere");
        match self.face.used_with(place, |lock| self.found(lock, place)) {
            Used::Real(lock) => Had::Real(lock, real),
            Used::Checked(object) => {
                let copied = object.beside().and_then(|copied| thin(copied.as_ptr()));
                let data = copied.unwrap_or(real);
                Had::Checked(Lent { object, teller: &self.teller, data })
            }
        }
    }

    /// How a run finds what was made outside: the first state, and a copy of the data.
    #[cold]
    #[track_caller]
    fn found(&self, real: &R, place: Place) -> (P::State, Beside<Copied>) {
        let copied = real.while_taken(|| {
            // SAFETY: whoever takes the lock reaches the data, and they are what the teller was made for.
            let copied = unsafe { self.teller.copy(self.data.get().cast_const().cast()) };
            copied.filter(|copied| thin::<T>(copied.as_ptr()).is_some())
        });
        let whose = P::WHOSE;
        let Some(copied) = copied else {
            backend::end_search(format!(
                "by the use, at {place}, of a {whose} made outside of every run, {}",
                R::WHY_NOT
            ))
        };
        let Some(copied) = copied else {
            backend::end_search(format!(
                "by the use, at {place}, of a {whose} made outside of every run, with data of type {}: no run has \
                 a copy of them, so make it inside of the checked closure",
                type_name::<T>()
            ))
        };
        let data = thin::<T>(copied.as_ptr()).expect("it was looked at above");
        // SAFETY: nobody else has the copy yet.
        let told = found(&self.teller, unsafe { data.as_ref() });
        // SAFETY: nobody reaches this one.
        let again = Box::new(move || unsafe { copied.again() });
        (P::first(told, real.is_poisoned()), again)
    }

    /// The data, of a lock that nobody else can reach meanwhile.
    #[track_caller]
    pub(super) fn get_mut(&mut self, place: Place) -> LockResult<&mut T> {
        let is_poisoned = self.alone(P::LEND, place);
        result(self.data.get_mut(), is_poisoned)
    }

    /// Performs an operation on the data, which nobody else can reach, and says whether a panic left them so.
    #[track_caller]
    fn alone(&mut self, deed: P::Op, place: Place) -> bool {
        if let Some(real) = self.face.had_alone(place) {
            return real.is_poisoned();
        }
        let Had::Checked(lent) = self.used_at(place) else { unreachable!("it is not real") };
        if deed == P::LEND {
            lend();
        }
        let outcome = lent.perform(deed, place, None);
        let (_, is_poisoned) = lent.seen(outcome, place);
        if deed == P::LEND && matches!(outcome, Outcome::Had { data: DataId::OPEN, .. }) {
            lent.perform(deed, place, None);
        }
        is_poisoned
    }
}

/// The same pointer, if one to a `T` is no more than that.
fn thin<T: ?Sized>(data: NonNull<()>) -> Option<NonNull<T>> {
    let is_thin = size_of::<NonNull<T>>() == size_of::<NonNull<()>>();
    // SAFETY: both are a pointer and nothing else, since one to what has no size of its own takes more.
    is_thin.then(|| unsafe { std::mem::transmute_copy(&data) })
}

impl<P: Keeper, T: ?Sized> Lent<'_, P, T> {
    /// Performs an operation of a run.
    #[track_caller]
    pub(super) fn perform(&self, deed: P::Op, place: Place, within: Option<Duration>) -> Outcome {
        self.object.perform(deed, place, within)
    }

    /// The data that whoever has them is told, and whether a panic left them so. What somebody left who had
    /// them alone the world has to be told first.
    #[track_caller]
    pub(super) fn seen(&self, outcome: Outcome, place: Place) -> (DataId, bool) {
        let Outcome::Had { mut data, is_poisoned } = outcome else {
            unreachable!("who takes it is told the data, not {outcome:?}")
        };
        if data == DataId::OPEN {
            data = self.told();
            self.perform(P::change(data), place, None);
        }
        (data, is_poisoned)
    }

    /// The data as they are now; only who may reach them asks.
    fn told(&self) -> DataId {
        // SAFETY: nobody else changes them: who asks has taken the lock, or has it alone.
        told(self.teller, unsafe { self.data.as_ref() })
    }

    /// The data, which somebody has taken, and whether a panic left them as they are.
    #[track_caller]
    pub(super) fn taken(&self, outcome: Outcome, place: Place) -> (InHand, bool) {
        let (told, is_poisoned) = self.seen(outcome, place);
        (InHand::new(self.teller, told), is_poisoned)
    }

    /// As what the data are left by who has them in hand, and whether they are others now.
    pub(super) fn left(&self, in_hand: &InHand) -> (DataId, bool) {
        // SAFETY: as above.
        in_hand.left(self.teller, unsafe { self.data.as_ref() })
    }
}
