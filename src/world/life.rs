//! How far threads have come, and how they ended.

use super::ThreadId;

/// How far a thread has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadState {
    /// Nobody has spawned it yet.
    Absent,
    /// It has been spawned and has not come to an end.
    Running,
    /// It has nothing left to do but to end: it can be joined, and still be seen alive.
    Leaving(Finish),
    /// It has been seen to have ended, or has been joined.
    Finished(Finish),
}

/// How a thread ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finish {
    /// Whether it ended in a panic.
    pub panicked: bool,
    /// Stands in for the value that it returned: equal tokens, equal values.
    pub token: u32,
}

impl ThreadId {
    /// The thread that runs the checked closure.
    pub const MAIN: Self = Self(0);
}

impl Default for ThreadId {
    fn default() -> Self {
        Self::MAIN
    }
}

impl ThreadState {
    /// How the thread came to its end, if it has.
    pub fn finish(self) -> Option<Finish> {
        match self {
            Self::Absent | Self::Running => None,
            Self::Leaving(finish) | Self::Finished(finish) => Some(finish),
        }
    }
}
