//! What the exit code says.

use std::process::ExitCode;

/// How a command ended. Where several of these hold for a gate, it is the gravest one, by
/// [`Rule::ALL`](crate::gate::Rule::ALL).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Exit {
    /// Everything is as expected.
    AsExpected = 0,
    /// Something is not as expected.
    NotAsExpected = 1,
    /// The command, or the environment that it was given in, makes no sense; clap's own code.
    Misuse = 2,
    /// The answer could not be written, or nobody read it to its end.
    Unwritten = 3,
    /// An engine could not come to an answer, or was cut short before it could prove one.
    NoAnswer = 4,
    /// Ctrl-C stopped the search; what it had covered is shown.
    Interrupted = 5,
    /// Engines that must agree do not.
    Disagree = 6,
    /// A proof saw less than it had to.
    Hollow = 7,
    /// A build failed.
    Unbuilt = 8,
    /// A result that must be there is not.
    Missing = 9,
    /// A file of results is cut off, or is none.
    Broken = 10,
    /// A file of results is of another version.
    Version = 11,
    /// A shard is missing.
    ShardMissing = 12,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
