//! How far a search may go.

use crate::engine::{AT_THE_LIMIT_OF_TIME, Progress, Watch};
use std::ops::ControlFlow;

/// Whether steps of no interest to any other thread are taken together with the step before.
///
/// A thread that reads and writes what only it can touch, or what only a lock that it holds lets
/// others touch, does so unseen. Taken together there are fewer states; every end is still found, and
/// whether there is a cycle, and whether an end can be reached. Where that is not enough, because there is a
/// simplest failure to look for or interleavings to count, every step is then taken by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reduction {
    /// Every step is taken by itself.
    Never,
    /// In a program with a loop: only there the interleavings cannot be counted anyway.
    #[default]
    InLoops,
    /// In every program, to find out whether the ends are the same.
    Always,
}

/// How far the search may go, and how it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most states.
    pub states: usize,
    /// The most bytes for the states.
    pub bytes: usize,
    /// Which steps are taken together.
    pub reduction: Reduction,
    /// The most runs of the real code to hold against what was learned.
    pub samples: usize,
    /// Where those start.
    pub seed: u64,
}

impl Default for Limits {
    /// A billion states in 8 GiB, whichever is less, and 1,000 runs of the real code.
    fn default() -> Self {
        Self {
            states: 1 << 30,
            bytes: 8 << 30,
            reduction: Reduction::default(),
            samples: 1_000,
            seed: 0,
        }
    }
}

/// How far the exploration has come, and what it takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Far {
    pub(crate) progress: Progress,
    pub(crate) moves: usize,
    pub(crate) bytes: usize,
}

/// What is left to a run that learns.
#[derive(Debug)]
pub(crate) struct Allowance {
    watch: Watch,
    /// How many bytes what is learned may take.
    bytes: usize,
}

impl Allowance {
    /// Whether it must not go on, where what is learned takes so many bytes.
    pub(super) fn is_spent(&self, bytes: usize) -> bool {
        bytes > self.bytes || self.watch.is_interrupted()
    }
}

impl Limits {
    /// What is left to a run that learns, beside so many bytes of states.
    pub(super) fn allowance(&self, states: usize, watch: &Watch) -> Allowance {
        Allowance { watch: watch.clone(), bytes: self.bytes.saturating_sub(states) }
    }

    pub(super) fn look(&self, far: Far, watch: &Watch) -> ControlFlow<()> {
        watch.tell(far.progress);
        match self.broken(far, watch) {
            Some(_) => ControlFlow::Break(()),
            None => ControlFlow::Continue(()),
        }
    }

    /// What raises the limit that is broken, on the command line and around a test.
    pub(super) fn raisable(&self, far: Far, watch: &Watch) -> Option<&'static str> {
        if let Some(why) = watch.why() {
            (why == AT_THE_LIMIT_OF_TIME).then_some("--max-time (TELLERS_MAX_TIME)")
        } else if far.progress.states > self.states {
            Some("--max-states (TELLERS_MAX_STATES)")
        } else {
            (far.bytes > self.bytes).then_some("--max-memory (TELLERS_MAX_MEMORY)")
        }
    }

    pub(super) fn broken(&self, far: Far, watch: &Watch) -> Option<String> {
        if let Some(why) = watch.why() {
            Some(why.into())
        } else if far.progress.states > self.states {
            Some("at the limit of states".into())
        } else if far.bytes > self.bytes {
            Some("at the limit of memory".into())
        } else if far.moves.max(far.progress.states) > MOST {
            Some("after as many moves as can be numbered".into())
        } else {
            None
        }
    }
}

/// States and moves are numbered in 32 bits; one look at the limits and the next are at most a
/// batch apart.
const MOST: usize = u32::MAX as usize - (1 << 20);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_may_be_reached_and_not_passed() {
        let limits = Limits { states: 10, bytes: 100, ..Limits::default() };
        let broken = |states, bytes, moves| {
            let far = Far { progress: Progress { states, ..Progress::default() }, moves, bytes };
            limits.broken(far, &Watch::default())
        };
        assert_eq!(broken(10, 100, MOST), None);
        assert_eq!(broken(11, 100, MOST).as_deref(), Some("at the limit of states"));
        assert_eq!(broken(10, 101, MOST).as_deref(), Some("at the limit of memory"));
        let numbered = Some("after as many moves as can be numbered");
        assert_eq!(broken(10, 100, MOST + 1).as_deref(), numbered);
        assert_eq!(broken(10, 100, MOST + 2).as_deref(), numbered);
        assert!(u32::try_from(MOST + (1 << 20)).is_ok(), "a batch more can be numbered");
    }
}
