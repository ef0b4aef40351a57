//! Why a search came to no end.

use std::io;
use std::time::Duration;

/// A search that came to no end: why, in words that go on from "cut short".
#[derive(Debug, thiserror::Error)]
pub(crate) enum Crash {
    /// There is no thread to do it.
    #[error("before it began: no thread can be started: {0}")]
    NotStarted(io::Error),
    /// A thread of it can go no further, and cannot be left, either.
    #[error("{0}")]
    Lost(String),
    /// No operation came for so long.
    #[error(
        "by a thread that blocks or loops outside of tellers::sync: it came to no operation for {time:?}{after}"
    )]
    Stuck {
        time: Duration,
        /// What the last operation was, in words that go on from that.
        after: String,
    },
}
