//! Steps that nobody may count on.

use super::super::super::instr::{Deed, How, Instr, To};
use super::super::pointers;
use super::super::thread::{Thread, Todo};
use super::{Name, State};
use std::rc::Rc;

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
        !self.is_left_out() && !self.is_raced() && self.threads.values().any(goes_on)
    }

    /// What can come next by a wake-up without a notification, without being unparked, by a weak exchange that
    /// fails for no reason, or by a reader that is let in past a writer who waits.
    pub(in super::super) fn doubtful_successors(&self) -> Vec<Self> {
        let woken = |thread: &Thread| match thread.todo.last()? {
            Todo::Wake(wait) if !self.notified.contains(&thread.name) => {
                let mut state = self.clone();
                state.notify((wait.mutex.clone(), thread.name.clone()));
                state.step(thread)
            }
            Todo::Do(Instr::Park) if !self.primitives.is_unparked(&thread.name) => {
                let mut state = self.clone();
                Rc::make_mut(&mut state.primitives).unpark(&thread.name);
                state.step(thread)
            }
            _ => None,
        };
        let failed = |thread: &Thread| match thread.todo.last()? {
            Todo::Do(Instr::Atomic(which, Deed::Weak(is, _))) => {
                let atomic = &self.atomics[&thread.objects.places[*which]];
                let before = atomic.is(*is)?;
                let mut thread = thread.clone();
                thread.seen.push(before);
                Some(self.chosen(&thread, 0))
            }
            Todo::Do(Instr::Pointer(which, To::ChangeWeakly(more))) => {
                let pointer = self.primitives.pointer(&thread.objects.places[*which]);
                let mut thread = thread.clone();
                pointers::fail(pointer, &mut thread, *more)?;
                Some(self.chosen(&thread, 0))
            }
            Todo::Do(Instr::Read(which, How::Waits, body)) => {
                let lock = &thread.objects.places[*which];
                self.primitives.is_awaited(lock).then(|| self.let_in(thread, lock, body))?
            }
            _ => None,
        };
        let threads = self.threads.values();
        threads.clone().filter_map(woken).chain(threads.filter_map(failed)).collect()
    }
    /// A thread reads though a writer waits; nothing if somebody writes.
    fn let_in(&self, thread: &Thread, lock: &Name, body: &[Instr]) -> Option<Self> {
        let (mut after, mut thread) = (self.clone(), thread.clone());
        thread.todo.pop();
        Rc::make_mut(&mut after.primitives).read(&mut thread, lock, How::Waits, body)?;
        after.settle(thread);
        Some(after)
    }
}
