//! Schedulers that know beforehand whose turn it is.

use super::chooser::Chooser;
use crate::sync::backend::with_run;
use crate::world::{ThreadId, Turn};
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// Says whose turn it is: given the threads that can move, and nobody's if the run is to stop there.
pub(crate) type Pick = Box<dyn FnMut(&[ThreadId]) -> Option<Turn>>;

/// Runs the program as often as `begin` says how it is decided whose turn it is.
pub(crate) struct Picking<B> {
    begin: B,
    pick: Option<Pick>,
    /// Of the turn that was picked.
    choice: u32,
}

impl<B: FnMut() -> Option<Pick>> Picking<B> {
    pub(crate) fn new(begin: B) -> Self {
        Self { begin, pick: None, choice: 0 }
    }
}

/// Runs the program once.
pub(crate) fn once(
    pick: impl FnMut(&[ThreadId]) -> Option<Turn> + 'static,
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
        self.choice = picked.choice;
        threads.iter().position(|&thread| thread == picked.thread).map(|i| offered[i].id())
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

impl<B: FnMut() -> Option<Pick>> Chooser for Picking<B> {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        Some(self.choice).filter(|choice| offered.contains(choice))
    }
}
