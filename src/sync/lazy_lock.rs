//! std's value that is made when it is first looked at.

use super::Name;
use super::backend;
use super::face::{Face, InRun, Used};
use super::once::{first, is_poisoned};
use super::plain::Teller;
use super::spare::Spare;
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
    /// What makes the value of a static, in each run anew.
    again: Option<Again<T, F>>,
}

/// What makes a value, and how.
type Again<T, F> = (F, fn(&F) -> T);

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

    /// What `f` makes, for a static, called by the place where that is. Every run makes its value anew, and never
    /// frees it, as somebody may have borrowed it from the static.
    ///
    /// ```
    /// use tellers::sync::LazyLock;
    ///
    /// static RATES: LazyLock<Vec<u32>> = LazyLock::const_new(|| vec![3, 4]);
    ///
    /// assert_eq!(RATES[1], 4);
    /// ```
    #[track_caller]
    pub const fn const_new(f: F) -> Self
    where
        F: Fn() -> T + Copy,
    {
        let face = Face::of_static(std::sync::LazyLock::new(f), Place::caller());
        let again = Some((f, Self::call as fn(&F) -> T));
        let teller = Teller::plain::<T>();
        Self { face, teller, init: Mutex::new(None), value: OnceLock::new(), again }
    }

    fn call(f: &F) -> T
    where
        F: Fn() -> T,
    {
        f()
    }

    #[track_caller]
    fn made(f: F, teller: Teller, name: Name, place: Place) -> Self {
        let mut init = Some(f);
        let mut real = || std::sync::LazyLock::new(init.take().expect("it is taken once"));
        let face = Face::new(&mut real, Progress::default, name, place);
        Self { face, teller, init: Mutex::new(init), value: OnceLock::new(), again: None }
    }

    /// The value, which is made if it is not there yet; waits while somebody else makes it.
    ///
    /// # Panics
    /// If what makes it panics, or has.
    #[track_caller]
    pub fn force(this: &Self) -> &T {
        let place = Place::caller();
        match this.used_at(place) {
            Used::Real(real) => real,
            Used::Checked(object) => {
                let cell = this.cell(&object);
                let came = first(&object, (OnceOp::Begin, OnceOp::Poison), place, |_| {
                    let value = this.make();
                    told(&this.teller, cell.get_or_init(|| value))
                });
                assert!(!is_poisoned(came), "LazyLock instance has previously been poisoned");
                cell.get().expect("whoever is told of a value has it")
            }
        }
    }

    fn make(&self) -> T {
        match &self.again {
            Some((f, call)) => call(f),
            None => {
                let init = self.init.lock().unwrap_or_else(PoisonError::into_inner).take();
                init.expect("it is made once")()
            }
        }
    }
}

impl<T, F> LazyLock<T, F> {
    #[track_caller]
    fn used_at(&self, place: Place) -> Used<'_, std::sync::LazyLock<T, F>, OnceId, Spare> {
        self.face.used_with(place, |_| {
            if self.again.is_none() {
                backend::end_search(format!(
                    "by the use, at {place}, of a LazyLock made outside of every run, which no run can make anew: make \
                     it inside of the checked closure, or by LazyLock::const_new"
                ));
            }
            (Progress::Unbegun, Box::new(Spare::empty::<T> as fn() -> Spare))
        })
    }

    /// Where the value is that the run under way has.
    fn cell(&self, object: &InRun<'_, OnceId, Spare>) -> &OnceLock<T> {
        // SAFETY: it was made for this one, whose type is that of all the values that it ever has.
        unsafe { Spare::instead_of(&self.value, object) }
    }
}

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
        let value = match self.used_at(place) {
            Used::Real(real) => return real.fmt(f),
            Used::Checked(object) => match object.perform(OnceOp::Get, place, None) {
                Outcome::Had { is_poisoned: false, .. } => self.cell(&object).get(),
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
