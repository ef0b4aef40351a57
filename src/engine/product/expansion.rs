//! The moves from one state.

use super::fault::{Fault, planted};
use super::graph::{Batch, State};
use super::moves::{self, Edge};
use super::node::NodeId;
use super::packed::Packed;
use super::private::{self, Privacy};
use crate::world;
use crate::world::shared::Look as _;
use crate::world::{Doubt, LockOp, Op, Outcome, ThreadId, Turn};
use std::collections::BTreeSet;

/// What the search has met.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Met {
    /// States and threads in which a lock was found held.
    pub(crate) contended: u64,
    /// Moves that were timeouts.
    pub(crate) timeouts: u64,
    /// Moves that cannot be counted on, and that were left out.
    pub(super) held_back: u64,
    /// Kinds of moves that cannot be counted on: one bit each.
    pub(super) doubts: u32,
}

impl Met {
    /// The kinds of moves that cannot be counted on.
    pub(crate) fn doubts(self) -> BTreeSet<Doubt> {
        let is_met = |&kind: &Doubt| self.doubts >> kind as u32 & 1 == 1;
        Doubt::ALL.into_iter().filter(is_met).collect()
    }
}

/// What a thread would do, were it told this.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    pub(crate) turn: Turn,
    /// Where it is and what it is told; the main thread's start if there is nothing.
    pub(crate) at: Option<Edge>,
    /// The state in which the question came up.
    pub(crate) state: State,
}

/// Why the expansion of a state was broken off.
pub(super) enum Break {
    /// It has to know this.
    Ask(Question),
    /// No steps can be taken together: somebody is about to release a lock that is not theirs, so locks protect
    /// nothing; or to make a move that cannot be counted on, which can be made only while others still move.
    Whole,
}

/// A state, while its moves are made.
pub(super) struct Expansion<'a> {
    state: State,
    before: Packed<'a, &'a [u32]>,
    /// Where the moves go.
    batch: &'a mut Batch,
    private: Option<&'a mut Privacy>,
    met: Met,
    /// Whether one of them can be counted on.
    is_left: bool,
}

impl<'a> Expansion<'a> {
    pub(super) fn new(
        state: State,
        before: Packed<'a, &'a [u32]>,
        batch: &'a mut Batch,
        private: Option<&'a mut Privacy>,
    ) -> Self {
        Self { state, before, batch, private, met: Met::default(), is_left: false }
    }

    /// What was met, and whether one of the moves can be counted on.
    pub(super) fn found(self) -> (Met, bool) {
        (self.met, self.is_left)
    }

    /// Makes all of them, or those before the first that cannot be made.
    #[inline]
    pub(super) fn make_all(&mut self) -> Option<Break> {
        if self.before.is_cut() || self.before.is_raced() {
            return None;
        }
        for thread in (0..self.before.layout.threads()).map(ThreadId::new) {
            let Some(node) = self.before.node(thread) else { continue };
            let Some(op) = self.before.due(thread, node) else { continue };
            self.met.contended += u64::from(world::contended(&self.before, thread, op));
            let made = match op.choices() {
                1 => self.make((thread, node), op, 0),
                several => {
                    (0..several).try_for_each(|choice| self.make_one_of((thread, node), op, choice))
                }
            };
            if let Err(broken) = made {
                return Some(broken);
            }
        }
        None
    }

    #[inline(never)]
    fn make_one_of(&mut self, at: (ThreadId, NodeId), op: Op, choice: u32) -> Result<(), Break> {
        self.make(at, op.chosen(choice), choice)
    }

    /// A thread makes a move, if it can.
    #[inline(always)]
    fn make(
        &mut self,
        (thread, node): (ThreadId, NodeId),
        op: Op,
        choice: u32,
    ) -> Result<(), Break> {
        let before = &self.before;
        if !world::enabled(before, thread, op) || mistaken(before, op) {
            return Ok(());
        }
        let doubtful = world::doubtful(before, thread, op);
        if doubtful && before.automata.holds_back(node) {
            self.met.held_back += 1;
            return Ok(());
        }
        if self.private.is_some() && (doubtful || private::is_theft(before, thread, op)) {
            return Err(Break::Whole);
        }
        let words = self.batch.begin(before.words);
        let mut after = Packed { layout: before.layout, automata: before.automata, words };
        let turn = Turn { thread, choice };
        let made = moves::go(&mut after, (thread, node), op, self.private.as_deref_mut());
        let outcome = made.map_err(|unknown| {
            Break::Ask(Question { turn, at: Some(unknown), state: self.state })
        })?;
        self.met.timeouts += u64::from(outcome == Outcome::TimedOut);
        self.batch.push(turn, before.layout.words());
        if doubtful {
            self.batch.doubt();
            self.met.doubts |= op.doubt().map_or(0, |kind| 1 << kind as u32);
        } else {
            self.is_left = true;
        }
        Ok(())
    }
}

/// Whether a test has planted a mistake that loses this move.
#[inline]
fn mistaken(before: &Packed<'_, &[u32]>, op: Op) -> bool {
    match op {
        Op::Lock(lock, LockOp::AcquireTimeout) if planted(Fault::NeverTimesOut) => {
            before.state(lock).is_some()
        }
        Op::Lock(_, LockOp::Release) => planted(Fault::LosesMoves),
        _ => false,
    }
}

impl Question {
    /// What the main thread does first.
    pub(super) fn first() -> Self {
        Self { turn: ThreadId::MAIN.into(), at: None, state: 0 }
    }
}
