//! Where nobody goes on, though some could: the program is left out, or somebody has come to use what somebody else
//! uses, and one of the two writes.

use super::super::super::instr::Instr;
use super::super::super::outcome::Main;
use super::super::thread::{Thread, Todo};
use super::{State, Whole};

impl State {
    pub(in super::super) fn is_left_out(&self) -> bool {
        self.threads.values().any(|thread| thread.cut)
    }

    pub(in super::super) fn is_raced(&self) -> bool {
        self.threads.values().any(|thread| self.racing(thread).is_some())
    }

    /// Which threads race, and whether each is about to write.
    pub(super) fn race(&self, whole: &Whole<'_>) -> Main {
        let racing = |thread: &Thread| Some((whole.thread(&thread.name), self.racing(thread)?));
        Main::Raced(self.threads.values().filter_map(racing).collect())
    }

    /// Whether a thread is about to write, if it races.
    fn racing(&self, thread: &Thread) -> Option<bool> {
        let (which, writes) = match thread.todo.last()? {
            Todo::Do(Instr::Look(which, _)) => (*which, false),
            Todo::Do(Instr::Touch(which, ..)) => (*which, true),
            _ => return None,
        };
        let data = &thread.objects.places[which];
        self.primitives.races(data, writes).then_some(writes)
    }
}
