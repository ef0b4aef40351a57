//! One interleaving: its steps, and what they are shown as.
//!
//! Every build writes a `Tape` while a program runs: which thread did what, where, and what it
//! was told. The tape of a run that matters becomes a [`Trace`].

mod brief;
mod callers;
mod columns;
mod diagnose;
mod excerpt;
mod fold;
#[cfg(feature = "cli")]
mod html;
#[cfg(feature = "cli")]
mod json;
mod kept_out;
#[cfg(feature = "cli")]
mod markdown;
#[cfg(feature = "cli")]
mod mermaid;
mod names;
mod no_return;
mod numbering;
mod paint;
mod picture;
mod place;
mod renumber;
mod replay;
mod rows;
mod schedule;
mod source;
mod step;
mod switches;
mod table;
mod tape;
mod text;
#[cfg(feature = "cli")]
mod token;
mod updates;
#[cfg(feature = "cli")]
pub mod view;
mod words;

pub use callers::{Caller, Callers};
pub use diagnose::{
    Cause, Checked, DataRace, Deadlock, Diagnosis, Fact, Freed, Half, Livelock, Lost, LostUpdate,
    Panicked, ReleaseUnlocked, Stale, Told, TornAudit, Trying, Wait,
};
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) use diagnose::{DOUBLE_FREE, USE_AFTER_FREE};
pub(crate) use kept_out::kept_out;
pub(crate) use names::Maker;
pub use names::{Named, Names};
pub use picture::{Look, Picture, Rerun, Unreached};
pub use place::Place;
pub use replay::Replay;
pub use schedule::Schedule;
pub use step::{End, Follows, Pending, Step, Trace};
pub use switches::Switches;
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) use switches::is_housekeeping;
pub(crate) use tape::Tape;
#[cfg(feature = "cli")]
pub use token::{Token, TokenError};
pub use updates::Update;
#[cfg(feature = "cli")]
pub use view::View;
