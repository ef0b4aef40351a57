//! What a search did that it cannot come back from.

use crate::apart::beacon::after;
use std::time::Duration;
use std::{fmt, io};

/// A search that came to no end: why, in words that go on from "cut short".
#[derive(Debug)]
pub(crate) struct Crash {
    pub(super) cause: Cause,
    /// The last operation that took effect: whose, and where in the source.
    pub(super) last: Option<String>,
}

/// The MiB that a process does not grow by without a reason.
const MUCH: usize = 256;

#[derive(Debug)]
pub(super) enum Cause {
    /// There is no thread to do it.
    NotStarted(io::Error),
    /// A stack ended between two operations.
    Overflowed,
    /// A destructor panicked while its thread was being unwound: with this, as far as is known.
    PanickedAgain(Option<String>),
    /// What std does when there is no memory or a destructor of a thread local panics, or what the
    /// program asked for.
    Aborted,
    /// So many bytes were taken.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "it is not looked at"))]
    Memory { taken: usize },
    /// No operation came for so long, while the process grew by so many bytes.
    Stuck { time: Duration, grown: usize },
}

impl Cause {
    pub(super) fn before_it_began(self) -> Crash {
        Crash { cause: self, last: None }
    }
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.cause, after(&self.last))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => {
                write!(f, "before it began: no thread can be started: {error}")
            }
            Self::Overflowed => {
                write!(f, "by a stack overflow: a thread recurses, and comes to no operation")
            }
            Self::PanickedAgain(panic) => {
                write!(f, "by a panic in a destructor while its thread was being unwound")?;
                panic.iter().try_for_each(|panic| write!(f, ": {panic}"))
            }
            Self::Aborted => {
                write!(
                    f,
                    "by an abort: an allocation failed, a destructor of a thread local panicked, or the program asked for it"
                )
            }
            Self::Memory { taken } => {
                write!(f, "by a lack of memory: what is checked took {} MiB", taken >> 20)
            }
            Self::Stuck { time, grown } => {
                write!(
                    f,
                    "by a thread that blocks or loops outside of tellers::sync: it came to no operation for {time:?}"
                )?;
                match grown >> 20 {
                    ..MUCH => Ok(()),
                    mib => write!(f, ", while the process grew by {mib} MiB"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_memory_while_it_comes_to_no_operation_is_told_so() {
        let stuck = |mib: usize| Cause::Stuck { time: Duration::from_secs(1), grown: mib << 20 };
        let [little, much] = [255, 256].map(|mib| stuck(mib).to_string());
        assert!(little.ends_with("it came to no operation for 1s"), "{little}");
        assert!(much.ends_with("for 1s, while the process grew by 256 MiB"), "{much}");
    }
}
