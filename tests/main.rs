//! All tests in one program, which is linked once; a file a subject, and each for the builds it is of.
//!
//! Every test stands alone: what ends a process, or looks at what it has printed, runs in one of its own.

mod agreement;
mod check;
mod cli;
mod common;
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
mod hostile;
mod loops;
mod mended;
mod never_false;
mod os_threads;
mod other_process;
mod partial;
mod pictures;
mod product;
mod proofs;
mod quiet;
mod replay;
mod report;
mod shortcuts;
mod suite;
mod textbook;
mod threads;
mod world;
