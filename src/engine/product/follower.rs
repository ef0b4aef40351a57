//! Follows the threads of a real run through their automata, and teaches those what is new.

mod cursor;
mod spinning;

use super::automata::{Deed, Divergence, Learned, NodeId, Origin};
use super::lead::{ALIKE, GROWN, Lead, Leave};
use super::limits::Allowance;
use super::packed::finish;
use crate::sync::backend::Guide;
use crate::sync::checkpoint::Promise;
use crate::trace::Place;
use crate::world::{Finish, Object, Op, Outcome, ThreadId, ThreadOp, Turn, World};
use cursor::{Cursor, Position};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// Where the threads of the run under way are, and who is to move.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    automata: Learned,
    cursors: Vec<Cursor>,
    /// Whose turn it is on the way to the question.
    schedule: VecDeque<Turn>,
    /// Who moves from there on; nobody says so in a run that is only watched.
    lead: Option<Lead>,
    /// What the run may take; one that is only watched is stopped by others.
    allowance: Option<Allowance>,
    announced: u32,
    is_spent: bool,
    divergence: Option<Divergence>,
    endless: Option<Endless>,
    has_cut: bool,
}

/// A thread goes round for ever, by all that can be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endless {
    /// It hardly does anything else, up to here.
    Alike(NodeId),
    /// It does the same with other values each time, from here up to there.
    Growing(NodeId, NodeId),
}

/// After so many operations of a run it is looked at whether it may go on.
const EVERY: u32 = 1 << 10;

impl Follower {
    /// One that only watches a run, and learns.
    pub(crate) fn watching(automata: &Learned) -> Self {
        Self { automata: Arc::clone(automata), ..Self::default() }
    }

    /// One that has threads move along a schedule, and then lets this one go on.
    pub(crate) fn asking(
        automata: &Learned,
        schedule: impl IntoIterator<Item = Turn>,
        thread: ThreadId,
        allowance: Allowance,
    ) -> Self {
        let schedule = schedule.into_iter().collect();
        let (lead, allowance) = (Some(Lead::of(thread)), Some(allowance));
        Self { schedule, lead, allowance, ..Self::watching(automata) }
    }

    /// Whose turn it is, of those that can move, surely or not; nobody's if the run is to be left.
    pub(crate) fn next(&mut self, can_move: impl Fn(Turn, bool) -> bool) -> Option<Turn> {
        if self.is_at_odds() || self.has_cut || self.is_spent {
            return None;
        }
        match self.schedule.front() {
            Some(&turn) => can_move(turn, false).then_some(turn),
            None => {
                let surely = |thread: ThreadId| can_move(thread.into(), true);
                self.lead.as_mut()?.next(self.cursors.len(), surely).map(Turn::from)
            }
        }
    }

    /// A thread that has cut the run off, and must not move any more.
    pub(crate) fn has_cut(&self, thread: ThreadId) -> bool {
        self.end_of(thread).is_some_and(|node| self.automata.read().cut(node))
    }

    /// Whether there is nothing more to be learned from the run, because it is at odds with what had
    /// been learned.
    pub(crate) fn is_at_odds(&self) -> bool {
        self.divergence.is_some() || self.endless.is_some()
    }

    /// Where a thread goes round for ever, by all that can be seen.
    pub(crate) fn endless(&self) -> Option<Endless> {
        self.endless
    }

    /// Whether the run was stopped by a limit.
    pub(crate) fn is_spent(&self) -> bool {
        self.is_spent
    }

    /// A thread has come to an operation; looks at the limits now and then.
    fn count(&mut self) {
        self.announced = self.announced.wrapping_add(1);
        if self.announced.is_multiple_of(EVERY)
            && let Some(allowance) = &self.allowance
        {
            self.is_spent |= allowance.is_spent(self.automata.read().bytes());
        }
    }

    /// How the run contradicted what had been learned.
    pub(crate) fn divergence(&self) -> Option<&Divergence> {
        self.divergence.as_ref()
    }

    /// The node at which a thread is; none if nobody has spawned it.
    pub(crate) fn node_of(&self, thread: ThreadId) -> Option<NodeId> {
        match self.cursors.get(thread.index())?.at {
            Position::Ended(node) | Position::At(node) => Some(node),
            Position::Between(_) => None,
        }
    }

