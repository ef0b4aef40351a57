//! Schedulers that know beforehand who is to move.

use crate::sync::backend::with_run;
use crate::world::ThreadId;
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// Runs the program once, and lets `pick` say who moves: given the threads that can, and none if
/// the run is to stop there.
pub(crate) struct Picking<P> {
    pick: P,
    ran: bool,
}

impl<P: FnMut(&[ThreadId]) -> Option<ThreadId>> Picking<P> {
    pub(crate) fn new(pick: P) -> Self {
        Self { pick, ran: false }
    }
}

impl<P: FnMut(&[ThreadId]) -> Option<ThreadId>> Scheduler for Picking<P> {
    fn new_execution(&mut self) -> Option<Schedule> {
        (!std::mem::replace(&mut self.ran, true)).then(|| Schedule::new(0))
    }

    fn next_task(&mut self, offered: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        let threads: Vec<ThreadId> =
            with_run(|run| offered.iter().map(|task| run.thread_of(task.id().into())).collect());
        let picked = (self.pick)(&threads)?;
        threads.iter().position(|&thread| thread == picked).map(|i| offered[i].id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}
