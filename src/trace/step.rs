//! Steps, and the trace that they make.

use super::{Caller, Callers, Names, Place};
use crate::world::{Finish, Kind, Object, Op, Outcome, ThreadId, Turn, World};

/// One operation that took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Who did it.
    pub thread: ThreadId,
    /// What was done.
    pub op: Op,
    /// What it answered.
    pub outcome: Outcome,
    /// Where in the source.
    pub place: Place,
    /// Whether it could not have been counted on, such as a wake-up without a notification.
    pub doubtful: bool,
    /// For a store, how its value follows from what the thread had read there.
    pub follows: Follows,
}

/// How the value of a store follows from the thread's load before it of the same cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Follows {
    /// Nobody has tried to find out.
    #[default]
    Untried,
    /// There was no such load, or another answer makes the thread do something else.
    Unknown,
    /// It was the same for every other answer that was tried.
    Never,
    /// It was another one for another answer.
    Computed,
    /// It was larger by what the answer was larger by.
    Adds,
}

impl Step {
    /// Whose turn it was.
    pub fn turn(&self) -> Turn {
        Turn::of(self.thread, self.op)
    }

    /// The outcome, without what stands in for the value that a joined thread returned: engines
    /// number those in ways of their own.
    pub(crate) fn told(&self) -> Outcome {
        match self.outcome {
            Outcome::Joined(finish) => Outcome::Joined(Finish { token: 0, ..finish }),
            outcome => outcome,
        }
    }
}

/// An operation that a thread had come to and that had not taken effect when the run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Who would have done it.
    pub thread: ThreadId,
    /// What would have been done.
    pub op: Op,
    /// Where in the source.
    pub place: Place,
}

/// A thread's coming to its end. When it has ended is a step of its own, where anybody saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    /// The thread.
    pub thread: ThreadId,
    /// How it ended.
    pub finish: Finish,
    /// The message of the panic that ended it, if one did.
    pub panic: Option<String>,
    /// How many steps there were before it.
    pub after: usize,
}

/// One interleaving, from the start of the program to its end, or to where it could not go on. Threads
/// and all else are numbered in the order in which the run made them.
#[derive(Clone, Debug)]
pub struct Trace {
    /// What everything is called.
    pub names: Names,
    /// What was shared before the first step, objects made later included.
    pub initial: World,
    /// What was done, in the order in which it took effect.
    pub steps: Vec<Step>,
    /// What each thread that had not ended had come to.
    pub pending: Vec<Pending>,
    /// The threads that came to their ends, in order.
    pub ends: Vec<End>,
    /// Who called for the operations, once somebody has found out.
    pub callers: Callers,
}

impl Trace {
    /// From where the operation of a step was called, the innermost caller first, as far as is known.
    pub(crate) fn callers_of(&self, step: usize) -> &[Caller] {
        let Step { thread, op, .. } = self.steps[step];
        match op {
            Op::End => &[],
            _ => self.callers.of(thread, self.performed(thread, step)),
        }
    }

    /// The same of what a thread had come to in the end.
    pub(crate) fn callers_of_pending(&self, thread: ThreadId) -> &[Caller] {
        self.callers.of(thread, self.performed(thread, self.steps.len()))
    }

    /// How many operations a thread performed before a step.
    fn performed(&self, thread: ThreadId, step: usize) -> usize {
        let own = |step: &&Step| step.thread == thread && step.op != Op::End;
        self.steps[..step].iter().filter(own).count()
    }

    /// The objects whose state is a number, such as cells.
    pub(crate) fn counted(&self) -> Vec<Object> {
        let counted = Kind::ALL.iter().filter(|kind| kind.is_counted());
        let objects = |&kind: &Kind| {
            (0..self.initial.all_shown(kind).len()).map(move |index| Object::new(kind, index))
        };
        counted.flat_map(objects).collect()
    }

    /// Whether the same threads did the same, were told the same and ended in the same way. Threads and
    /// all else are the same if they have the same makers, whatever their numbers.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let steps = |trace: &Self| -> Vec<_> {
            trace.steps.iter().map(|step| (step.thread, step.op, step.told(), step.place)).collect()
        };
        let ends = |trace: &Self| -> Vec<_> {
            trace.ends.iter().map(|end| (end.thread, end.panic.clone(), end.after)).collect()
        };
        let other = &other.numbered_as(&self.names);
        steps(self) == steps(other)
            && self.pending == other.pending
            && ends(self) == ends(other)
            && self.initial == other.initial
    }
}
