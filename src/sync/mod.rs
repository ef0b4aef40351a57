//! The only door to threads.
//!
//! Code under test takes std's primitives, and the lesson's, from here, and never sees which of
//! three builds it is part of:
//!
//! | build | who decides which thread runs next |
//! | --- | --- |
//! | default | a shuttle scheduler, or the product engine; operations mean what [`World`](crate::world::World) says |
//! | `RUSTFLAGS="--cfg loom"` | loom |
//! | `--no-default-features` | the operating system |
//!
//! Each primitive is written once, in a file of its own: it names itself, finds the place in the
//! source, and has the backend perform the operation. std's are the real thing outside of a checked closure
//! (see [`check`](crate::check)), and those that were made there begin each run with the value that they have
//! outside; a `static` has `const_new` in place of `new`. The lesson's, [`Lock`],
//! [`Cell`], [`Event`] and [`Semaphore`], may under the
//! first two builds only be made and used inside of one.

pub(crate) mod alloc;
pub mod atomic;
mod barrier;
#[cfg(any(loom, feature = "shuttle"))]
mod begin;
mod cell;
pub(crate) mod checkpoint;
mod choice;
mod condvar;
mod copied;
mod data;
mod epilogue;
mod event;
mod face;
pub mod hint;
mod lazy_lock;
mod lock;
#[cfg(loom)]
pub(crate) mod loom;
#[cfg(any(loom, not(feature = "shuttle")))]
mod meant;
pub mod mpsc;
mod mutex;
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) mod object;
mod once;
mod once_lock;
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) mod os;
mod outside;
#[cfg(loom)]
mod parking;
mod plain;
mod pointers;
pub(crate) mod quiet;
pub(crate) mod refusal;
#[cfg(any(loom, feature = "shuttle"))]
mod run;
mod rwlock;
#[cfg(loom)]
mod scripts;
mod semaphore;
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) mod shuttle;
mod spare;
pub(crate) mod stack;
mod steps;
pub mod thread;
mod told;
#[cfg(any(loom, not(feature = "shuttle")))]
mod unfollowed;
pub(crate) mod unsafe_cell;
pub(crate) mod value;

// Modules of their own names: not every tool that reads the source follows a path attribute.
#[cfg(loom)]
pub(crate) use loom as backend;
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) use os as backend;
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) use shuttle as backend;

/// The name that something was given, if it was.
type Name = Option<std::borrow::Cow<'static, str>>;

pub use barrier::{Barrier, BarrierWaitResult};
pub use cell::Cell;
pub use checkpoint::{assume, checkpoint};
pub use choice::choose;
pub use condvar::{Condvar, WaitTimeoutResult};
pub use event::Event;
pub use lazy_lock::LazyLock;
pub use lock::{Guard, Lock, ReleaseUnlocked};
pub use mutex::{Mutex, MutexGuard};
pub use once::{Once, OnceState};
pub use once_lock::OnceLock;
pub use rwlock::{RwLock, RwLockReadGuard, RwLockWriteGuard};
pub use semaphore::Semaphore;
pub use steps::steps;
