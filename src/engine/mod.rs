//! Who decides what runs next, one file an engine, and what it answers.
//!
//! An engine is run by its name: [`Engine::run`]. What only one build has stands beside it for the project's own
//! tests and benches.

mod collect;
#[cfg(any(loom, feature = "shuttle"))]
mod conclude;
mod ending;
mod erased;
mod failure;
mod program;
#[cfg(any(loom, feature = "shuttle"))]
mod reorder;
mod report;
mod select;
mod sentences;
mod starving;
mod tried;
mod tries;
mod watch;

#[cfg(all(not(loom), feature = "shuttle"))]
mod along;
#[cfg(all(not(loom), feature = "shuttle"))]
mod callers;
#[cfg(all(not(loom), feature = "shuttle"))]
mod chooser;
#[cfg(all(not(loom), feature = "shuttle"))]
mod dfs;
#[cfg(all(not(loom), feature = "shuttle"))]
mod filter;
#[cfg(all(not(loom), feature = "shuttle"))]
mod follows;
#[cfg(loom)]
mod loom;
#[cfg(all(not(loom), feature = "shuttle"))]
mod minimise;
#[cfg(all(not(loom), feature = "shuttle"))]
mod pct;
#[cfg(all(not(loom), feature = "shuttle"))]
#[doc(hidden)]
pub mod product;
#[cfg(all(not(loom), feature = "shuttle"))]
mod random;
#[cfg(all(not(loom), feature = "shuttle"))]
mod replay;
#[cfg(all(not(loom), feature = "shuttle"))]
mod solo;
#[cfg(all(not(loom), not(feature = "shuttle")))]
mod threads;
#[cfg(all(not(loom), feature = "shuttle"))]
mod typed;
#[cfg(all(not(loom), feature = "shuttle"))]
mod watched;

pub use ending::{Conclusion, Ending};
pub(crate) use erased::Erased;
pub use failure::{Failure, UnknownFailure};
#[cfg(loom)]
#[doc(hidden)]
pub use loom::{LoomBounds, LoomVariables, loom, minimised, refuse_loom_variables};
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) use minimise::simplified;
#[cfg(all(not(loom), feature = "shuttle"))]
#[doc(hidden)]
pub use pct::PCT_DEPTHS;
pub use program::Program;
#[cfg(all(not(loom), feature = "shuttle"))]
#[doc(hidden)]
pub use replay::Replayed;
pub use report::{Bound, Count, Coverage, Extent, Found, Proof, Report, Seen, Verdict};
pub use select::{Effort, Engine, EngineError, UnknownEngine};
pub use starving::Starving;
#[cfg(all(not(loom), not(feature = "shuttle")))]
#[doc(hidden)]
pub use threads::threads;
pub use tried::Tried;
pub use tries::Tries;
#[cfg(all(not(loom), feature = "shuttle", feature = "cli"))]
#[doc(hidden)]
pub use typed::replay_token;
#[cfg(all(not(loom), feature = "shuttle"))]
#[doc(hidden)]
pub use typed::{dfs, minimised, pct, random, replay, replay_schedule, reproduced, unreached};
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) use watch::AT_THE_LIMIT_OF_TIME;
pub use watch::{Progress, Watch};
