//! Free choices.

use super::{State, Thread};

impl State {
    /// What comes of a thread's choice of this number.
    pub(super) fn chosen(&self, thread: &Thread, one: i64) -> Self {
        let (mut after, mut thread) = (self.clone(), thread.clone());
        thread.todo.pop();
        thread.seen.push(one);
        after.settle(thread);
        after
    }
}
