//! What the exit code says.

use std::process::ExitCode;

/// How the command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Everything is as expected.
    AsExpected = 0,
    /// Something is not as expected.
    NotAsExpected = 1,
    /// The command, or the environment that it was given in, makes no sense; clap's own code.
    Misuse = 2,
    /// The answer could not be written, or nobody read it to its end.
    Unwritten = 3,
    /// An engine could not come to an answer.
    NoAnswer = 4,
    /// Ctrl-C stopped the search; what it had covered is shown.
    Interrupted = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
