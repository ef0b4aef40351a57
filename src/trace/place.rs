//! A place in the source.

use std::fmt;
use std::panic::Location;

/// The place in the source that created a primitive or performed an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(&'static Location<'static>);

impl Place {
    /// The caller of the function that calls this, as far up as `#[track_caller]` reaches.
    #[track_caller]
    pub const fn caller() -> Self {
        Self(Location::caller())
    }

    /// Whether it is in Rust's own library.
    #[cfg(feature = "cli")]
    pub(super) fn is_in_rust(self) -> bool {
        let file = self.0.file();
        file.starts_with("/rustc/") || file.starts_with("library/")
    }

    /// The file, as the compiler was given it: relative to the crate, for the crate's own files,
    /// and to Rust's sources, for those.
    pub fn file(self) -> &'static str {
        let file = self.0.file();
        match file.strip_prefix("/rustc/").and_then(|rest| rest.split_once('/')) {
            Some((_, of_rust)) => of_rust,
            None => file,
        }
    }

    /// Whether it looks the same to a reader, whom no column is shown.
    pub(super) fn looks_like(self, other: Self) -> bool {
        (self.file(), self.line()) == (other.file(), other.line())
    }

    /// The line, counted from 1.
    pub fn line(self) -> u32 {
        self.0.line()
    }

    /// The column, counted from 1 in characters.
    pub fn column(self) -> u32 {
        self.0.column()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file(), self.line())
    }
}
