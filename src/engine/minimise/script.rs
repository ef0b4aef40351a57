//! By which choice each thread moves, whoever moves before it.

use crate::sync::backend::with_run;
use crate::trace::Trace;
use crate::world::{Op, ThreadId, Turn};
use std::collections::BTreeMap;

/// The choices of some run other than the first: of which thread, and how many operations it had performed before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Script(BTreeMap<(ThreadId, usize), u32>);

/// Follows a script through a run.
#[derive(Debug)]
pub(super) struct Prompter {
    script: Script,
    performed: BTreeMap<ThreadId, usize>,
}

impl Script {
    pub(super) fn of(trace: &Trace) -> Self {
        let mut performed: BTreeMap<ThreadId, usize> = BTreeMap::new();
        let mut script = Self::default();
        for step in trace.steps.iter().filter(|step| step.op != Op::End) {
            let nth = performed.entry(step.thread).or_default();
            if step.op.choice() != 0 {
                script.0.insert((step.thread, *nth), step.op.choice());
            }
            *nth += 1;
        }
        script
    }

    /// The same with one choice less, the latest first.
    pub(super) fn shorter(&self) -> impl Iterator<Item = Self> {
        self.0.keys().rev().map(|at| {
            let mut less = self.clone();
            less.0.remove(at);
            less
        })
    }

    pub(super) fn prompter(self) -> Prompter {
        Prompter { script: self, performed: BTreeMap::new() }
    }
}

impl Prompter {
    /// The turn of a thread: as the script says, if it can move so.
    pub(super) fn turn(&mut self, thread: ThreadId) -> Turn {
        if self.script.0.is_empty() {
            return thread.into();
        }
        let nth = self.performed.entry(thread).or_default();
        let planned = self.script.0.get(&(thread, *nth)).copied();
        *nth += 1;
        let can = |choice: &u32| with_run(|run| run.offers(thread, *choice));
        Turn { thread, choice: planned.filter(can).unwrap_or(0) }
    }
}
