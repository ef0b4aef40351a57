//! What the engines of all builds found out, held against what they had to.
//!
//! [`Results`] are what one program found out in one build; `check --json` writes them to a file. A
//! [`Verdict`] puts such files together, and lists every [`Fault`] by the [`Rule`] that it breaks:
//! results that are not there, verdicts that are not the expected ones, engines that disagree,
//! proofs that saw less than they had to.

mod agree;
mod asked;
mod command;
mod complete;
mod count;
mod fault;
mod judge;
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
mod verdict;
mod words;

pub use asked::asked_for;
pub use command::{Report, ReportError};
pub use count::count;
pub use fault::{Fault, Rule};
pub use merge::Row;
pub use models::Model;
pub use outputs::{Unwritten, VERDICTS_VERSION};
pub use own::run;
pub use read::Source;
pub use results::{
    Build, Check, Coverage, Expected, Extent, Failed, Limit, Planned, Results, Shown, Size,
    Unreadable,
};
pub use save::save;
pub use scenario::Asked;
pub use shard::{NoShard, Shard};
pub use verdict::Verdict;
