//! Free choices. Loom has none to offer, so every script of them is searched by itself.
//!
//! A script says what threads choose; where it says nothing they take the first. What else could have been chosen in
//! its search is said by further scripts: one for each choice that was met, and each other number there, with the first
//! taken at those met before. So every way of choosing is in one of them: the one that says the first choice, in the
//! order in which they were met, that is not the first number.

use crate::world::ThreadId;
use std::collections::BTreeMap;

/// More choices in a run are a loop without end.
pub(super) const MOST: u32 = 10_000;

/// A choice of a thread, by how many it had made before, and out of how many: what others do may change that.
type Which = (ThreadId, u32, u32);

/// What threads choose.
type Script = BTreeMap<Which, u32>;

/// The choices of a search.
#[derive(Debug, Default)]
pub(super) struct Choices {
    script: Script,
    /// What was met of which the script says nothing.
    met: Vec<Which>,
    /// Scripts that are still to be searched.
    open: Vec<Script>,
    /// How many choices each thread has made in the run under way.
    made: BTreeMap<ThreadId, u32>,
}

impl Choices {
    /// Nothing has been chosen in the next run.
    pub(super) fn begin(&mut self) {
        self.made.clear();
    }

    /// Goes on to the next script, if there is one.
    pub(super) fn go_on(&mut self) -> bool {
        let mut before = self.script.clone();
        for which in std::mem::take(&mut self.met) {
            let others = (1..which.2).map(|taken| {
                let mut other = before.clone();
                other.insert(which, taken);
                other
            });
            self.open.extend(others);
            before.insert(which, 0);
        }
        let next = self.open.pop();
        next.map(|next| self.script = next).is_some()
    }

    /// What a thread chooses; nothing if it chooses without end.
    pub(super) fn choose(&mut self, thread: ThreadId, of: u32) -> Option<u32> {
        let made = self.made.entry(thread).or_default();
        let which = (thread, *made, of);
        *made += 1;
        if *made > MOST {
            return None;
        }
        let taken = self.script.get(&which).copied();
        if taken.is_none() && !self.met.contains(&which) {
            self.met.push(which);
        }
        Some(taken.unwrap_or(0))
    }
}
