//! std's cell that is written once.

use super::Name;
use super::face::{Face, InRun, Used};
use super::once::first;
use super::plain::Teller;
use super::spare::Spare;
use super::told::{found, lend, told};
use crate::trace::Place;
use crate::world::{DataId, OnceId, OnceOp, Outcome, Progress};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// [`std::sync::OnceLock`].
///
/// In a checked closure it belongs to the run, and whoever looks at it is told its value, as of a
/// [`Mutex`](super::Mutex); anywhere else it is the real thing.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{OnceLock, thread};
///
/// tellers::check(|| {
///     let rate = Arc::new(OnceLock::new());
///     let theirs = Arc::clone(&rate);
///     let teller = thread::spawn(move || *theirs.get_or_init(|| 3));
///     let mine = *rate.get_or_init(|| 4);
///     assert_eq!(teller.join().unwrap(), mine);
/// });
/// # }
/// ```
pub struct OnceLock<T> {
    face: Face<(), OnceId>,
    teller: Teller,
    /// Where it is; of one that belongs to a run, the run says whether it is there yet.
    value: std::sync::OnceLock<T>,
}

impl<T: RefUnwindSafe + UnwindSafe> RefUnwindSafe for OnceLock<T> {}
impl<T: UnwindSafe> UnwindSafe for OnceLock<T> {}

impl<T> OnceLock<T> {
    /// A cell without a value, called by the place that makes it.
    #[track_caller]
    pub fn new() -> Self {
        Self::made(Teller::plain::<T>(), None, Place::caller())
    }

