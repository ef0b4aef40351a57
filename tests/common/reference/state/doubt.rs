//! Steps that nobody may count on.

use super::super::super::instr::Instr;
use super::super::thread::{Thread, Todo};
use super::{Name, State};

impl State {
    /// Whether some thread is sure to take a step, other than an end that nobody is about to ask for: where none is,
    /// no wake-up comes to the rescue.
    pub(in super::super) fn goes_on(&self) -> bool {
        let is_asked_for = |name: &Name| {
            self.threads.values().any(|thread| match thread.todo.last() {
                Some(Todo::Do(Instr::Join | Instr::IsFinished)) => {
                    thread.children.last() == Some(name)
                }
                _ => false,
            })
        };
        let goes_on = |thread: &Thread| match thread.todo.last() {
            Some(Todo::End) => is_asked_for(&thread.name),
            _ => !self.steps(thread).is_empty(),
        };
        !self.is_left_out() && self.threads.values().any(goes_on)
    }

    /// What can come next by a wake-up without a notification.
    pub(in super::super) fn doubtful_successors(&self) -> Vec<Self> {
        let woken = |thread: &Thread| match thread.todo.last()? {
            Todo::Wake(wait) if !wait.is_timed && !self.notified.contains(&thread.name) => {
                let mut state = self.clone();
                state.notify((wait.mutex.clone(), thread.name.clone()));
                state.step(thread)
            }
            _ => None,
        };
        self.threads.values().filter_map(woken).collect()
    }
}
