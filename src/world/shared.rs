//! The layouts that shared state can have.

use super::{Primitive, ThreadId, ThreadState};

/// A layout of the shared state that can be read.
pub(crate) trait Look {
    /// The state of an object.
    fn state<P: Primitive>(&self, object: P) -> P::State;
    /// How far a thread has come.
    fn thread(&self, thread: ThreadId) -> ThreadState;
}

/// A layout of the shared state that can be read and changed.
pub(crate) trait Shared: Look {
    /// Gives an object another state.
    fn put<P: Primitive>(&mut self, object: P, state: P::State);
    /// Lets a thread begin.
    fn start(&mut self, thread: ThreadId);
    /// Lets a thread end that has nothing else left to do.
    fn end(&mut self, thread: ThreadId);
}
