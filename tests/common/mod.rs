//! Programs that nobody wrote, and what they can do: shared by the tests of all three builds.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "each test that includes this is a crate of its own"
)]

mod atomic;
mod channel;
mod child;
mod instr;
mod ledger;
mod mutex;
mod objects;
mod once;
mod outcome;
mod pointers;
mod random;
pub mod reference;
mod run;
mod rwlock;
mod shape;
mod source;
mod unguarded;

pub use channel::Ends;
pub use child::{Child, caught, detach, has_ended, join, on_drop};
pub use instr::{Deed, End, How, Instr, To};
pub use objects::{Objects, Outside};
pub use outcome::{Main, Outcome, counted, lines, nameless, outcomes, ranked};
pub use pointers::Kept;
pub use random::for_random_programs;
#[cfg_attr(
    any(loom, feature = "shuttle"),
    expect(unused_imports, reason = "only real threads run one alone")
)]
pub use run::body;
pub use run::{Told, acc, program};
pub use shape::{About, Shape};
pub use source::source;
