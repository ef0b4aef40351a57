//! std's scoped threads: they may borrow what is there before the scope is.
//!
//! # Why it is sound
//!
//! A scoped thread may use what it borrows until its body has been run and dropped; [`Ends`] counts those that
//! have not been, and [`scope`] neither returns nor unwinds while there are any. It waits for them in the open, by
//! operations, and then looks at the count, which trusts no engine. If that is not nothing the run has been left,
//! and what then happens is up to the backend's `let_others_end`:
//! - Under shuttle the thread with the scope is suspended for good. No stack is freed before the last thread of
//!   the run has moved, and then all are, without a destructor.
//! - Under loom every thread of a run that is over comes to its end, and the scope lets them. Once a search is
//!   stopped none but the thread that stopped it moves, up to its end: so the scope may go.
//! - Real threads come to their ends, or stop for good, and the scope with them.

mod ends;

use super::{Builder, Face, Result, Thread};
use crate::sync::{backend, quiet};
use crate::trace::Place;
use ends::{Child, Ends, Running};
use parking_lot::Mutex;
use std::fmt::{self, Debug};
use std::io;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// Where scoped threads are started; see [`scope`]. Threads in it may start others.
///
/// ```
/// use tellers::sync::thread::{self, Scope};
///
/// fn count<'scope>(scope: &'scope Scope<'scope, '_>, left: u32) -> u32 {
///     match left {
///         0 => 0,
///         _ => 1 + scope.spawn(move || count(scope, left - 1)).join().unwrap(),
///     }
/// }
/// assert_eq!(thread::scope(|s| count(s, 3)), 3);
/// ```
pub struct Scope<'scope, 'env: 'scope> {
    ends: Arc<Ends>,
    scope: PhantomData<&'scope mut &'scope ()>,
    env: PhantomData<&'env mut &'env ()>,
}

/// The right to wait for a scoped thread's end and to have what it returned, which may be borrowed, too.
///
/// ```
/// use tellers::sync::thread;
///
/// let names = vec!["Ada".to_owned(), "Grace".to_owned()];
/// let longest = thread::scope(|s| {
///     let teller = s.spawn(|| names.iter().max_by_key(|name| name.len()));
///     teller.join().unwrap()
/// });
/// assert_eq!(longest.unwrap(), "Grace");
/// ```
pub struct ScopedJoinHandle<'scope, T> {
    face: Face<(), Arc<backend::JoinHandle<()>>>,
    child: Arc<Child>,
    ends: Arc<Ends>,
    thread: Thread,
    returned: Returned<T>,
    scope: PhantomData<&'scope ()>,
}

/// What a thread returned, once it has.
type Returned<T> = Arc<Mutex<Option<T>>>;

/// [`std::thread::scope`]: when it returns, all threads that were started in it have ended.
///
/// In a checked closure those that were not joined are joined at its end, in the order in which they were
/// started. There a thread of an inner scope that starts one in an outer scope is refused, in the default build.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use tellers::sync::{Mutex, thread};
///
/// tellers::check(|| {
///     let balance = Mutex::new(100);
///     let other = thread::scope(|s| {
///         s.spawn(|| *balance.lock().unwrap() += 10);
///         s.spawn(|| *balance.lock().unwrap()).join().unwrap()
///     });
///     assert!(other == 100 || other == 110);
///     assert_eq!(balance.into_inner().unwrap(), 110);
/// });
/// # }
/// ```
///
/// # Panics
/// If a thread panicked that was not joined.
#[track_caller]
pub fn scope<'env, F, T>(f: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let place = Place::caller();
    let scope = Scope { ends: Arc::new(Ends::new()), scope: PhantomData, env: PhantomData };
    let result = catch_unwind(AssertUnwindSafe(|| f(&scope)));
    let joined = scope.ends.wait(place);
    match (result, joined) {
        (Ok(result), Ok(())) if !scope.ends.has_panicked() => result,
        (Ok(_), Ok(())) => panic!("a scoped thread panicked"),
        (Ok(_), Err(payload)) => quiet::unwind(payload),
        (Err(payload), joined) => {
            // Its own may panic when it is dropped.
            std::mem::forget(joined);
            quiet::unwind(payload)
        }
    }
}

impl<'scope> Scope<'scope, '_> {
    /// Starts a thread in the scope, as [`spawn`](super::spawn) does.
    ///
    /// # Panics
    /// If the system does not start it.
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, f: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        Builder::new().spawn_scoped(self, f).expect("failed to spawn thread")
    }
}

impl Builder {
    /// Starts a thread in a scope.
    ///
    /// ```
    /// # #[cfg(all(not(loom), feature = "shuttle"))]
    /// tellers::check(|| {
    ///     use tellers::sync::thread::{self, Builder};
    ///
    ///     let money = vec![100, 20];
    ///     let sum = thread::scope(|s| {
    ///         let teller = Builder::new().name("teller".into());
    ///         let teller = teller.spawn_scoped(s, || money.iter().sum::<u32>()).unwrap();
    ///         assert_eq!(teller.thread().name(), Some("teller"));
    ///         teller.join().unwrap()
    ///     });
    ///     assert_eq!(sum, 120);
    /// });
    /// ```
    ///
    /// # Errors
    /// If the system does not start it.
    ///
    /// # Panics
    /// If the name has a zero in it.
    #[track_caller]
    pub fn spawn_scoped<'scope, F, T>(
        self,
        scope: &'scope Scope<'scope, '_>,
        f: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let ends = Arc::clone(&scope.ends);
        let (child, running) = ends.begin();
        let returned = Returned::default();
        let theirs = Arc::clone(&returned);
        let body = Body { f, returned: theirs, running };
        // SAFETY: what is borrowed is there until the scope has ended, and that waits for the body, as is said
        // above.
        let handle = unsafe { self.start(move || body.run(), Place::caller()) };
        let handle = handle.inspect_err(|_| child.has_not_begun())?;
        let face = match handle.face {
            Face::Real(real) => Face::Real(real),
            Face::Checked(checked) => Face::Checked(child.is_joined_by(checked)),
        };
        Ok(ScopedJoinHandle {
            face,
            child,
            ends,
            thread: handle.thread,
            returned,
            scope: PhantomData,
        })
    }
}

/// What a scoped thread does. The last of it to be dropped says that it is over.
struct Body<F, T> {
    f: F,
    returned: Returned<T>,
    running: Running,
}

impl<F: FnOnce() -> T, T> Body<F, T> {
    fn run(self) {
        let running = self.running;
        let returned = self.returned;
        running.begins();
        let value = (self.f)();
        running.returns(&value);
        *returned.lock() = Some(value);
        drop(returned);
        running.has_returned();
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    /// Waits for the thread to end.
    ///
    /// # Errors
    /// The payload of the panic, if one ended the thread.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        let ended = match self.face {
            Face::Real(thread) => thread.join(),
            Face::Checked(thread) => {
                thread.wait(Place::caller());
                thread.take().unwrap_or(Ok(()))
            }
        };
        self.ends.has_joined(&self.child);
        ended?;
        let returned = self.returned.lock().take();
        returned.ok_or_else(|| Box::new("the run ended before the thread did") as _)
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// Whether the thread has ended.
    ///
    /// It may still be alive for a while after its last operation.
    #[track_caller]
    pub fn is_finished(&self) -> bool {
        match &self.face {
            Face::Real(thread) => thread.is_finished(),
            Face::Checked(thread) => thread.is_finished(Place::caller()),
        }
    }
}

impl Debug for Scope<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope").finish_non_exhaustive()
    }
}

impl<T> Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
