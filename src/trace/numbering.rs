//! The numbers that steps are shown with.

use super::replay::last_world;
use super::switches::is_housekeeping;
use super::{Pending, Trace};
use crate::world::ThreadId;

/// The number of each step that is shown, counted from 1, and then of what threads can never do. The
/// main thread's spawning and joining has none.
#[derive(Clone, Debug)]
pub(super) struct Numbering {
    numbers: Vec<Option<usize>>,
    blocked: Vec<(ThreadId, usize)>,
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
        let world = last_world(trace);
        let blocked =
            trace.pending.iter().filter(|p| is_shown(p) && !world.certain(p.thread, p.op));
        let blocked = blocked.map(|pending| (pending.thread, number())).collect();
        Self { numbers, blocked }
    }

    /// The number of the step at an index of [`Trace::steps`].
    pub(super) fn of(&self, step: usize) -> Option<usize> {
        self.numbers.get(step).copied().flatten()
    }

    /// The number of the last of so many steps that has one.
    pub(super) fn last_of(&self, steps: usize) -> Option<usize> {
        self.numbers.iter().take(steps).rev().find_map(|number| *number)
    }

    /// The number of what a thread can never do, if that is shown.
    pub(super) fn of_blocked(&self, thread: ThreadId) -> Option<usize> {
        self.blocked.iter().find(|(blocked, _)| *blocked == thread).map(|&(_, number)| number)
    }
}

/// Whether what a thread had come to is worth showing.
fn is_shown(pending: &Pending) -> bool {
    !is_housekeeping(pending.thread, pending.op)
}
