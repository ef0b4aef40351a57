//! A small bank, and the proof of what its threads can and cannot do to the money.

pub mod bank;
pub mod engine;
pub mod suite;
pub mod sync;
pub mod trace;
pub mod world;
