//! Data that only who has taken a lock reaches.

use super::Name;
use super::face::{Face, result};
use super::plain::Teller;
use super::told::told;
use crate::trace::Place;
use crate::world::{DataId, Outcome, Primitive};
use std::cell::UnsafeCell;
use std::sync::LockResult;
use std::time::Duration;

/// A lock that has data.
pub(super) trait Keeper: Primitive {
    /// What it is called where its data cannot be told, and what makes it with a key.
    const WHOSE: (&'static str, &'static str);
    /// To look at the data, which nobody else can reach.
    const INSPECT: Self::Op;
    /// To have them, and leave them as they will be.
    const LEND: Self::Op;

    /// To say what they are that somebody left who had them alone.
    fn change(data: DataId) -> Self::Op;

    /// Its first state.
    fn first(data: DataId) -> Self::State;
}

/// The data, and what keeps them; `R` is the real lock.
pub(super) struct Kept<R, P: Primitive, T: ?Sized> {
    pub(super) face: Face<R, P>,
    teller: Teller,
    pub(super) data: UnsafeCell<T>,
}

impl<R: Default, P: Keeper, T> Kept<R, P, T> {
    #[track_caller]
    pub(super) fn new(data: T, teller: Teller, name: Name, place: Place) -> Self {
        let first = || P::first(told(&teller, &data, P::WHOSE, place));
        let face = Face::new(Default::default, first, name, place);
        Self { face, teller, data: UnsafeCell::new(data) }
    }

    /// The data, of a lock that nobody else has any more.
    #[track_caller]
    pub(super) fn into_inner(
        mut self,
        is_poisoned: impl FnOnce(&R) -> bool,
        place: Place,
    ) -> LockResult<T> {
        let is_poisoned = self.alone(P::INSPECT, is_poisoned, place);
        result(self.data.into_inner(), is_poisoned)
    }
}

impl<R, P: Keeper, T: ?Sized> Kept<R, P, T> {
    /// The data, of a lock that nobody else can reach meanwhile.
    #[track_caller]
    pub(super) fn get_mut(
        &mut self,
        is_poisoned: impl FnOnce(&R) -> bool,
        place: Place,
    ) -> LockResult<&mut T> {
        let is_poisoned = self.alone(P::LEND, is_poisoned, place);
        result(self.data.get_mut(), is_poisoned)
    }

    /// Performs an operation on the data, which nobody else can reach, and says whether a panic left them so.
    #[track_caller]
    fn alone(&mut self, deed: P::Op, is_poisoned: impl FnOnce(&R) -> bool, place: Place) -> bool {
        if let Face::Real(real, _) = &self.face {
            return is_poisoned(real);
        }
        let outcome = self.perform(deed, place, None);
        let (_, is_poisoned) = self.seen(outcome, place);
        if deed == P::LEND && matches!(outcome, Outcome::Had { data: DataId::OPEN, .. }) {
            self.perform(deed, place, None);
        }
        is_poisoned
    }

    /// Performs an operation of a run.
    #[track_caller]
    pub(super) fn perform(&self, deed: P::Op, place: Place, within: Option<Duration>) -> Outcome {
        let Face::Checked(object) = &self.face else {
            unreachable!("only what belongs to a run performs operations")
        };
        object.perform(deed, place, within)
    }

    /// The data that whoever has them is told, and whether a panic left them so. What somebody left who had
    /// them alone the world has to be told first.
    #[track_caller]
    pub(super) fn seen(&self, outcome: Outcome, place: Place) -> (DataId, bool) {
        let Outcome::Had { mut data, is_poisoned } = outcome else {
            unreachable!("who takes it is told the data, not {outcome:?}")
        };
        if data == DataId::OPEN {
            data = self.told(place);
            self.perform(P::change(data), place, None);
        }
        (data, is_poisoned)
    }

    /// The data as they are now; only who may reach them asks.
    #[track_caller]
    pub(super) fn told(&self, place: Place) -> DataId {
        // SAFETY: nobody else changes them: who asks has taken the lock, or has it alone.
        told(&self.teller, unsafe { &*self.data.get() }, P::WHOSE, place)
    }
}
