//! What is done or written once, as std's documentation has it.

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Once {
    Open {
        is_poisoned: bool,
    },
    /// Somebody is about it.
    Running,
    /// It is done; and this is written, if anything is.
    Done(i64),
}

impl Once {
    pub(super) fn new() -> Self {
        Self::Open { is_poisoned: false }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    pub(super) fn is_poisoned(&self) -> bool {
        *self == Self::Open { is_poisoned: true }
    }

    /// What is written, or −1.
    pub(super) fn written(&self) -> i64 {
        match self {
            Self::Done(written) => *written,
            Self::Open { .. } | Self::Running => -1,
        }
    }
}
