//! Who called for each operation: the lines above its own that were under way at the time.

use crate::world::ThreadId;
use std::collections::BTreeMap;
use std::fmt;

/// A line of the source from which something was called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Caller {
    /// The file, named as in a [`Place`](super::Place).
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1 in characters.
    pub column: u32,
}

/// The callers of a trace's operations, as far as they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Callers(BTreeMap<(ThreadId, usize), Vec<Caller>>);

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Callers {
    /// Notes from where a thread's operation was called, the innermost caller first; `nth` counts those of
    /// the thread, its end left out.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn note(&mut self, thread: ThreadId, nth: usize, callers: Vec<Caller>) {
        self.0.insert((thread, nth), callers);
    }

    /// From where a thread's operation was called; nothing if that is its body, or not known.
    pub(super) fn of(&self, thread: ThreadId, nth: usize) -> &[Caller] {
        self.0.get(&(thread, nth)).map_or(&[], Vec::as_slice)
    }
}
