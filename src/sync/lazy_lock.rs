//! std's value that is made when it is first looked at.

use super::Name;
use super::face::Face;
use super::once::{first, is_poisoned};
use super::plain::Teller;
use super::told::told;
use crate::trace::Place;
use crate::world::{OnceId, OnceOp, Outcome, Progress};
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::hash::Hash;
use std::ops::Deref;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::{Mutex, OnceLock, PoisonError};

/// [`std::sync::LazyLock`], poisoning included.
///
/// In a checked closure it belongs to the run, and whoever looks at it is told its value, as of a
/// [`Mutex`](super::Mutex); anywhere else it is the real thing.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{LazyLock, thread};
///
/// tellers::check(|| {
///     let rate = Arc::new(LazyLock::new(|| 3));
///     let theirs = Arc::clone(&rate);
///     let teller = thread::spawn(move || **theirs);
///     assert_eq!(**rate, teller.join().unwrap());
/// });
/// # }
/// ```
pub struct LazyLock<T, F = fn() -> T> {
    face: Face<std::sync::LazyLock<T, F>, OnceId>,
    teller: Teller,
    /// What makes the value of one that belongs to a run, until it does.
    init: Mutex<Option<F>>,
    /// The value of one that belongs to a run, which says whether it is there yet.
    value: OnceLock<T>,
}

impl<T: RefUnwindSafe + UnwindSafe, F: UnwindSafe> RefUnwindSafe for LazyLock<T, F> {}
impl<T: UnwindSafe, F: UnwindSafe> UnwindSafe for LazyLock<T, F> {}

impl<T, F: FnOnce() -> T> LazyLock<T, F> {
    /// What `f` makes, called by the place where this is.
    #[track_caller]
    pub fn new(f: F) -> Self {
        Self::made(f, Teller::plain::<T>(), None, Place::caller())
    }

    /// What `f` makes, with a name.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, f: F) -> Self {
        Self::made(f, Teller::plain::<T>(), Some(name.into()), Place::caller())
    }

    /// What `f` makes, told by a key, as of [`Mutex::keyed`](super::Mutex::keyed).
    #[track_caller]
    pub fn keyed<K: Hash + Debug + 'static>(
        f: F,
        key: impl Fn(&T) -> K + Send + Sync + 'static,
    ) -> Self {
        Self::made(f, Teller::keyed(key), None, Place::caller())
    }

    #[track_caller]
    fn made(f: F, teller: Teller, name: Name, place: Place) -> Self {
        let mut init = Some(f);
        let mut real = || std::sync::LazyLock::new(init.take().expect("it is taken once"));
        let face = Face::new(&mut real, Progress::default, name, place);
        Self { face, teller, init: Mutex::new(init), value: OnceLock::new() }
    }

    /// The value, which is made if it is not there yet; waits while somebody else makes it.
    ///
    /// # Panics
    /// If what makes it panics, or has.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        let place = Place::caller();
        match this.face.used_at(place) {
            Face::Real(real, _) => real,
            Face::Checked(object) => {
                let came = first(object, (OnceOp::Begin, OnceOp::Poison), place, |_| {
                    let init = this.init.lock().unwrap_or_else(PoisonError::into_inner).take();
                    let value = init.expect("it is made once")();
                    told(&this.teller, this.value.get_or_init(|| value), WHOSE, place)
                });
                assert!(!is_poisoned(came), "LazyLock instance has previously been poisoned");
                this.value.get().expect("whoever is told of a value has it")
            }
        }
    }
}

/// What is said of a value that cannot be told.
const WHOSE: (&str, &str) = ("LazyLock", "LazyLock::keyed");

impl<T, F: FnOnce() -> T> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        Self::force(self)
    }
}

impl<T: Default> Default for LazyLock<T> {
    #[track_caller]
    fn default() -> Self {
        Self::new(T::default)
    }
}

impl<T: Debug, F> Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place::caller();
        let value = match self.face.used_at(place) {
            Face::Real(real, _) => return real.fmt(f),
            Face::Checked(object) => match object.perform(OnceOp::Get, place, None) {
                Outcome::Had { is_poisoned: false, .. } => self.value.get(),
                _ => None,
            },
        };
        let mut shown = f.debug_tuple("LazyLock");
        match value {
            Some(value) => shown.field(value),
            None => shown.field(&format_args!("<uninit>")),
        };
        shown.finish()
    }
}
