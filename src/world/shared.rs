//! What each operation does to the shared state, however that is laid out.

use super::{CellId, EventId, LockId, Op, Outcome, ThreadId, ThreadState};

/// A layout of the shared state that can be read.
pub(crate) trait Look {
    /// Who holds a lock.
    fn holder(&self, lock: LockId) -> Option<ThreadId>;
    /// What a cell contains.
    fn value(&self, cell: CellId) -> i64;
    /// Whether an event is raised.
    fn is_set(&self, event: EventId) -> bool;
    /// How far a thread has come.
    fn thread(&self, thread: ThreadId) -> ThreadState;
}

/// A layout of the shared state that can be read and changed.
pub(crate) trait Shared: Look {
    /// Gives a lock to a thread, or to nobody.
    fn set_holder(&mut self, lock: LockId, holder: Option<ThreadId>);
    /// Writes a cell.
    fn set_value(&mut self, cell: CellId, value: i64);
    /// Raises or lowers an event.
    fn set_event(&mut self, event: EventId, raised: bool);
    /// Lets a thread begin.
    fn start(&mut self, thread: ThreadId);
    /// Lets a thread end that has nothing else left to do.
    fn end(&mut self, thread: ThreadId);
}

/// Whether the operation can take effect now.
#[inline]
pub(crate) fn enabled(shared: &impl Look, op: Op) -> bool {
    match op {
        Op::Acquire(lock) => shared.holder(lock).is_none(),
        Op::Wait(event) => shared.is_set(event),
        Op::Join(thread) => shared.thread(thread).finish().is_some(),
        _ => true,
    }
}

/// Whether the operation meets a lock that somebody holds.
#[inline]
pub(crate) fn contended(shared: &impl Look, op: Op) -> bool {
    matches!(op, Op::Acquire(lock) | Op::AcquireTimeout(lock) if shared.holder(lock).is_some())
}

/// Performs an enabled operation, and says what it answered.
#[inline(always)]
pub(crate) fn apply(shared: &mut impl Shared, thread: ThreadId, op: Op) -> Outcome {
    debug_assert!(enabled(shared, op), "{op:?} is not enabled");
    match op {
        Op::Acquire(lock) => shared.set_holder(lock, Some(thread)),
        Op::AcquireTimeout(lock) => return acquire_timeout(shared, thread, lock),
        Op::Release(lock) if shared.holder(lock).is_none() => return Outcome::NotHeld,
        Op::Release(lock) => shared.set_holder(lock, None),
        Op::Locked(lock) => return Outcome::Is(shared.holder(lock).is_some()),
        Op::Load(cell) => return Outcome::Value(shared.value(cell)),
        Op::Store(cell, value) => shared.set_value(cell, value),
        Op::Set(event) => shared.set_event(event, true),
        Op::Clear(event) => shared.set_event(event, false),
        Op::IsSet(event) => return Outcome::Is(shared.is_set(event)),
        Op::Spawn(child) => shared.start(child),
        Op::Join(child) => return joined(shared, child),
        Op::IsFinished(child) => {
            return Outcome::Is(matches!(shared.thread(child), ThreadState::Finished(_)));
        }
        Op::End => shared.end(thread),
        Op::Wait(_) | Op::Yield => {}
    }
    Outcome::Done
}

fn acquire_timeout(shared: &mut impl Shared, thread: ThreadId, lock: LockId) -> Outcome {
    if shared.holder(lock).is_some() {
        return Outcome::TimedOut;
    }
    shared.set_holder(lock, Some(thread));
    Outcome::Acquired
}

fn joined(shared: &mut impl Shared, child: ThreadId) -> Outcome {
    let Some(finish) = shared.thread(child).finish() else {
        unreachable!("a join is enabled only once its thread has come to its end")
    };
    shared.end(child);
    Outcome::Joined(finish)
}
