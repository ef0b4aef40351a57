//! The shared state, and what each operation does to it.

use super::{CellId, EventId, Finish, LockId, Op, Outcome, ThreadId};

/// How far a thread has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThreadState {
    /// Nobody has spawned it yet.
    Absent,
    /// It has been spawned and has not ended.
    Running,
    /// It has ended.
    Finished(Finish),
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

/// What [`World::apply`] changed, so that [`World::undo`] can put it back.
#[derive(Clone, Copy, Debug)]
pub enum Undo {
    /// Nothing.
    Nothing,
    /// A lock had this holder.
    Holder(LockId, Option<ThreadId>),
    /// A cell had this value.
    Cell(CellId, i64),
    /// An event was raised, or not.
    Event(EventId, bool),
    /// A thread had come this far.
    Thread(ThreadId, ThreadState),
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

    /// Ends a thread.
    pub fn finish(&mut self, thread: ThreadId, finish: Finish) {
        *self.thread_slot(thread) = ThreadState::Finished(finish);
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

    /// Whether every thread that was spawned has ended.
    pub fn all_finished(&self) -> bool {
        !self.threads.contains(&ThreadState::Running)
    }

    /// Whether the operation can take effect now; a thread whose operation cannot must wait.
    pub fn enabled(&self, op: Op) -> bool {
        match op {
            Op::Acquire(lock) => self.holder(lock).is_none(),
            Op::Wait(event) => self.is_set(event),
            Op::Join(thread) => matches!(self.thread(thread), ThreadState::Finished(_)),
            _ => true,
        }
    }

    /// Whether the operation meets a lock that somebody holds: it must wait, or will time out.
    pub fn contended(&self, op: Op) -> bool {
        matches!(op, Op::Acquire(lock) | Op::AcquireTimeout(lock) if self.holder(lock).is_some())
    }

    /// Performs an operation that is [enabled](Self::enabled), and says what it answered.
    pub fn apply(&mut self, thread: ThreadId, op: Op) -> Outcome {
        self.apply_undoable(thread, op).0
    }

    /// [`apply`](Self::apply), and what it takes to [`undo`](Self::undo) it.
    pub fn apply_undoable(&mut self, thread: ThreadId, op: Op) -> (Outcome, Undo) {
        debug_assert!(self.enabled(op), "{op:?} is not enabled");
        match op {
            Op::Acquire(lock) => (Outcome::Done, self.set_holder(lock, Some(thread))),
            Op::AcquireTimeout(lock) if self.holder(lock).is_some() => {
                (Outcome::TimedOut, Undo::Nothing)
            }
            Op::AcquireTimeout(lock) => (Outcome::Acquired, self.set_holder(lock, Some(thread))),
            Op::Release(lock) if self.holder(lock).is_none() => (Outcome::NotHeld, Undo::Nothing),
            Op::Release(lock) => (Outcome::Done, self.set_holder(lock, None)),
            Op::Locked(lock) => (Outcome::Is(self.holder(lock).is_some()), Undo::Nothing),
            Op::Load(cell) => (Outcome::Value(self.value(cell)), Undo::Nothing),
            Op::Store(cell, value) => (Outcome::Done, self.set_cell(cell, value)),
            Op::Set(event) => (Outcome::Done, self.set_event(event, true)),
            Op::Clear(event) => (Outcome::Done, self.set_event(event, false)),
            Op::IsSet(event) => (Outcome::Is(self.is_set(event)), Undo::Nothing),
            Op::Spawn(child) => (Outcome::Done, self.start(child)),
            Op::Join(child) => (self.joined(child), Undo::Nothing),
            Op::IsFinished(child) => {
                let finished = matches!(self.thread(child), ThreadState::Finished(_));
                (Outcome::Is(finished), Undo::Nothing)
            }
            Op::Wait(_) | Op::Yield => (Outcome::Done, Undo::Nothing),
        }
    }

    /// Takes back the latest operation that has not been taken back.
    pub fn undo(&mut self, undo: Undo) {
        match undo {
            Undo::Nothing => {}
            Undo::Holder(lock, holder) => drop(self.set_holder(lock, holder)),
            Undo::Cell(cell, value) => drop(self.set_cell(cell, value)),
            Undo::Event(event, raised) => drop(self.set_event(event, raised)),
            Undo::Thread(thread, state) => *self.thread_slot(thread) = state,
        }
    }

    fn set_holder(&mut self, lock: LockId, holder: Option<ThreadId>) -> Undo {
        let slot = slot(&mut self.holders, lock.index(), None);
        Undo::Holder(lock, std::mem::replace(slot, holder))
    }

    fn set_cell(&mut self, cell: CellId, value: i64) -> Undo {
        let slot = slot(&mut self.cells, cell.index(), 0);
        Undo::Cell(cell, std::mem::replace(slot, value))
    }

    fn set_event(&mut self, event: EventId, raised: bool) -> Undo {
        let slot = slot(&mut self.events, event.index(), false);
        Undo::Event(event, std::mem::replace(slot, raised))
    }

    fn start(&mut self, child: ThreadId) -> Undo {
        let slot = self.thread_slot(child);
        Undo::Thread(child, std::mem::replace(slot, ThreadState::Running))
    }

    fn joined(&self, child: ThreadId) -> Outcome {
        match self.thread(child) {
            ThreadState::Finished(finish) => Outcome::Joined(finish),
            _ => unreachable!("a join is enabled only once its thread has ended"),
        }
    }

    fn thread_slot(&mut self, thread: ThreadId) -> &mut ThreadState {
        slot(&mut self.threads, thread.index(), ThreadState::Absent)
    }
}

/// The element at `index`, after growing the vector to hold it.
fn slot<T: Copy>(items: &mut Vec<T>, index: usize, empty: T) -> &mut T {
    if items.len() <= index {
        items.resize(index + 1, empty);
    }
    &mut items[index]
}
