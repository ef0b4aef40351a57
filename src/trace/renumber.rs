//! The same things, numbered in another way.

use super::{Callers, End, Names, Pending, Step, Trace};
use crate::world::{Kind, Object, Op, ThreadId, World};

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
    pub(super) fn index(&mut self, object: Object) -> usize {
        let index = object.index();
        let known = &mut self.known[object.kind as usize];
        if known.len() <= index {
            known.resize(index + 1, None);
        }
        if let Some(number) = known[index] {
            return number;
        }
        let Some((maker, _)) = self.from.origin(object) else { return index };
        let maker = if maker == ThreadId::MAIN { maker } else { self.thread(maker) };
        let number = self.to.adopt(self.from, object, maker);
        self.known[object.kind as usize][index] = Some(number);
        number
    }

    pub(super) fn thread(&mut self, thread: ThreadId) -> ThreadId {
        ThreadId::new(self.index(Object::of(thread)))
    }

    fn op(&mut self, op: Op) -> Op {
        op.renumbered(|object| self.index(object))
    }

    /// The trace of a run that had these first states, took these steps and got this far.
    pub(super) fn trace(
        mut self,
        initial: &[(Object, u64)],
        steps: &[Step],
        pending: impl Iterator<Item = Pending>,
        ends: &[End],
    ) -> Trace {
        let mut first = World::new();
        for &(object, bits) in initial {
            let index = self.index(object);
            *first.bits_mut(Object::new(object.kind, index)) = bits;
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
        Trace { names: self.to, initial: first, steps, pending, ends, callers: Callers::default() }
    }
}

impl Trace {
    /// The same trace, with everything numbered as it is among these names; what they do not know
    /// comes after them.
    pub(crate) fn numbered_as(&self, names: &Names) -> Self {
        let renumbering = Renumbering::new(&self.names, names.clone());
        renumbering.trace(
            &self.initial.all_bits(),
            &self.steps,
            self.pending.iter().copied(),
            &self.ends,
        )
    }
}
