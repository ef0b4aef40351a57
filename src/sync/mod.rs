//! The only door to threads.
//!
//! Code under test takes its locks, cells, events and threads from here, and never sees which of
//! three builds it is part of:
//!
//! | build | who decides which thread runs next |
//! | --- | --- |
//! | default | a shuttle scheduler, or the product engine; operations mean what [`World`](crate::world::World) says |
//! | `RUSTFLAGS="--cfg loom"` | loom |
//! | `--no-default-features` | the operating system |
//!
//! Each primitive is written once, in a file of its own: it names itself, finds the place in the
//! source, and has the backend perform the operation. Under the first two builds primitives may
//! only be made and used inside a checked closure (see [`check`](crate::check)).

#[cfg_attr(loom, path = "loom.rs")]
#[cfg_attr(all(not(loom), feature = "shuttle"), path = "shuttle.rs")]
#[cfg_attr(all(not(loom), not(feature = "shuttle")), path = "os.rs")]
pub(crate) mod backend;

mod cell;
mod checkpoint;
mod event;
mod lock;
#[cfg(loom)]
mod parking;
pub(crate) mod quiet;
#[cfg(any(loom, feature = "shuttle"))]
mod run;
pub(crate) mod stack;
pub mod thread;

pub use cell::Cell;
pub use checkpoint::{assume, checkpoint};
pub use event::Event;
pub use lock::{Guard, Lock, ReleaseUnlocked};
