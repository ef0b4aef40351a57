//! One interleaving: its steps, and what they are shown as.
//!
//! Every build writes a [`Tape`] while a program runs: which thread did what, where, and what it
//! was told. The tape of a run that matters becomes a [`Trace`].

mod names;
mod place;
mod replay;
mod step;
mod switches;
mod tape;

pub(crate) use names::Kind;
pub use names::{Named, Names};
pub use place::Place;
pub use replay::Replay;
pub use step::{End, Pending, Step, Trace};
pub use switches::Switches;
pub(crate) use switches::is_housekeeping;
pub(crate) use tape::Tape;
