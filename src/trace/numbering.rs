//! The numbers that steps are shown with.

use super::switches::is_housekeeping;
use super::{Pending, Trace};

/// The number of each step that is shown, counted from 1. The main thread's spawning and joining
/// has none.
#[derive(Clone, Debug)]
pub(super) struct Numbering {
    numbers: Vec<Option<usize>>,
    count: usize,
}

impl Numbering {
    pub(super) fn new(trace: &Trace) -> Self {
        let mut count = 0;
        let mut number = || {
            count += 1;
            count
        };
        let numbers = trace
            .steps
            .iter()
            .map(|step| (!is_housekeeping(step.thread, step.op)).then(&mut number))
            .collect();
        Self { numbers, count }
    }

    /// The number of the step at an index of [`Trace::steps`].
    pub(super) fn of(&self, step: usize) -> Option<usize> {
        self.numbers.get(step).copied().flatten()
    }

    /// How many steps have a number.
    pub(super) fn count(&self) -> usize {
        self.count
    }
}

/// Whether what a thread had come to is worth showing.
pub(super) fn is_shown(pending: &Pending) -> bool {
    !is_housekeeping(pending.thread, pending.op)
}
