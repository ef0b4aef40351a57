//! std's thread locals.

use super::values::{self, Found};
use crate::sync::backend;
use std::cell::{Cell, RefCell};
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::rc::Rc;

/// [`std::thread_local!`], with its syntax.
///
/// In a checked closure every thread of the run has a value of its own: made when it first looks, in each run
/// anew, and dropped at its end, before anybody can see that it has ended. Anywhere else it is the real thing.
/// No operation comes of it: nobody else can tell.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::cell::{Cell, RefCell};
/// use tellers::{sync::thread, thread_local};
///
/// thread_local! {
///     static SERVED: Cell<u32> = const { Cell::new(0) };
///     static NAMES: RefCell<Vec<&'static str>> = RefCell::new(vec!["Ada"]);
/// }
///
/// tellers::check(|| {
///     let serve = || {
///         SERVED.set(SERVED.get() + 1);
///         NAMES.with_borrow_mut(|names| names.push("Grace"));
///         (SERVED.get(), NAMES.with_borrow(Vec::len))
///     };
///     let other = thread::spawn(serve);
///     assert_eq!(serve(), (1, 2));
///     assert_eq!(other.join().unwrap(), (1, 2));
/// });
/// # }
/// ```
#[macro_export]
macro_rules! thread_local {
    () => {};
    ($(#[$attr:meta])* $vis:vis static $name:ident: $t:ty = const $init:block $(; $($rest:tt)*)?) => {
        $(#[$attr])*
        $vis static $name: $crate::thread::LocalKey<$t> = {
            const fn init() -> $t $init
            ::std::thread_local!(static REAL: $t = const { init() });
            $crate::thread::LocalKey::new(&REAL, init)
        };
        $($crate::thread_local!($($rest)*);)?
    };
    ($(#[$attr:meta])* $vis:vis static $name:ident: $t:ty = $init:expr $(; $($rest:tt)*)?) => {
        $(#[$attr])*
        $vis static $name: $crate::thread::LocalKey<$t> = {
            fn init() -> $t {
                $init
            }
            ::std::thread_local!(static REAL: $t = init());
            $crate::thread::LocalKey::new(&REAL, init)
        };
        $($crate::thread_local!($($rest)*);)?
    };
}

/// [`std::thread::LocalKey`]: what [`thread_local!`](crate::thread_local) makes.
///
/// ```
/// use std::cell::RefCell;
///
/// tellers::thread_local!(static NAME: RefCell<String> = RefCell::new("Ada".to_owned()));
///
/// NAME.with_borrow_mut(|name| name.push('!'));
/// assert_eq!(NAME.replace("Grace".to_owned()), "Ada!");
/// assert_eq!(NAME.try_with(|name| name.borrow().len()), Ok(5));
/// ```
pub struct LocalKey<T: 'static> {
    real: &'static std::thread::LocalKey<T>,
    init: fn() -> T,
}

/// [`std::thread::AccessError`]: the thread is at its end, and has dropped the value.
///
/// ```
/// use std::sync::OnceLock;
/// use tellers::thread::{self, AccessError};
///
/// static SEEN: OnceLock<Result<(), AccessError>> = OnceLock::new();
///
/// struct Till;
///
/// impl Drop for Till {
///     fn drop(&mut self) {
///         SEEN.set(TILL.try_with(|_| ())).unwrap();
///     }
/// }
///
/// tellers::thread_local!(static TILL: Till = Till);
///
/// thread::spawn(|| TILL.with(|_| ())).join().unwrap();
/// assert_eq!(SEEN.get().unwrap().unwrap_err().to_string(), "already destroyed");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccessError;

impl<T: 'static> LocalKey<T> {
    #[doc(hidden)]
    pub const fn new(real: &'static std::thread::LocalKey<T>, init: fn() -> T) -> Self {
        Self { real, init }
    }

    /// Looks at the thread's value, which is made if it is not there yet.
    ///
    /// # Panics
    /// If the thread is at its end, and has dropped the value.
    #[track_caller]
    pub fn with<R>(&'static self, f: impl FnOnce(&T) -> R) -> R {
        self.try_with(f).unwrap_or_else(|error| refuse(error))
    }

    /// Looks at the thread's value, which is made if it is not there yet.
    ///
    /// # Errors
    /// If the thread is at its end, and has dropped the value.
    pub fn try_with<R>(&'static self, f: impl FnOnce(&T) -> R) -> Result<R, AccessError> {
        if !backend::is_checking() {
            return self.real.try_with(f).map_err(|_| AccessError);
        }
        let value = self.find()?.unwrap_or_else(|| values::put(self.address(), (self.init)()));
        Ok(f(&value))
    }

    /// Gives the thread its first value; says which is given, and which was there, if one was.
    #[track_caller]
    fn begin_with(&'static self, first: T) -> Option<(Rc<T>, T)> {
        match self.find() {
            Ok(Some(there)) => return Some((there, first)),
            Ok(None) => drop(values::put(self.address(), first)),
            Err(error) => refuse(error),
        }
        None
    }

    fn find(&'static self) -> Result<Option<Rc<T>>, AccessError> {
        match values::find(self.address()) {
            Found::Nothing => Ok(None),
            Found::Value(value) => Ok(Some(value)),
            Found::Dropped => Err(AccessError),
        }
    }

    fn address(&'static self) -> usize {
        std::ptr::from_ref(self).addr()
    }
}

#[cold]
#[track_caller]
fn refuse(error: AccessError) -> ! {
    panic!("cannot access a thread local during or after its destruction: {error:?}")
}

impl<T: 'static> LocalKey<Cell<T>> {
    /// Sets the value; what would make the first one is not called for it.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    #[track_caller]
    pub fn set(&'static self, value: T) {
        if !backend::is_checking() {
            self.real.set(value);
        } else if let Some((there, value)) = self.begin_with(Cell::new(value)) {
            there.set(value.into_inner());
        }
    }

    /// A copy of the value.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(Cell::get)
    }

    /// The value, for which the default is left.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(Cell::take)
    }

    /// The value, for which another one is left.
    ///
    /// # Panics
    /// As [`with`](Self::with).
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|there| there.replace(value))
    }
}

