//! Programs that nobody wrote, and what they can do: shared by the tests of all three builds.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "each test that includes this is a crate of its own"
)]

mod instr;
mod outcome;
mod random;
pub mod reference;
mod run;
mod source;

pub use instr::Instr;
pub use outcome::{Main, Outcome, counted, lines, nameless, outcomes, ranked};
pub use random::{Shape, for_random_programs};
pub use run::{Told, acc, body, has_ended, join, program};
pub use source::source;
