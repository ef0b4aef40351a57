//! The numbers that steps are shown with.

use super::Trace;
use super::switches::is_housekeeping;

/// The number of each step that is shown, counted from 1: the last is how many there are. The main
/// thread's spawning and joining has none, and neither has what threads can never do.
#[derive(Clone, Debug)]
pub(super) struct Numbering(Vec<Option<usize>>);

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
        Self(numbers)
    }

    /// The number of the step at an index of [`Trace::steps`].
    pub(super) fn of(&self, step: usize) -> Option<usize> {
        self.0.get(step).copied().flatten()
    }

    /// The number of the last of so many steps that has one.
    pub(super) fn last_of(&self, steps: usize) -> Option<usize> {
        self.0.iter().take(steps).rev().find_map(|number| *number)
    }
}
