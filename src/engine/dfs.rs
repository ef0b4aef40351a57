//! Shuttle's depth-first enumeration of every interleaving.

use super::{Erased, Extent, Report, filter};
use crate::sync::value::Value;
use crate::thousands;
use shuttle::scheduler::{DfsScheduler, Schedule, Scheduler, Task, TaskId};
use std::cell::Cell;
use std::rc::Rc;

/// Visits every interleaving, but no more than `max_executions`.
pub(crate) fn dfs(program: &Erased, max_executions: u64) -> Report<Value> {
    program.report(move |program, collected| {
        let more = Rc::new(Cell::new(false));
        let all = DfsScheduler::new(None, false);
        let scheduler = AtMost { all, left: max_executions, more: Rc::clone(&more) };
        filter::run_under(scheduler, program, collected);
        if more.get() {
            let runs = thousands(i64::try_from(max_executions).unwrap_or(i64::MAX));
            Extent::CutShort { reason: format!("after {runs} runs, and there are more") }
        } else {
            Extent::Exhausted
        }
    })
}

/// Stops after so many runs, and says whether there would have been one more.
struct AtMost {
    all: DfsScheduler,
    left: u64,
    more: Rc<Cell<bool>>,
}

impl Scheduler for AtMost {
    fn new_execution(&mut self) -> Option<Schedule> {
        let next = self.all.new_execution()?;
        let left = self.left.checked_sub(1);
        self.more.set(left.is_none());
        self.left = left?;
        Some(next)
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.all.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.all.next_u64()
    }
}
