//! What can go wrong.

#[cfg(feature = "cli")]
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// A way for a program to fail.
///
/// ```
/// use tellers::engine::Failure;
///
/// assert_eq!("lost-update".parse(), Ok(Failure::LostUpdate));
/// assert_eq!(Failure::LostUpdate.to_string(), "lost update");
/// assert!(Failure::ALL.iter().all(|failure| failure.name().parse() == Ok(*failure)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "cli", derive(Serialize, Deserialize), serde(rename_all = "kebab-case"))]
pub enum Failure {
    /// Threads wait for each other, and none can move.
    Deadlock,
    /// Threads keep moving, and none gets anywhere.
    Livelock,
    /// Threads can keep each other from getting anywhere for ever, though they need not. No engine
    /// reports it as a failure; a [`Proof`](super::Proof) shows it.
    Starvation,
    /// A thread panicked; a failed assertion, say.
    Panic,
    /// A thread begins to use data that another one uses, nothing orders the two, and one of them writes: what the
    /// program does from there on is not defined.
    DataRace,
    /// Money is gone, or there is more than there was.
    LostUpdate,
    /// A sum was taken while a transfer was half done.
    TornAudit,
    /// A thread released a lock that somebody else had released.
    ReleaseUnlocked,
}

impl Failure {
    /// Every way.
    pub const ALL: [Self; 8] = [
        Self::Deadlock,
        Self::Livelock,
        Self::Starvation,
        Self::Panic,
        Self::DataRace,
        Self::LostUpdate,
        Self::TornAudit,
        Self::ReleaseUnlocked,
    ];

    /// Its name, in one word.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deadlock => "deadlock",
            Self::Livelock => "livelock",
            Self::Starvation => "starvation",
            Self::Panic => "panic",
            Self::DataRace => "data-race",
            Self::LostUpdate => "lost-update",
            Self::TornAudit => "torn-audit",
            Self::ReleaseUnlocked => "release-unlocked",
        }
    }
}

/// No failure has this name.
///
/// ```
/// let error = "theft".parse::<tellers::engine::Failure>().unwrap_err();
/// assert_eq!(error.to_string(), "no failure is called \"theft\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFailure(String);

impl Error for UnknownFailure {}

impl fmt::Display for UnknownFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no failure is called {:?}", self.0)
    }
}

impl FromStr for Failure {
    type Err = UnknownFailure;

    fn from_str(name: &str) -> Result<Self, UnknownFailure> {
        let found = Self::ALL.into_iter().find(|failure| failure.name() == name);
        found.ok_or_else(|| UnknownFailure(name.to_owned()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deadlock => "deadlock",
            Self::Livelock => "livelock",
            Self::Starvation => "starvation",
            Self::Panic => "panic",
            Self::DataRace => "data race",
            Self::LostUpdate => "lost update",
            Self::TornAudit => "torn audit",
            Self::ReleaseUnlocked => "release of an unlocked lock",
        })
    }
}
