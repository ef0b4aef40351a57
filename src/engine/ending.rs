//! How a run can end.

use crate::trace::{End, Kind, Names, Pending};
use crate::world::{EventId, LockId, Op, ThreadId, World};

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

/// The objects of each kind in an order that does not depend on the schedules that were run.
#[derive(Debug)]
pub(crate) struct Numbers {
    threads: Vec<usize>,
    locks: Vec<usize>,
    cells: Vec<usize>,
    events: Vec<usize>,
}

impl Numbers {
    pub(crate) fn new(names: &Names) -> Self {
        Self {
            threads: names.in_order(Kind::Thread),
            locks: names.in_order(Kind::Lock),
            cells: names.in_order(Kind::Cell),
            events: names.in_order(Kind::Event),
        }
    }

    fn thread(&self, thread: ThreadId) -> ThreadId {
        ThreadId::new(position(&self.threads, thread.index()))
    }

    /// The operations that a thread can wait to do.
    fn op(&self, op: Op) -> Op {
        match op {
            Op::Acquire(lock) => Op::Acquire(LockId::new(position(&self.locks, lock.index()))),
            Op::Wait(event) => Op::Wait(EventId::new(position(&self.events, event.index()))),
            Op::Join(thread) => Op::Join(self.thread(thread)),
            _ => op,
        }
    }
}

fn position(order: &[usize], index: usize) -> usize {
    order.iter().position(|&at| at == index).unwrap_or(index)
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
        Self { conclusion, panics, cells, locked }
    }

    /// The same ending, with every object numbered as if no schedule had been run; what this run
    /// did not make is a cell of 0 or a free lock.
    pub(crate) fn renumbered(mut self, numbers: &Numbers) -> Self {
        self.cells =
            numbers.cells.iter().map(|&i| self.cells.get(i).copied().unwrap_or(0)).collect();
        self.locked =
            numbers.locks.iter().map(|&i| self.locked.get(i).copied().unwrap_or(false)).collect();
        for (thread, _) in &mut self.panics {
            *thread = numbers.thread(*thread);
        }
        self.panics.sort_unstable();
        if let Conclusion::Deadlocked(waits) = &mut self.conclusion {
            for (thread, op) in &mut *waits {
                *thread = numbers.thread(*thread);
                *op = numbers.op(*op);
            }
            waits.sort_unstable();
        }
        self
    }

    /// Whether threads were left that can never move again.
    pub fn is_deadlock(&self) -> bool {
        matches!(self.conclusion, Conclusion::Deadlocked(_))
    }
}
