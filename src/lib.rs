//! A small bank, and the proof of what its threads can and cannot do to the money.
//!
//! In reading order:
//!
//! 1. [`sync`]: locks, cells, events and threads; the only door to threads, with three builds
//!    behind it.
//! 2. `bank` and `suite`: the programs of a lesson on deadlocks, written over `sync`, and what
//!    is expected of each.
//! 3. `world`: what each operation means.
//! 4. [`engine`]: who decides what runs next, and what it answers.
//! 5. `trace`: one interleaving, and what it is shown as.
//! 6. `gate`: the answers of all builds, held against what was expected; with the feature `cli`.
//! 7. [`trust`]: what a verdict rests on, and how it could still be wrong.
//!
//! [`check`] puts them together for a test of one's own, and [`Apart`] keeps such a test from taking the
//! others with it.

mod apart;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod bank;
mod check;
pub mod engine;
#[cfg(feature = "cli")]
mod exit;
#[cfg(feature = "cli")]
pub mod gate;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod suite;
mod supervisor;
pub mod sync;
mod thousands;
#[doc(hidden)]
pub mod trace;
pub mod trust;
#[doc(hidden)]
pub mod world;

pub use apart::{Apart, ApartError};
pub use check::check;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub use exit::Exit;
#[doc(hidden)]
pub use thousands::thousands;