    /// A thread that was let go on, and has come neither to another operation nor to its end.
    pub(crate) fn on_its_way(&self) -> Option<ThreadId> {
        let has_left = |cursor: &Cursor| match cursor.at {
            Position::Between(origin) => origin != Origin::Start(None),
            Position::At(_) | Position::Ended(_) => false,
        };
        self.cursors.iter().position(has_left).map(ThreadId::new)
    }

    /// The node at which a thread has ended in this run.
    pub(crate) fn end_of(&self, thread: ThreadId) -> Option<NodeId> {
        match self.cursors.get(thread.index())?.at {
            Position::Ended(node) => Some(node),
            _ => None,
        }
    }

    fn cursor(&mut self, thread: ThreadId) -> &mut Cursor {
        if self.cursors.len() <= thread.index() {
            self.cursors.resize_with(thread.index() + 1, Cursor::default);
        }
        &mut self.cursors[thread.index()]
    }

    fn arrive(&mut self, thread: ThreadId, deed: Deed, returns_nothing: bool) -> Option<NodeId> {
        if let Some(node) = self.spin(thread, &deed) {
            return Some(node);
        }
        let cursor = self.cursor(thread);
        let Position::Between(origin) = cursor.at else {
            unreachable!("a thread arrives from somewhere");
        };
        let luggage = std::mem::take(&mut cursor.luggage);
        let promised = luggage.promise.is_some();
        let automata = Arc::clone(&self.automata);
        let arrived = automata.write().arrive(thread, origin, luggage, deed, returns_nothing);
        match arrived {
            Ok(node) => {
                if promised && !self.cursor(thread).promised.insert(node) {
                    automata.write().close_loop();
                }
                Some(node)
            }
            Err(divergence) => {
                self.divergence.get_or_insert(divergence);
                None
            }
        }
    }

    /// By which choice the thread goes on without a scheduler being asked, if it does.
    fn goes_on(
        &mut self,
        world: &World,
        (thread, op): (ThreadId, Op),
        node: NodeId,
        is_new: bool,
    ) -> Option<u32> {
        if self.is_spent {
            return None;
        }
        let holds_back = self.automata.read().holds_back(node);
        let can = |&choice: &u32| {
            let op = op.chosen(choice);
            world.certain(thread, op) || !holds_back && world.enabled(thread, op)
        };
        if let Some(next) = self.schedule.front() {
            return (next.thread == thread).then_some(next.choice).filter(can);
        }
        if let Some(spin) = &self.cursor(thread).spin {
            let choice = Some(spin.choice()).filter(can);
            if choice.is_none() {
                self.unfold(thread);
            }
            return choice;
        }
        match self.lead.as_mut().map(|lead| lead.arrived(thread, op, is_new)) {
            Some(Leave::GoOn) => Some(0).filter(can),
            Some(Leave::LookedAt) => {
                self.endless = self.look_back(node);
                let goes_on = self.endless.is_none() && !self.is_exhausted();
                Some(0).filter(can).filter(|_| goes_on)
            }
            Some(Leave::Wait) | None => None,
        }
    }

    /// Whether a thread that has come to a node by much that was new goes round.
    fn look_back(&self, node: NodeId) -> Option<Endless> {
        let automata = self.automata.read();
        if automata.goes_round(node, ALIKE) {
            return Some(Endless::Alike(node));
        }
        let grown = self.is_exhausted().then(|| automata.grows(node, GROWN)).flatten();
        grown.map(|(first, last)| Endless::Growing(first, last))
    }

    fn is_exhausted(&self) -> bool {
        self.lead.as_ref().is_some_and(Lead::is_exhausted)
    }

    fn end(&mut self, thread: ThreadId) {
        if let Some(node) = self.end_of(thread)
            && let Some(last) = self.automata.read().after(node, Outcome::Done)
        {
            self.cursors[thread.index()].at = Position::Ended(last);
        }
    }
}

