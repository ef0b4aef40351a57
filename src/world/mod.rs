//! What each operation means, as a pure value.
//!
//! A [`World`] holds everything that threads share: locks, cells, events and the threads
//! themselves. [`World::enabled`] says whether a thread may perform an operation now, and
//! [`World::apply`] performs it. Nothing else in the crate knows what an operation does: the
//! shuttle build executes by a `World`, the product engine explores by one, and a trace from any
//! build is shown by feeding its steps to one. The meaning is written over a trait, `Shared`, so
//! that the product engine's packed states have it too.

mod id;
mod object;
mod op;
pub(crate) mod shared;
mod state;
mod wait_for;

pub use id::{CellId, EventId, LockId, ThreadId};
pub use object::Object;
pub use op::{Finish, Op, Outcome};
pub use state::{ThreadState, World};
pub use wait_for::{Edge, WaitFor};
