//! One interleaving: its steps, and what they are shown as.
//!
//! Every build writes a [`Tape`] while a program runs: which thread did what, where, and what it
//! was told. The tape of a run that matters becomes a [`Trace`].

mod brief;
mod columns;
mod diagnose;
mod excerpt;
mod fold;
mod html;
mod json;
mod markdown;
mod mermaid;
mod names;
mod numbering;
mod paint;
mod picture;
mod place;
mod renumber;
mod replay;
mod rows;
mod schedule;
mod step;
mod switches;
mod table;
mod tape;
mod text;
mod token;
mod updates;
pub mod view;
mod words;

pub use diagnose::{
    Cause, Deadlock, Diagnosis, Fact, Half, Livelock, Lost, LostUpdate, Panicked, ReleaseUnlocked,
    Stale, Told, TornAudit, Trying, Wait,
};
pub use names::{Named, Names};
pub use picture::{Look, Picture, Rerun, Unreached};
pub use place::Place;
pub use replay::Replay;
pub use schedule::Schedule;
pub use step::{End, Pending, Step, Trace};
pub use switches::Switches;
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) use switches::is_housekeeping;
pub(crate) use tape::Tape;
pub use token::{Token, TokenError};
pub use updates::Update;
pub use view::View;
