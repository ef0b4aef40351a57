//! How a run can end.

use crate::trace::{End, Pending};
use crate::world::{Op, ThreadId, World};

/// How a run ended: all that can be told of it without its steps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ending<R> {
    /// What became of the main thread.
    pub conclusion: Conclusion<R>,
    /// The threads that a panic ended, with its message.
    pub panics: Vec<(ThreadId, String)>,
    /// The last value of each cell, by [`CellId::index`](crate::world::CellId::index).
    pub cells: Vec<i64>,
    /// Whether each lock was held, by [`LockId::index`](crate::world::LockId::index).
    pub locked: Vec<bool>,
}

/// What became of the main thread.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conclusion<R> {
    /// It returned, and every thread ended.
    Returned(R),
    /// It panicked, and every thread ended.
    Panicked,
    /// Some threads can never move again; these, and what they wait to do.
    Deadlocked(Vec<(ThreadId, Op)>),
}

impl<R> Ending<R> {
    /// The ending of a run in which every thread ended; `result` is what the main thread returned.
    pub(crate) fn finished(world: &World, ends: &[End], result: Option<R>) -> Self {
        let conclusion = result.map_or(Conclusion::Panicked, Conclusion::Returned);
        Self::new(world, ends, conclusion)
    }

    /// The ending of a run in which these threads can never move again.
    pub(crate) fn deadlocked(
        world: &World,
        ends: &[End],
        pending: impl Iterator<Item = Pending>,
    ) -> Self {
        let waits = pending.map(|waits| (waits.thread, waits.op)).collect();
        Self::new(world, ends, Conclusion::Deadlocked(waits))
    }

    pub(crate) fn new(world: &World, ends: &[End], conclusion: Conclusion<R>) -> Self {
        let panicked = |end: &End| Some((end.thread, end.panic.clone()?));
        let mut panics: Vec<_> = ends.iter().filter_map(panicked).collect();
        panics.sort_unstable();
        let cells = world.cells.clone();
        let locked = world.holders.iter().map(Option::is_some).collect();
        Self { conclusion, panics, cells, locked }.trimmed()
    }

    /// Without trailing free locks: a lock that was never used may or may not have been met.
    fn trimmed(mut self) -> Self {
        while self.locked.last() == Some(&false) {
            self.locked.pop();
        }
        self
    }

    /// Whether threads were left that can never move again.
    pub fn is_deadlock(&self) -> bool {
        matches!(self.conclusion, Conclusion::Deadlocked(_))
    }
}