impl<T: 'static> LocalKey<RefCell<T>> {
    /// Looks at the value that is borrowed.
    ///
    /// # Panics
    /// As [`with`](Self::with), and if it is borrowed to be changed.
    #[track_caller]
    pub fn with_borrow<R>(&'static self, f: impl FnOnce(&T) -> R) -> R {
        self.with(|there| f(&there.borrow()))
    }

    /// Changes the value that is borrowed.
    ///
    /// # Panics
    /// As [`with`](Self::with), and if it is borrowed.
    #[track_caller]
    pub fn with_borrow_mut<R>(&'static self, f: impl FnOnce(&mut T) -> R) -> R {
        self.with(|there| f(&mut there.borrow_mut()))
    }

    /// Sets the value; what would make the first one is not called for it.
    ///
    /// # Panics
    /// As [`with`](Self::with), and if it is borrowed.
    #[track_caller]
    pub fn set(&'static self, value: T) {
        if !backend::is_checking() {
            self.real.set(value);
        } else if let Some((there, value)) = self.begin_with(RefCell::new(value)) {
            there.replace(value.into_inner());
        }
    }

    /// The value, for which the default is left.
    ///
    /// # Panics
    /// As [`with`](Self::with), and if it is borrowed.
    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(RefCell::take)
    }

    /// The value, for which another one is left.
    ///
    /// # Panics
    /// As [`with`](Self::with), and if it is borrowed.
    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|there| there.replace(value))
    }
}

impl<T: 'static> Debug for LocalKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalKey").finish_non_exhaustive()
    }
}

impl Debug for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessError").finish()
    }
}

impl Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("already destroyed")
    }
}

impl Error for AccessError {}
