//! The lesson's programs, and what each must turn out to do to the money.
//!
//! A [`Scenario`] is one program of the lesson at a size ([`Setup`]), with what an engine is
//! [expected](Expectation) to find out about it: a set of failures that can be reached, no other,
//! and what must have been seen on the way.

mod audit;
mod budget;
mod check;
mod deadlocks;
mod expect;
mod forced;
mod guarded;
mod running;
mod scenario;
mod setup;
mod shows;
mod timeouts;
mod trains;
mod unguarded;

pub use audit::{Audit, judge};
pub use budget::budget;
pub use check::{Checked, check, check_watched};
pub use expect::Expectation;
pub use running::Running;
pub use scenario::{Scenario, SetupError, Unknown, find, scenarios};
pub use setup::{Amounts, NoSetup, Setup};
pub use shows::Show;
