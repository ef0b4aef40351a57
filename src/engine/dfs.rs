//! A depth-first enumeration of every interleaving, on shuttle's threads.
//!
//! Shuttle's own picks threads only, and whose turn it is and by which choice are one question: so this one asks
//! for both, in the same order as shuttle's.

use super::chooser::Chooser;
use super::{Erased, Extent, Report, filter};
use crate::sync::value::Value;
use crate::thousands;
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::cell::Cell;
use std::rc::Rc;

/// Visits every interleaving, but no more than `max_executions`.
pub(crate) fn dfs(program: &Erased, max_executions: u64) -> Report<Value> {
    program.report(move |program, collected| {
        let more = Rc::new(Cell::new(false));
        let scheduler =
            Enumeration { branches: None, depth: 0, left: max_executions, more: Rc::clone(&more) };
        filter::run_under(scheduler, program, collected);
        if more.get() {
            let runs = thousands(i64::try_from(max_executions).unwrap_or(i64::MAX));
            Extent::CutShort { reason: format!("after {runs} runs, and there are more") }
        } else {
            Extent::Exhausted
        }
    })
}

/// One way after the other, the last branch that has one left first.
struct Enumeration {
    /// The branches on the way of the run before; nothing before the first.
    branches: Option<Vec<Branch>>,
    /// How many of them the run has come to.
    depth: usize,
    /// It stops after so many more runs, and says whether there would have been one more.
    left: u64,
    more: Rc<Cell<bool>>,
}

/// Where there are several ways.
#[derive(Clone, Copy, Debug)]
struct Branch {
    taken: usize,
    of: usize,
}

impl Enumeration {
    /// Which of so many ways the run takes.
    fn take(&mut self, of: usize) -> usize {
        let branches = self.branches.get_or_insert_default();
        if self.depth == branches.len() {
            branches.push(Branch { taken: 0, of });
        }
        let branch = &mut branches[self.depth];
        // A program that is not determined by its schedule may come to another place.
        *branch = Branch { taken: branch.taken.min(of - 1), of };
        self.depth += 1;
        branch.taken
    }

    /// Goes on to the next way, if there is one.
    fn go_on(&mut self) -> bool {
        self.depth = 0;
        let Some(branches) = &mut self.branches else { return true };
        while branches.pop_if(|last| last.taken + 1 == last.of).is_some() {}
        let last = branches.last_mut();
        last.map(|branch| branch.taken += 1).is_some()
    }
}

impl Scheduler for Enumeration {
    fn new_execution(&mut self) -> Option<Schedule> {
        if !self.go_on() {
            return None;
        }
        self.branches.get_or_insert_default();
        let left = self.left.checked_sub(1);
        self.more.set(left.is_none());
        self.left = left?;
        Some(Schedule::new(0))
    }

    fn next_task(&mut self, offered: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        Some(offered[self.take(offered.len())].id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

impl Chooser for Enumeration {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        match *offered {
            [only] => Some(only),
            _ => Some(offered[self.take(offered.len())]),
        }
    }
}
