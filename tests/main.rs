//! Nearly all tests in one program, which is linked once; a file a subject, and each for the builds it is of.
//!
//! Every test stands alone. What leaves much behind in its process has others: `drawn.rs` and `harm.rs`.

mod check;
mod cli;
mod conserves;
mod demo;
mod determinism;
mod diagnosis;
mod ends;
mod engines;
mod explain;
mod formats;
mod garbled;
mod gate;
mod house;
mod limits;
mod loops;
mod mended;
mod no_return;
mod pictures;
mod product;
mod proofs;
mod quiet;
mod replay;
mod report;
mod shortcuts;
mod std_sync;
mod strangers;
mod suite;
mod textbook;
mod threads;
#[cfg(not(loom))]
mod told;
mod world;
