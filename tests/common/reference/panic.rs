//! What is known of a panic.

/// How a thread panicked.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Panic {
    Message(&'static str),
    Payload(i64),
}

impl Panic {
    pub(super) fn message(&self) -> &'static str {
        match self {
            Self::Message(message) => message,
            Self::Payload(_) => "a panic without a message",
        }
    }

    pub(super) fn told(&self) -> i64 {
        match self {
            Self::Message(_) => -1,
            Self::Payload(value) => *value,
        }
    }
}