    /// A cell with a name and without a value.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self::made(Teller::plain::<T>(), Some(name.into()), Place::caller())
    }

    /// A cell whose value is told by a key, as of [`Mutex::keyed`](super::Mutex::keyed).
    #[track_caller]
    pub fn keyed<K: Hash + Debug + 'static>(key: impl Fn(&T) -> K + Send + Sync + 'static) -> Self {
        Self::made(Teller::keyed(key), None, Place::caller())
    }

    /// A cell without a value, for a static, called by the place where that is. Every run begins with its value
    /// outside, if it has one; what a run gives it otherwise is never freed, as somebody may have borrowed it from
    /// the static.
    #[track_caller]
    pub const fn const_new() -> Self {
        let face = Face::of_static((), Place::caller());
        Self { face, teller: Teller::plain::<T>(), value: std::sync::OnceLock::new() }
    }

    #[track_caller]
    fn made(teller: Teller, name: Name, place: Place) -> Self {
        let face = Face::new(|| (), Progress::default, name, place);
        Self { face, teller, value: Default::default() }
    }

    /// A cell that has a value from the start.
    #[track_caller]
    fn with(value: T, teller: Teller, place: Place) -> Self {
        let first = || Progress::Complete(told(&teller, &value));
        let face = Face::new(|| (), first, None, place);
        Self { face, teller, value: value.into() }
    }

    /// The value, if there is one.
    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(()) => self.value.get(),
            Used::Checked(object) => {
                had(self.perform(&object, OnceOp::Get, place)).then(|| self.there(&object))
            }
        }
    }

    /// The value, if there is one, of a cell that nobody else can reach meanwhile.
    #[track_caller]
    pub fn get_mut(&mut self) -> Option<&mut T> {
        let place = Place::caller();
        if let Some(object) = self.alone(place) {
            lend();
            if let Outcome::Had { data: DataId::OPEN, .. } =
                self.perform(&object, OnceOp::Lend, place)
            {
                object.perform(OnceOp::Lend, place, None);
            }
        }
        self.value.get_mut()
    }

    /// Waits until there is a value.
    #[track_caller]
    pub fn wait(&self) -> &T {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(()) => self.value.wait(),
            Used::Checked(object) => {
                self.perform(&object, OnceOp::WaitOn, place);
                self.there(&object)
            }
        }
    }

    /// Gives it a value, if it has none; waits while somebody initialises it.
    ///
    /// # Errors
    /// The value that it was to have, if it has one.
    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(()) => self.value.set(value),
            Used::Checked(object) => {
                let deed = OnceOp::Set(self.told(&value));
                let mut value = Some(value);
                object.perform_and(deed, place, None, |outcome| {
                    if outcome == Outcome::Is(true) {
                        value = value.take().and_then(|value| self.cell(&object).set(value).err());
                    }
                });
                value.map_or(Ok(()), Err)
            }
        }
    }

    /// The value; if it has none, it gets that of `f`. Waits while somebody else initialises it.
    #[track_caller]
    pub fn get_or_init(&self, f: impl FnOnce() -> T) -> &T {
        let place = Place::caller();
        match self.used_at(place) {
            Used::Real(()) => self.value.get_or_init(f),
            Used::Checked(object) => {
                let came = first(&object, (OnceOp::Begin, OnceOp::GiveUp), place, |_| {
                    let value = f();
                    let told = self.told(&value);
                    // Nobody else does before all are told.
                    let _ = self.cell(&object).set(value);
                    told
                });
                self.see(&object, came, place);
                self.there(&object)
            }
        }
    }

    /// The value, if there is one, of a cell that nobody else has any more.
    #[track_caller]
    pub fn into_inner(self) -> Option<T> {
        let place = Place::caller();
        if let Some(object) = self.alone(place) {
            self.perform(&object, OnceOp::Get, place);
        }
        self.value.into_inner()
    }

    /// Takes the value out, if there is one.
    #[track_caller]
    pub fn take(&mut self) -> Option<T> {
        let place = Place::caller();
        if let Some(object) = self.alone(place) {
            self.perform(&object, OnceOp::Take, place);
        }
        self.value.take()
    }

    #[track_caller]
    fn used_at(&self, place: Place) -> Used<'_, (), OnceId, Spare> {
        self.face.used_with(place, |()| match self.value.get() {
            Some(value) => (Progress::Complete(found(&self.teller, value)), Box::new(Spare::none)),
            None => (Progress::Unbegun, Box::new(Spare::empty::<T> as fn() -> Spare)),
        })
    }

    /// The one of a run, which nobody else can reach meanwhile.
    #[track_caller]
    fn alone(&self, place: Place) -> Option<InRun<'_, OnceId, Spare>> {
        match self.face.had_alone(place) {
            Some(()) => None,
            None => match self.used_at(place) {
                Used::Checked(object) => Some(object),
                Used::Real(()) => None,
            },
        }
    }

    /// Where the value is that the run under way has.
    fn cell(&self, object: &InRun<'_, OnceId, Spare>) -> &std::sync::OnceLock<T> {
        // SAFETY: it was made for this one, whose type is that of all the values that it ever has.
        unsafe { Spare::instead_of(&self.value, object) }
    }

    /// Performs an operation of a run.
    #[track_caller]
    fn perform(&self, object: &InRun<'_, OnceId, Spare>, deed: OnceOp, place: Place) -> Outcome {
        let outcome = object.perform(deed, place, None);
        self.see(object, outcome, place);
        outcome
    }

    /// What somebody left who had it alone the world has to be told first.
    #[track_caller]
    fn see(&self, object: &InRun<'_, OnceId, Spare>, outcome: Outcome, place: Place) {
        if let Outcome::Had { data: DataId::OPEN, .. } = outcome
            && let Some(value) = self.cell(object).get()
        {
            object.perform(OnceOp::Change(self.told(value)), place, None);
        }
    }

    fn told(&self, value: &T) -> DataId {
        told(&self.teller, value)
    }

    fn there(&self, object: &InRun<'_, OnceId, Spare>) -> &T {
        self.cell(object).get().expect("whoever is told of a value has it")
    }
}

fn had(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Had { .. })
}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    #[track_caller]
    fn from(value: T) -> Self {
        Self::with(value, Teller::plain::<T>(), Place::caller())
    }
}

/// One of its own, told in the same way.
impl<T: Clone> Clone for OnceLock<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        let teller = self.teller.clone();
        match self.get() {
            Some(value) => Self::with(value.clone(), teller, Place::caller()),
            None => Self::made(teller, None, Place::caller()),
        }
    }
}

impl<T: PartialEq> PartialEq for OnceLock<T> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<T: Eq> Eq for OnceLock<T> {}

impl<T: Debug> Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_tuple("OnceLock");
        match self.get() {
            Some(value) => shown.field(value),
            None => shown.field(&format_args!("<uninit>")),
        };
        shown.finish()
    }
}
