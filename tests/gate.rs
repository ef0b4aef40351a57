//! The gate: what turns it red, with which words and which exit code, and what it writes.
#![cfg(all(not(loom), feature = "shuttle"))]

mod common;
mod files;
mod outputs;
mod shards;
mod verdicts;
