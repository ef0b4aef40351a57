//! The forms that an interleaving has.

/// The forms that an interleaving has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// A table for the terminal
    #[default]
    Text,
    /// A table and a sequence diagram, as GitHub renders them
    Markdown,
    /// Everything, for other programs
    Json,
    /// A page to step through, in one file
    Html,
    /// A sequence diagram in mermaid's language
    Mermaid,
}

impl Format {
    /// Whether it is for people at a terminal.
    pub(super) fn is_text(self) -> bool {
        self == Self::Text
    }

    /// Whether several interleavings can stand one after the other.
    pub(super) fn joins(self) -> bool {
        matches!(self, Self::Text | Self::Markdown)
    }
}
