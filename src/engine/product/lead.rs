//! Who moves in a run that is to learn something, once it has come to the question.
//!
//! First the thread that was asked goes on alone, for as long as it does something new. Then all go on in
//! turn until every one has ended: so no thread is ever left in the middle of what it does, unless the
//! program deadlocks or takes too long. Whatever is new on the way is learned, too.

use crate::sync::backend::Run;
use crate::world::{Op, ThreadId, Turn};

/// Threads may do so much that is new before the run is left where it is; they can be asked again from there.
const MOST_NEW: usize = 400_000;

/// So many operations in a row that hardly differ are a loop without end; whether they are is looked at
/// whenever twice as much is new.
pub(super) const ALIKE: usize = 50_000;

/// So many at the same places, with other values each time, are one whose states have no end.
pub(super) const GROWN: usize = MOST_NEW / 2;

/// All threads may do so much that is known before the run is left where it is.
const MOST_KNOWN: usize = 10_000;

/// A thread does so much that is known before the next has its turn.
const TURN: usize = 32;

/// Whose turn it is.
#[derive(Debug)]
pub(super) struct Lead {
    thread: ThreadId,
    /// How much more it may do in this turn, as long as nothing is new.
    turn: usize,
    known_left: usize,
    new_left: usize,
}

/// What a thread may do that has come to an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// Go on at once.
    GoOn,
    /// Wait until it is chosen.
    Wait,
    /// So much is new that it is to be looked at.
    LookedAt,
}

impl Lead {
    /// This thread goes first.
    pub(super) fn of(thread: ThreadId) -> Self {
        Self { thread, turn: TURN, known_left: MOST_KNOWN, new_left: MOST_NEW }
    }

    /// Whether it is this thread's turn.
    pub(super) fn is_of(&self, thread: ThreadId) -> bool {
        self.thread == thread
    }

    /// A thread has come to an operation; whether it had been there before in any run is known.
    pub(super) fn arrived(&mut self, thread: ThreadId, op: Op, is_new: bool) -> Leave {
        if thread != self.thread {
            return Leave::Wait;
        }
        if is_new {
            self.turn = TURN;
            self.new_left = self.new_left.saturating_sub(1);
            let is_much = self.new_left.is_multiple_of(2 * ALIKE);
            return if is_much { Leave::LookedAt } else { Leave::GoOn };
        }
        self.known_left = self.known_left.saturating_sub(1);
        self.turn = if op == Op::Yield { 0 } else { self.turn.saturating_sub(1) };
        if self.turn == 0 { Leave::Wait } else { Leave::GoOn }
    }

    /// Whether all that is allowed has been done that is new.
    pub(super) fn is_exhausted(&self) -> bool {
        self.new_left == 0
    }

    /// The next of so many threads that `can_move`; nobody if the run is to be left.
    pub(super) fn next(
        &mut self,
        threads: usize,
        can_move: impl Fn(ThreadId) -> bool,
    ) -> Option<ThreadId> {
        if self.known_left == 0 || self.is_exhausted() {
            return None;
        }
        let first = self.thread.index() + usize::from(self.turn == 0);
        let turns = (first..first + threads).map(|at| ThreadId::new(at % threads));
        let next = turns.into_iter().find(|&thread| can_move(thread))?;
        if next != self.thread || self.turn == 0 {
            self.turn = TURN;
        }
        self.thread = next;
        Some(next)
    }
}

/// Whether a thread can move in the run under way: it has come to what is enabled, or somebody asks
/// whether it has ended. If it is to do so `surely`, it can be counted on.
pub(super) fn can_move(run: &Run, Turn { thread, choice }: Turn, surely: bool) -> bool {
    match run.tape.pending(thread).map(|op| op.chosen(choice)) {
        Some(op) if surely => run.world.certain(thread, op),
        Some(op) => run.world.enabled(thread, op),
        None => run.may_end(thread),
    }
}
