//! What the engines of all builds found out, held against what they had to.
//!
//! [`Results`] are what one program found out in one build; `check --json` writes them to a file. A
//! [`Judgement`] puts such files together, and lists every [`Fault`] by the [`Rule`] that it breaks:
//! results that are not there, verdicts that are not the expected ones, engines that disagree,
//! proofs that saw less than they had to.

mod agree;
mod asked;
mod bounds;
mod command;
mod complete;
mod count;
mod fault;
mod judge;
mod judgement;
mod matrix;
mod merge;
mod models;
mod outputs;
pub mod own;
mod read;
mod record;
mod results;
mod save;
mod scenario;
mod shard;
mod words;

#[doc(hidden)]
pub use asked::asked_for;
#[doc(hidden)]
pub use bounds::{Bounds, from_1};
#[doc(hidden)]
pub use command::{Report, ReportError};
#[doc(hidden)]
pub use count::count;
#[doc(hidden)]
pub use fault::{Fault, Rule, TELLERS};
#[doc(hidden)]
pub use judgement::Judgement;
#[doc(hidden)]
pub use merge::Row;
pub use models::Model;
#[doc(hidden)]
pub use outputs::{Unwritten, VERDICTS_VERSION};
pub use own::run;
#[doc(hidden)]
pub use read::Source;
#[doc(hidden)]
pub use results::{
    Build, Check, Expected, Failed, Limit, Met, Planned, Reach, Results, Shown, Size, Unreadable,
};
#[doc(hidden)]
pub use save::save;
#[doc(hidden)]
pub use scenario::Asked;
#[doc(hidden)]
pub use shard::{NoShard, Shard};
