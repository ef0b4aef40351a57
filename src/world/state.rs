//! The shared state.

use super::shared::{self, Look, Shared};
use super::{CellId, EventId, Finish, LockId, Op, Outcome, ThreadId};

/// How far a thread has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadState {
    /// Nobody has spawned it yet.
    Absent,
    /// It has been spawned and has not come to an end.
    Running,
    /// It has nothing left to do but to end: it can be joined, and still be seen alive.
    Leaving(Finish),
    /// It has been seen to have ended, or has been joined.
    Finished(Finish),
}

impl ThreadState {
    /// How the thread came to its end, if it has.
    pub fn finish(self) -> Option<Finish> {
        match self {
            Self::Absent | Self::Running => None,
            Self::Leaving(finish) | Self::Finished(finish) => Some(finish),
        }
    }
}

/// Everything that threads share.
///
/// Objects are created before they are used; an object that nobody has created yet reads as a free
/// lock, a cell of 0, a lowered event or an absent thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct World {
    pub(crate) holders: Vec<Option<ThreadId>>,
    pub(crate) cells: Vec<i64>,
    pub(crate) events: Vec<bool>,
    pub(crate) threads: Vec<ThreadState>,
}

impl World {
    /// A world in which only the main thread exists.
    pub fn new() -> Self {
        let mut world = Self::default();
        *slot(&mut world.threads, 0, ThreadState::Absent) = ThreadState::Running;
        world
    }

    /// Gives a new cell its first value.
    pub fn create_cell(&mut self, cell: CellId, initial: i64) {
        *slot(&mut self.cells, cell.index(), 0) = initial;
    }

    /// A thread has nothing left to do but to [end](Op::End).
    pub fn leave(&mut self, thread: ThreadId, finish: Finish) {
        *slot(&mut self.threads, thread.index(), ThreadState::Absent) =
            ThreadState::Leaving(finish);
    }

    /// Who holds a lock, if anybody does.
    pub fn holder(&self, lock: LockId) -> Option<ThreadId> {
        self.holders.get(lock.index()).copied().flatten()
    }

    /// What a cell contains.
    pub fn value(&self, cell: CellId) -> i64 {
        self.cells.get(cell.index()).copied().unwrap_or(0)
    }

    /// Whether an event is raised.
    pub fn is_set(&self, event: EventId) -> bool {
        self.events.get(event.index()).copied().unwrap_or(false)
    }

    /// How far a thread has come.
    pub fn thread(&self, thread: ThreadId) -> ThreadState {
        self.threads.get(thread.index()).copied().unwrap_or(ThreadState::Absent)
    }

    /// Whether the operation can take effect now; a thread whose operation cannot must wait.
    pub fn enabled(&self, op: Op) -> bool {
        shared::enabled(self, op)
    }

    /// Whether the operation meets a lock that somebody holds: it must wait, or will time out.
    pub fn contended(&self, op: Op) -> bool {
        shared::contended(self, op)
    }

    /// Performs an operation that is [enabled](Self::enabled), and says what it answered.
    pub fn apply(&mut self, thread: ThreadId, op: Op) -> Outcome {
        shared::apply(self, thread, op)
    }
}

impl Look for World {
    fn holder(&self, lock: LockId) -> Option<ThreadId> {
        self.holder(lock)
    }

    fn value(&self, cell: CellId) -> i64 {
        self.value(cell)
    }

    fn is_set(&self, event: EventId) -> bool {
        self.is_set(event)
    }

    fn thread(&self, thread: ThreadId) -> ThreadState {
        self.thread(thread)
    }
}

impl Shared for World {
    fn set_holder(&mut self, lock: LockId, holder: Option<ThreadId>) {
        *slot(&mut self.holders, lock.index(), None) = holder;
    }

    fn set_value(&mut self, cell: CellId, value: i64) {
        *slot(&mut self.cells, cell.index(), 0) = value;
    }

    fn set_event(&mut self, event: EventId, raised: bool) {
        *slot(&mut self.events, event.index(), false) = raised;
    }

    fn start(&mut self, thread: ThreadId) {
        *slot(&mut self.threads, thread.index(), ThreadState::Absent) = ThreadState::Running;
    }

    fn end(&mut self, thread: ThreadId) {
        if let Some(finish) = self.thread(thread).finish() {
            self.threads[thread.index()] = ThreadState::Finished(finish);
        }
    }
}

/// The element at `index`, after growing the vector to hold it.
fn slot<T: Copy>(items: &mut Vec<T>, index: usize, empty: T) -> &mut T {
    if items.len() <= index {
        items.resize(index + 1, empty);
    }
    &mut items[index]
}
