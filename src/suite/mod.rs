//! The lesson's programs, and what each must turn out to do to the money.
//!
//! A [`Scenario`] is one program of the lesson at a size ([`Setup`]), with what an engine is
//! [expected](Expectation) to find out about it: a set of failures that can be reached, no other,
//! and what must have been seen on the way.

mod all;
mod audit;
mod budget;
mod check;
mod deadlocks;
mod expect;
mod forced;
mod guarded;
mod picture;
mod running;
mod scenario;
mod setup;
mod shows;
mod timeouts;
mod trains;
mod unguarded;
pub(crate) mod unmet;
mod window;

pub use all::{Unknown, find, scenarios};
pub use audit::{Audit, judge};
pub use budget::{budget, is_exhaustible};
pub use check::{Checked, check, check_watched, demand};
pub use expect::{Demand, Expectation};
pub use picture::picture;
pub use running::Running;
pub use scenario::{Scenario, SetupError};
pub use setup::{Amounts, NoSetup, Setup};
pub use shows::Show;
pub use unmet::Unmet;
pub use window::mended_tellers;
