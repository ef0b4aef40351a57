//! Threads, as the operating system starts them.

use super::Name;
use super::member::{Recorded, Returned, start};
use crate::sync::thread::Result;
use crate::trace::{Maker, Place};
use crate::world::{Outcome, ThreadId, ThreadOp};
use std::thread::Builder;

#[derive(Debug)]
pub(in crate::sync) enum JoinHandle<T> {
    /// It was started when its run was over.
    Plain(std::thread::JoinHandle<T>),
    Recorded(std::thread::JoinHandle<()>, Returned<T>, Recorded<ThreadId>),
}

/// Starts a thread.
///
/// # Safety
/// What the body and its result borrow must be there until both are dropped.
pub(in crate::sync) unsafe fn spawn<T, F>(body: F, name: Name, place: Place) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    if let Some(recorded) = Recorded::<ThreadId>::new(Maker::Mover(name.clone()), place) {
        recorded.perform(ThreadOp::Spawn, place, |_| Some(Outcome::Done));
        // SAFETY: the caller's.
        let (thread, returned) = unsafe { recorded.start(body) };
        return JoinHandle::Recorded(thread, returned, recorded);
    }
    // SAFETY: the caller's.
    JoinHandle::Plain(unsafe { start(Builder::new(), name, body) })
}

impl<T> JoinHandle<T> {
    pub(in crate::sync) fn join(self, place: Place) -> Result<T> {
        match self {
            Self::Plain(thread) => thread.join(),
            Self::Recorded(thread, returned, recorded) => {
                if recorded.join(place) {
                    let _ = thread.join();
                }
                let result = returned.lock().take();
                result.unwrap_or_else(|| Err(Box::new("the run ended before the thread did")))
            }
        }
    }

    /// Waits for the thread to end; not for one that was started when its run was over.
    pub(in crate::sync) fn wait(&self, place: Place) {
        if let Self::Recorded(_, _, recorded) = self {
            recorded.join(place);
        }
    }

    /// What it returned or panicked, once it has, for the first who asks.
    pub(in crate::sync) fn take(&self) -> Option<Result<T>> {
        match self {
            Self::Plain(_) => None,
            Self::Recorded(_, returned, _) => returned.lock().take(),
        }
    }

    /// The thread; one that was started when its run was over is nobody.
    pub(in crate::sync) fn id(&self) -> ThreadId {
        match self {
            Self::Plain(_) => ThreadId::MAIN,
            Self::Recorded(_, _, recorded) => recorded.id,
        }
    }

    pub(in crate::sync) fn is_finished(&self, place: Place) -> bool {
        match self {
            Self::Plain(thread) => thread.is_finished(),
            Self::Recorded(_, _, recorded) => recorded.is_finished(place),
        }
    }
}
