//! Colours, where they are asked for.

use super::rows::Status;
use anstyle::{AnsiColor, Style};

/// Paints text, or leaves it as it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    pub(super) on: bool,
}

/// What fails.
pub(super) const ALARM: Style = AnsiColor::Red.on_default().bold();
/// What is possible and no failure.
pub(super) const CAUTION: Style = AnsiColor::Yellow.on_default().bold();
/// What the failure comes down to.
pub(super) const KEY: Style = Style::new().bold();
/// What is there for completeness.
pub(super) const FAINT: Style = Style::new().dimmed();

impl Paint {
    pub(super) fn paint(self, style: Style, text: &str) -> String {
        if self.on && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

impl Status {
    pub(super) fn style(self) -> Style {
        match self {
            Self::Success => AnsiColor::Green.on_default(),
            Self::TimedOut => AnsiColor::Yellow.on_default(),
            Self::Error | Self::Panicked | Self::Blocked | Self::Races | Self::Repeats => ALARM,
            Self::CannotReach => FAINT,
        }
    }
}