/// The guide that a run owns; the engine keeps another hold on the same follower.
#[derive(Debug)]
pub(crate) struct Hold(pub(crate) Rc<RefCell<Follower>>);

impl Guide for Hold {
    fn created(&mut self, thread: ThreadId, object: Object, bits: u64) {
        self.0.borrow_mut().cursor(thread).luggage.made.push((object, bits));
    }

    fn found(&mut self, object: Object, bits: u64) {
        let mut follower = self.0.borrow_mut();
        let found = follower.automata.write().find(object, bits);
        if let Err(divergence) = found {
            follower.divergence.get_or_insert(divergence);
        }
    }

    fn checkpoint(&mut self, thread: ThreadId, promise: Promise, made: (&[u32], u32)) {
        self.0.borrow_mut().cursor(thread).promise(promise, made);
    }

    fn past(&mut self, thread: ThreadId) -> Vec<u8> {
        let mut follower = self.0.borrow_mut();
        let automata = Arc::clone(&follower.automata);
        follower.cursor(thread).past(thread, &automata.read())
    }

    fn writes(&mut self, thread: ThreadId) {
        self.0.borrow_mut().cursor(thread).luggage.has_written = true;
    }

    fn takes_in_hand(&mut self, thread: ThreadId) {
        self.0.borrow_mut().cursor(thread).in_hand += 1;
    }

    fn hands_back(&mut self, thread: ThreadId) {
        let mut follower = self.0.borrow_mut();
        let in_hand = &mut follower.cursor(thread).in_hand;
        *in_hand = in_hand.saturating_sub(1);
    }

    fn holds_back(&self, thread: ThreadId) -> bool {
        let follower = self.0.borrow();
        follower.node_of(thread).is_some_and(|node| follower.automata.read().holds_back(node))
    }

    fn announced(&mut self, world: &World, thread: ThreadId, op: Op, place: Place) -> Option<u32> {
        let mut follower = self.0.borrow_mut();
        follower.count();
        let known = follower.automata.read().len();
        let node = follower.arrive(thread, Deed::Op(op, place), false)?;
        let is_new = follower.automata.read().len() > known;
        follower.cursor(thread).at = Position::At(node);
        follower.goes_on(world, (thread, op), node, is_new)
    }

    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome {
        let mut follower = self.0.borrow_mut();
        follower.schedule.pop_front();
        if op == Op::End {
            follower.end(thread);
        }
        let outcome = world.apply(thread, op);
        // A thread that has diverged is nowhere, and goes on until whoever schedules ends the run.
        let Position::At(node) = follower.cursor(thread).at else { return outcome };
        if let Op::Thread(child, ThreadOp::Spawn) = op {
            let at = Position::Between(Origin::Start(Some(node)));
            *follower.cursor(child) = Cursor { spawned_at: Some(node), at, ..Cursor::default() };
        }
        follower.told(thread, (outcome, op.choice()));
        outcome
    }

    /// A run that is only watched ends at once; one that was made to learn goes on until every
    /// thread that was spawned has come to its first operation.
    fn cut(&mut self, thread: ThreadId) -> bool {
        let mut follower = self.0.borrow_mut();
        let Some(node) = follower.arrive(thread, Deed::Cut, false) else { return true };
        follower.cursor(thread).at = Position::Ended(node);
        follower.has_cut = true;
        follower.lead.is_none()
    }

    fn cuts_at_once(&self, thread: ThreadId) -> bool {
        let follower = self.0.borrow();
        let Some(&Cursor { at: Position::Between(origin), .. }) =
            follower.cursors.get(thread.index())
        else {
            return false;
        };
        let automata = follower.automata.read();
        automata.next(origin).is_some_and(|node| automata.cut(node))
    }

    fn left(&mut self, thread: ThreadId, panic: Option<&str>, returns_nothing: bool) -> Finish {
        let mut follower = self.0.borrow_mut();
        let deed = Deed::End(panic.map(str::to_owned));
        let Some(node) = follower.arrive(thread, deed, returns_nothing) else {
            return Finish { panicked: panic.is_some(), token: 0 };
        };
        follower.cursor(thread).at = Position::Ended(node);
        finish(&follower.automata.read(), node)
    }
}
