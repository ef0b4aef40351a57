//! Who moves at each step of a run, in terms that every process has.

use super::Trace;
use crate::world::{Object, ThreadId, Turn};
use std::collections::BTreeSet;
#[cfg(feature = "cli")]
use std::collections::HashSet;

/// Who moves at each step of a run.
///
/// Threads are numbered as they are listed here, and listed by who made them: that is the same in every
/// run, whatever else it has met and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Every thread but the main one, which is number 0: who made it, and how many threads that one had
    /// made before. The main thread counts itself among those that it made.
    pub threads: Vec<(ThreadId, u32)>,
    /// Who moves, and by which choice, one for each step.
    pub turns: Vec<Turn>,
}

impl Schedule {
    /// The schedule of a run.
    pub fn of(trace: &Trace) -> Self {
        let listed = movers_by_lineage(trace);
        let number =
            |thread| ThreadId::new(listed.iter().position(|&it| it == thread).unwrap_or(0));
        let origin = |thread: &ThreadId| trace.names.origin(Object::of(*thread));
        let threads = listed[1..].iter().filter_map(origin);
        Self {
            threads: threads.map(|(maker, nth)| (number(maker), nth)).collect(),
            turns: trace.steps.iter().map(|step| Turn::of(number(step.thread), step.op)).collect(),
        }
    }

    /// Whether every thread is listed once, and after the one that made it.
    #[cfg(feature = "cli")]
    pub(super) fn is_sound(&self) -> bool {
        let mut known = HashSet::from([(ThreadId::MAIN, 0)]);
        let in_order = |(i, made): (usize, &(ThreadId, u32))| {
            let (maker, _) = made;
            maker.index() <= i && known.insert(*made)
        };
        self.threads.iter().enumerate().all(in_order)
            && self.turns.iter().all(|turn| turn.thread.index() <= self.threads.len())
    }
}

/// The threads that move: the main thread, then those that it made, then those that these made.
fn movers_by_lineage(trace: &Trace) -> Vec<ThreadId> {
    let main = [ThreadId::MAIN];
    let all: BTreeSet<_> = trace.steps.iter().map(|step| step.thread).chain(main).collect();
    let mut all = Vec::from_iter(all);
    all.sort_by_cached_key(|&thread| {
        let line = trace.names.lineage(Object::of(thread));
        (thread != ThreadId::MAIN, line.len(), line)
    });
    all
}
