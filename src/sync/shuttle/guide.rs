//! Who follows the threads of a run.

use crate::sync::checkpoint::Promise;
use crate::trace::Place;
use crate::world::{Finish, Object, Op, Outcome, ThreadId, World};

/// Follows each thread through a run: what it makes, comes to, is told, and how it ends.
pub(crate) trait Guide {
    /// An object was made, whose first state has these bits.
    fn created(&mut self, _: ThreadId, _: Object, _: u64) {}
    /// An object was met that was made before anything in this run, and whose first state has these bits.
    fn found(&mut self, _: Object, _: u64) {}
    /// The thread, which has made so many of each kind and named so many pointers, has made a promise.
    fn checkpoint(&mut self, _: ThreadId, _: Promise, _: (&[u32], u32)) {}
    /// A key of what determines all that the thread, which is on its way, leaves just now.
    fn past(&mut self, _: ThreadId) -> Vec<u8> {
        Vec::new()
    }
    /// The thread leaves data that nobody can tell by their value.
    fn writes(&mut self, _: ThreadId) {}
    /// The thread has such data in hand, and will leave them.
    fn takes_in_hand(&mut self, _: ThreadId) {}
    /// It has them in hand no more.
    fn hands_back(&mut self, _: ThreadId) {}
    /// Whether no move of the thread from where it is may be offered that cannot be counted on.
    fn holds_back(&self, _: ThreadId) -> bool {
        false
    }
    /// The thread has come to an operation. By which choice it may go on at once, if it may: no scheduler is asked.
    fn announced(&mut self, world: &World, thread: ThreadId, op: Op, place: Place) -> Option<u32>;
    /// Performs the operation, which leaves no choice.
    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome;
    /// The thread has cut the run off. Whether the run is to end at once.
    fn cut(&mut self, thread: ThreadId) -> bool;
    /// Whether the thread, which has not begun, is known to leave the run out before it does anything.
    fn cuts_at_once(&self, _: ThreadId) -> bool {
        false
    }
    /// The thread has come to its end; `returns_nothing` if every value that it could return is the
    /// same.
    fn left(&mut self, thread: ThreadId, panic: Option<&str>, returns_nothing: bool) -> Finish;
}
