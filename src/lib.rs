//! A small bank, and the proof of what its threads can and cannot do to the money.
//!
//! In reading order, and what is never so in each part, on purpose:
//!
//! 1. [`sync`]: std's primitives under std's names, and the lesson's; the only door to threads, with three builds
//!    behind it. Nothing in it judges a run, and no primitive says what an operation means to a model.
//! 2. `bank` and `suite`: the programs of a lesson on deadlocks, written over `sync`, and what
//!    is expected of each. `bank` knows nothing but `sync`, and no build.
//! 3. `world`: what each operation means, what it is called, and how its object is packed: a file for each
//!    primitive. It knows no other part: no engine, no run, no format.
//! 4. [`engine`]: who decides what runs next, and what it answers. No engine knows what a primitive is, but
//!    for locks and cells, whose use it may see through; none knows how an answer is shown.
//! 5. `trace`: one interleaving, and what it is shown as. Nothing in it looks at a run.
//! 6. `gate`: the answers of all builds, held against what was expected; with the feature `cli`. It knows
//!    neither `sync` nor `world`.
//! 7. [`trust`]: what a verdict rests on, and how it could still be wrong.
//!
//! `tests/house.rs` holds who knows whom, that no two files import each other but a module and its parts,
//! and that none is long.
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
pub use sync::alloc::Alloc;
pub use sync::{choose, hint, steps, thread};
#[doc(hidden)]
pub use thousands::thousands;

/// std's cells.
pub mod cell {
    pub use crate::sync::unsafe_cell::UnsafeCell;
}
