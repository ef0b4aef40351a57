//! Why a search came to no end.

use std::error::Error;
use std::fmt;
use std::io;
use std::time::Duration;

/// A search that came to no end: why, in words that go on from "cut short".
#[derive(Debug)]
pub(crate) enum Crash {
    /// There is no thread to do it.
    NotStarted(io::Error),
    /// A thread of it can go no further, and cannot be left, either.
    Lost(String),
    /// No operation came for so long.
    Stuck {
        time: Duration,
        /// What the last operation was, in words that go on from that.
        after: String,
    },
}

impl Error for Crash {}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => {
                write!(f, "before it began: no thread can be started: {error}")
            }
            Self::Lost(why) => f.write_str(why),
            Self::Stuck { time, after } => write!(
                f,
                "by a thread that blocks or loops outside of tellers::sync: it came to no operation for \
                 {time:?}{after}"
            ),
        }
    }
}
