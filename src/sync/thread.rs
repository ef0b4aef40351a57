//! Threads with names.

use super::backend;
use crate::trace::Place;
use std::any::Any;
use std::borrow::Cow;
use std::time::Duration;

/// What a thread returned, or the payload of the panic that ended it.
pub type Result<T> = std::result::Result<T, Box<dyn Any + Send>>;

/// The right to wait for a thread's end and to have what it returned.
#[derive(Debug)]
pub struct JoinHandle<T>(backend::JoinHandle<T>);

/// Starts a thread, called `Thread-` and its number.
#[track_caller]
pub fn spawn<T, F>(f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    JoinHandle(backend::spawn(f, None, Place::caller()))
}

/// Starts a thread with a name.
#[track_caller]
pub fn spawn_named<T, F>(name: impl Into<Cow<'static, str>>, f: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    JoinHandle(backend::spawn(f, Some(name.into()), Place::caller()))
}

/// Lets at least this much time pass. Under a model checker time does not pass, and this is
/// [`yield_now`].
#[track_caller]
pub fn sleep(duration: Duration) {
    backend::sleep(duration, Place::caller());
}

/// Lets another thread go first, if the scheduler wishes.
#[track_caller]
pub fn yield_now() {
    backend::yield_now(Place::caller());
}

impl<T> JoinHandle<T> {
    /// Waits for the thread to end.
    ///
    /// # Errors
    /// The payload of the panic, if one ended the thread.
    #[track_caller]
    pub fn join(self) -> Result<T> {
        self.0.join(Place::caller())
    }

    /// Whether the thread has ended; Python's `not is_alive()`.
    ///
    /// It may still be alive for a while after its last operation.
    #[track_caller]
    pub fn is_finished(&self) -> bool {
        self.0.is_finished(Place::caller())
    }
}
