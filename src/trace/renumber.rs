//! The same things, numbered in another way.

use super::{End, Kind, Names, Pending, Step, Trace};
use crate::world::{CellId, EventId, LockId, Op, ThreadId};

/// Gives everything that is numbered in one list of names its number in another one, which grows by
/// what is not there.
#[derive(Debug)]
pub(super) struct Renumbering<'a> {
    from: &'a Names,
    to: Names,
    known: [Vec<Option<usize>>; Kind::COUNT],
}

impl<'a> Renumbering<'a> {
    pub(super) fn new(from: &'a Names, to: Names) -> Self {
        Self { from, to, known: Default::default() }
    }

    /// The number of an object. One that its own names do not know keeps its number.
    pub(super) fn index(&mut self, kind: Kind, index: usize) -> usize {
        let known = &mut self.known[kind as usize];
        if known.len() <= index {
            known.resize(index + 1, None);
        }
        if let Some(number) = known[index] {
            return number;
        }
        let Some((maker, _)) = self.from.origin(kind, index) else { return index };
        let maker = if maker == ThreadId::MAIN { maker } else { self.thread(maker) };
        let number = self.to.adopt(self.from, kind, index, maker);
        self.known[kind as usize][index] = Some(number);
        number
    }

    pub(super) fn thread(&mut self, thread: ThreadId) -> ThreadId {
        ThreadId::new(self.index(Kind::Thread, thread.index()))
    }

    fn op(&mut self, op: Op) -> Op {
        renumbered(op, |kind, index| self.index(kind, index))
    }

    /// The trace of a run that had these first values, took these steps and got this far.
    pub(super) fn trace(
        mut self,
        initial: &[(CellId, i64)],
        steps: &[Step],
        pending: impl Iterator<Item = Pending>,
        ends: &[End],
    ) -> Trace {
        let mut first = Vec::new();
        for &(cell, value) in initial {
            let cell = self.index(Kind::Cell, cell.index());
            first.resize(first.len().max(cell + 1), 0);
            first[cell] = value;
        }
        let step =
            |step: &Step| Step { thread: self.thread(step.thread), op: self.op(step.op), ..*step };
        let steps = steps.iter().map(step).collect();
        let waits = |pending: Pending| Pending {
            thread: self.thread(pending.thread),
            op: self.op(pending.op),
            ..pending
        };
        let mut pending: Vec<Pending> = pending.map(waits).collect();
        pending.sort_by_key(|pending| pending.thread);
        let end = |end: &End| End { thread: self.thread(end.thread), ..end.clone() };
        let ends = ends.iter().map(end).collect();
        Trace { names: self.to, initial: first, steps, pending, ends }
    }
}

impl Trace {
    /// The same trace, with everything numbered as it is among these names; what they do not know
    /// comes after them.
    pub(crate) fn numbered_as(&self, names: &Names) -> Self {
        let cells = (0..).map(CellId::new).zip(self.initial.iter().copied());
        let initial: Vec<_> = cells.collect();
        let renumbering = Renumbering::new(&self.names, names.clone());
        renumbering.trace(&initial, &self.steps, self.pending.iter().copied(), &self.ends)
    }
}

/// An operation, with another number for the object that it is about.
pub(crate) fn renumbered(op: Op, number: impl FnMut(Kind, usize) -> usize) -> Op {
    let mut to = Numbered(number);
    match op {
        Op::Acquire(lock) => Op::Acquire(to.lock(lock)),
        Op::AcquireTimeout(lock) => Op::AcquireTimeout(to.lock(lock)),
        Op::Release(lock) => Op::Release(to.lock(lock)),
        Op::Locked(lock) => Op::Locked(to.lock(lock)),
        Op::Load(cell) => Op::Load(to.cell(cell)),
        Op::Store(cell, value) => Op::Store(to.cell(cell), value),
        Op::Set(event) => Op::Set(to.event(event)),
        Op::Clear(event) => Op::Clear(to.event(event)),
        Op::IsSet(event) => Op::IsSet(to.event(event)),
        Op::Wait(event) => Op::Wait(to.event(event)),
        Op::Spawn(thread) => Op::Spawn(to.thread(thread)),
        Op::Join(thread) => Op::Join(to.thread(thread)),
        Op::IsFinished(thread) => Op::IsFinished(to.thread(thread)),
        Op::Yield | Op::End => op,
    }
}

/// Numbers objects of every kind.
struct Numbered<F>(F);

impl<F: FnMut(Kind, usize) -> usize> Numbered<F> {
    fn lock(&mut self, lock: LockId) -> LockId {
        LockId::new((self.0)(Kind::Lock, lock.index()))
    }

    fn cell(&mut self, cell: CellId) -> CellId {
        CellId::new((self.0)(Kind::Cell, cell.index()))
    }

    fn event(&mut self, event: EventId) -> EventId {
        EventId::new((self.0)(Kind::Event, event.index()))
    }

    fn thread(&mut self, thread: ThreadId) -> ThreadId {
        ThreadId::new((self.0)(Kind::Thread, thread.index()))
    }
}
