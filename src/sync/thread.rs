//! std's threads, under std's own path.
//!
//! Started in a checked closure they belong to the run; anywhere else they are the real thing.

mod current;
mod local;
mod scope;
mod values;

use super::{Name, backend};
use crate::trace::Place;
pub use current::{Thread, ThreadId, current, park, park_timeout};
#[cfg(any(loom, feature = "shuttle"))]
pub(super) use current::{forget, forget_all};
pub use local::{AccessError, LocalKey};
pub use scope::{Scope, ScopedJoinHandle, scope};
use std::any::Any;
use std::borrow::Cow;
use std::fmt::{self, Debug};
use std::io;
pub use std::thread::available_parallelism;
use std::time::Duration;
pub(super) use values::{drop_locals, has_no_locals};

/// What a thread returned, or the payload of the panic that ended it.
///
/// ```
/// use tellers::sync::thread;
///
/// let ended: thread::Result<u32> = thread::spawn(|| panic!("no key")).join();
/// assert_eq!(ended.unwrap_err().downcast_ref(), Some(&"no key"));
/// ```
pub type Result<T> = std::result::Result<T, Box<dyn Any + Send>>;

/// The right to wait for a thread's end and to have what it returned.
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// let (deposits, ledger) = mpsc::channel();
/// let teller = thread::spawn(move || ledger.recv());
/// assert!(!teller.is_finished());
/// assert_ne!(teller.thread().id(), thread::current().id());
/// deposits.send(30).unwrap();
/// assert_eq!(teller.join().unwrap(), Ok(30));
/// ```
pub struct JoinHandle<T> {
    face: Face<T, backend::JoinHandle<T>>,
    thread: Thread,
}

enum Face<T, C> {
    /// It was started outside of every run.
    Real(std::thread::JoinHandle<T>),
    /// It belongs to a run.
    Checked(C),
}

/// How a thread is to be started.
///
/// ```
/// use tellers::sync::thread::Builder;
///
/// let builder = Builder::new().name("teller".to_owned()).stack_size(1 << 20);
/// let teller = builder.spawn(|| 30 + 20).unwrap();
/// assert_eq!(teller.thread().name(), Some("teller"));
/// assert_eq!(teller.join().unwrap(), 50);
/// ```
#[derive(Debug, Default)]
#[must_use = "must eventually spawn the thread"]
pub struct Builder {
    name: Name,
    stack_size: Option<usize>,
}

/// Starts a thread, called `Thread-` and its number.
///
/// ```
/// use tellers::sync::thread;
///
/// let deposits = vec![30, 20];
/// let teller = thread::spawn(move || deposits.iter().sum::<u32>());
/// assert_eq!(teller.join().unwrap(), 50);
/// ```
///
/// # Panics
/// If the system does not start it.
#[track_caller]
pub fn spawn<T, F>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    Builder::new().spawn(f).expect("failed to spawn thread")
}

/// Starts a thread with a name.
///
/// ```
/// use tellers::sync::thread;
///
/// let teller = thread::spawn_named("teller", || thread::current().name().map(str::to_owned));
/// assert_eq!(teller.join().unwrap().as_deref(), Some("teller"));
/// ```
///
/// # Panics
/// If the system does not start it, or if the name has a zero in it.
#[track_caller]
pub fn spawn_named<T, F>(name: impl Into<Cow<'static, str>>, f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let builder = Builder { name: Some(name.into()), stack_size: None };
    builder.spawn(f).expect("failed to spawn thread")
}

/// Lets at least this much time pass. Under a model checker time does not pass, and this is
/// [`yield_now`].
///
/// ```
/// use std::time::{Duration, Instant};
///
/// let (before, time) = (Instant::now(), Duration::from_millis(2));
/// tellers::sync::thread::sleep(time);
/// assert!(before.elapsed() >= time);
/// ```
#[track_caller]
pub fn sleep(duration: Duration) {
    if backend::is_checking() {
        backend::sleep(duration, Place::caller());
    } else {
        std::thread::sleep(duration);
    }
}

/// Lets another thread go first, if the scheduler wishes.
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// let (deposits, ledger) = mpsc::channel();
/// let teller = thread::spawn(move || deposits.send(30));
/// let deposit = loop {
///     match ledger.try_recv() {
///         Ok(deposit) => break deposit,
///         Err(_) => thread::yield_now(),
///     }
/// };
/// assert_eq!(deposit, 30);
/// teller.join().unwrap().unwrap();
/// ```
#[track_caller]
pub fn yield_now() {
    if backend::is_checking() {
        backend::yield_now(Place::caller());
    } else {
        std::thread::yield_now();
    }
}

/// Whether a panic unwinds this thread.
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// struct Till(mpsc::Sender<bool>);
///
/// impl Drop for Till {
///     fn drop(&mut self) {
///         self.0.send(thread::panicking()).unwrap();
///     }
/// }
///
/// let (told, unwound) = mpsc::channel();
/// drop(Till(told.clone()));
/// assert_eq!(unwound.recv(), Ok(false));
/// let till = Till(told);
/// let teller = thread::spawn(move || {
///     let _till = till;
///     panic!("no key");
/// });
/// assert_eq!(unwound.recv(), Ok(true));
/// assert!(teller.join().is_err());
/// ```
pub fn panicking() -> bool {
    if backend::is_checking() { backend::is_unwinding() } else { std::thread::panicking() }
}

impl Builder {
    /// As [`spawn`] starts it.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this name.
    pub fn name(self, name: String) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// With a stack of so many bytes; a thread of a run has one of its own.
    pub fn stack_size(self, size: usize) -> Self {
        Self { stack_size: Some(size), ..self }
    }

    /// Starts the thread.
    ///
    /// # Errors
    /// If the system does not start it.
    ///
    /// # Panics
    /// If the name has a zero in it.
    #[track_caller]
    pub fn spawn<T, F>(self, f: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        // SAFETY: they borrow nothing.
        unsafe { self.start(f, Place::caller()) }
    }

    /// # Safety
    /// What the thread and its result borrow must be there until its body has been run and dropped; and if that
    /// never comes, for as long as any thread of the run moves.
    #[track_caller]
    unsafe fn start<T, F>(self, f: F, place: Place) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send,
        T: Send,
    {
        if backend::is_checking() {
            let thread = Thread::begun(self.name.clone());
            let theirs = thread.clone();
            let body = move || {
                theirs.is_here();
                f()
            };
            // SAFETY: the caller's.
            let handle = unsafe { backend::spawn(body, self.name, place) };
            thread.is(handle.id());
            return Ok(JoinHandle { face: Face::Checked(handle), thread });
        }
        let mut real = std::thread::Builder::new();
        if let Some(name) = self.name {
            real = real.name(name.into_owned());
        }
        if let Some(size) = self.stack_size {
            real = real.stack_size(size);
        }
        // SAFETY: the caller's.
        let real = unsafe { real.spawn_unchecked(f) }?;
        let thread = Thread::real(real.thread());
        Ok(JoinHandle { face: Face::Real(real), thread })
    }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread to end.
    ///
    /// # Errors
    /// The payload of the panic, if one ended the thread.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        match self.face {
            Face::Real(thread) => thread.join(),
            Face::Checked(thread) => thread.join(Place::caller()),
        }
    }

    /// The thread.
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    /// Whether the thread has ended; Python's `not is_alive()`.
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

impl<T> Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}
