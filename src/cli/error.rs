//! What keeps a command from its end.

use std::io;
use tellers::Exit;
use tellers::engine::EngineError;
use tellers::gate::{ReportError, Unwritten};
use tellers::suite::SetupError;
use tellers::trace::TokenError;

/// What keeps a command from its end.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// Standard output does not take what is written to it.
    #[error("failed to write to standard output: {0}")]
    Output(#[from] io::Error),
    /// A file does not.
    #[error("{0}")]
    File(#[from] Unwritten),
    /// The scenario cannot have this size.
    #[error("{0}")]
    Setup(#[from] SetupError),
    /// The engine has no answer.
    #[error("{0}")]
    Engine(#[from] EngineError),
    /// The token leads nowhere.
    #[error("{0}")]
    Token(#[from] TokenError),
    /// The format is for one failure, and there are several.
    #[error("{scenario} fails in more than one way: choose one by --failure: {}", names.join(", "))]
    SeveralFailures {
        /// The scenario.
        scenario: &'static str,
        /// What can be chosen.
        names: Vec<&'static str>,
    },
    /// The format is for a failure, and there is none.
    #[error(
        "no failure of {scenario} was found that could be shown; without --format, `tellers explain` says what \
         was looked at"
    )]
    NothingToShow {
        /// The scenario.
        scenario: &'static str,
    },
    /// There are real threads in one build only.
    #[error("a demo runs on real threads, which this build does not have: {0}")]
    NoThreads(&'static str),
}

impl Error {
    /// Whether nobody reads any longer; that needs no message.
    pub(super) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Output(_) | Self::File(_) => Exit::Unwritten,
            Self::Engine(EngineError::Failed(_)) => Exit::NoAnswer,
            Self::Setup(_)
            | Self::Engine(_)
            | Self::Token(_)
            | Self::SeveralFailures { .. }
            | Self::NothingToShow { .. }
            | Self::NoThreads(_) => Exit::Misuse,
        }
    }
}

impl From<ReportError> for Error {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Output(error) => error.into(),
            ReportError::File(error) => error.into(),
        }
    }
}
