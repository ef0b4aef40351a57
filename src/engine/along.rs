//! Schedulers that know beforehand who is to move.

use crate::sync::backend::with_run;
use crate::world::ThreadId;
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// Says who moves: given the threads that can, and nobody if the run is to stop there.
pub(crate) type Pick = Box<dyn FnMut(&[ThreadId]) -> Option<ThreadId>>;

/// Runs the program as often as `begin` says who is to move.
pub(crate) struct Picking<B> {
    begin: B,
    pick: Option<Pick>,
}

impl<B: FnMut() -> Option<Pick>> Picking<B> {
    pub(crate) fn new(begin: B) -> Self {
        Self { begin, pick: None }
    }
}

/// Runs the program once.
pub(crate) fn once(
    pick: impl FnMut(&[ThreadId]) -> Option<ThreadId> + 'static,
) -> Picking<impl FnMut() -> Option<Pick>> {
    let mut pick = Some(Box::new(pick) as Pick);
    Picking::new(move || pick.take())
}

impl<B: FnMut() -> Option<Pick>> Scheduler for Picking<B> {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.pick = (self.begin)();
        self.pick.is_some().then(|| Schedule::new(0))
    }

    fn next_task(&mut self, offered: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        let threads: Vec<ThreadId> =
            with_run(|run| offered.iter().map(|task| run.thread_of(task.id().into())).collect());
        let picked = self.pick.as_mut()?(&threads)?;
        threads.iter().position(|&thread| thread == picked).map(|i| offered[i].id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}
