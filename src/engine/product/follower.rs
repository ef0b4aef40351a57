//! Follows the threads of a real run through their automata, and teaches those what is new.

use super::automata::{Automata, Deed, Divergence, Learned, Luggage, NodeId, Origin};
use super::packed::finish;
use super::tour::Tour;
use crate::sync::backend::Guide;
use crate::trace::Place;
use crate::world::{CellId, Finish, Op, Outcome, ThreadId, World, shared};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rustc_hash::FxHashSet;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// A thread left alone, or on tour, stops after this many nodes; it can be asked again from there.
pub(super) const MAX_ALONE: usize = 100_000;

/// Of those, so many in a row that hardly differ are a loop without end.
pub(super) const ALIKE: usize = MAX_ALONE / 2;

/// Where the threads of the run under way are, and what they will be told.
#[derive(Debug, Default)]
pub(crate) struct Follower {
    automata: Learned,
    cursors: Vec<Cursor>,
    script: VecDeque<(ThreadId, Outcome)>,
    alone: Option<Alone>,
    /// Says how long a thread goes on before the scheduler chooses again.
    bursts: Option<SmallRng>,
    divergence: Option<Divergence>,
    endless: Option<NodeId>,
    strayed: bool,
}

/// Where a thread is.
#[derive(Debug, Default)]
struct Cursor {
    at: Position,
    luggage: Luggage,
    /// Where it was when it made a promise.
    promised: FxHashSet<NodeId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    /// On its way from there.
    Between(Origin),
    /// It has come to an operation.
    At(NodeId),
    /// It has ended.
    Ended(NodeId),
}

impl Default for Position {
    fn default() -> Self {
        Self::Between(Origin::Start(None))
    }
}

/// The thread that goes on alone, once the script has been played.
#[derive(Debug)]
struct Alone {
    thread: ThreadId,
    world: World,
    /// Where each thread is in the state that the question is about.
    nodes: Vec<Option<NodeId>>,
    visited: FxHashSet<NodeId>,
    /// What the thread that was asked does once it knows its way, if a timeout was asked about.
    tour: Option<Tour>,
    /// How the timed acquire is answered that the thread on tour has come to.
    told: Option<Outcome>,
    toured: Option<ThreadId>,
}

impl Follower {
    /// One that only watches a run, and learns.
    pub(crate) fn watching(automata: &Learned) -> Self {
        Self { automata: Arc::clone(automata), ..Self::default() }
    }

    /// One that watches a run in which threads mostly go on for a while, and learns.
    pub(crate) fn sampling(automata: &Learned, seed: u64) -> Self {
        let bursts = Some(SmallRng::seed_from_u64(seed));
        Self { bursts, ..Self::watching(automata) }
    }

    /// One that has each thread in turn be told what the script says, and then lets one thread go
    /// on alone, in a state given as a world and the node of each thread.
    pub(crate) fn telling(
        automata: &Learned,
        script: impl IntoIterator<Item = (ThreadId, Outcome)>,
        thread: ThreadId,
        (world, nodes): (World, Vec<Option<NodeId>>),
    ) -> Self {
        let script: VecDeque<_> = script.into_iter().collect();
        let timeout = script.back().is_some_and(|&(_, told)| told == Outcome::TimedOut);
        let alone = Alone {
            thread,
            world,
            nodes,
            visited: FxHashSet::default(),
            tour: timeout.then(Tour::default),
            told: None,
            toured: None,
        };
        Self { automata: Arc::clone(automata), script, alone: Some(alone), ..Self::default() }
    }

    /// Whose turn it is by the script; nobody's if the script cannot be played, because a thread
    /// to be joined has not ended.
    pub(crate) fn next_in_script(&self) -> Option<ThreadId> {
        let &(thread, _) = self.script.front()?;
        let Position::At(node) = self.cursors.get(thread.index())?.at else { return None };
        let op = self.automata.read().op(node)?;
        self.joinable(op).then_some(thread)
    }

    /// The next thread to go on alone: the one before has ended, waits, or goes round in known
    /// ground. Only a thread that is where the question's state has it fits into that world.
    pub(crate) fn next_alone(&mut self, world: &World) -> Option<ThreadId> {
        let mut alone = self.alone.take().filter(|_| self.script.is_empty())?;
        let (before, count) = (alone.thread.index(), self.cursors.len());
        let next = (1..=count)
            .map(|i| ThreadId::new((before + i) % count))
            .find(|&thread| self.may_follow(&mut alone, world, thread));
        if let Some(thread) = next {
            alone.thread = thread;
            alone.tour = None;
        }
        self.alone = Some(alone);
        next
    }

    fn may_follow(&self, alone: &mut Alone, world: &World, thread: ThreadId) -> bool {
        let Position::At(node) = self.cursors[thread.index()].at else { return false };
        let expected = alone.nodes.get(thread.index()).copied().flatten();
        let fits = expected.is_none_or(|expected| expected == node);
        let Some(op) = self.automata.read().op(node) else { return false };
        fits && alone.toured != Some(thread)
            && self.joinable(op)
            && shared::enabled(world, op)
            && alone.visited.insert(node)
    }

    /// A thread that has cut the run off, and must not move any more.
    pub(crate) fn has_cut(&self, thread: ThreadId) -> bool {
        self.end_of(thread).is_some_and(|node| self.automata.read().cut(node))
    }

    /// A thread that has ended in the question's state but not, or not yet, in this run has no
    /// value to give.
    fn joinable(&self, op: Op) -> bool {
        !matches!(op, Op::Join(child) if self.end_of(child).is_none())
    }

    fn is_on_tour(&self, thread: ThreadId) -> bool {
        self.alone.as_ref().is_some_and(|alone| alone.toured == Some(thread))
    }

    /// Whether there is nothing more to be learned from the run, because it is at odds with what had
    /// been learned.
    pub(crate) fn is_at_odds(&self) -> bool {
        self.strayed || self.divergence.is_some() || self.endless.is_some()
    }

    /// Where a thread goes round for ever, by all that can be seen.
    pub(crate) fn endless(&self) -> Option<NodeId> {
        self.endless
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
            // A thread on tour may have come where no interleaving brings it.
            Err(_) if self.is_on_tour(thread) => {
                self.strayed = true;
                None
            }
            Err(divergence) => {
                self.divergence.get_or_insert(divergence);
                None
            }
        }
    }

    /// Whether the thread goes on without a scheduler being asked.
    fn goes_on(&mut self, world: &World, thread: ThreadId, node: NodeId, op: Op) -> bool {
        if !self.joinable(op) {
            return false;
        }
        if let Some(&(next, _)) = self.script.front() {
            return next == thread;
        }
        if self.bursts.is_some() {
            return self.bursts_on(world, op);
        }
        let Some(alone) = self.alone.as_mut().filter(|alone| alone.thread == thread) else {
            return false;
        };
        if alone.visited.len() >= MAX_ALONE {
            let automata = self.automata.read();
            self.endless = automata.goes_round(node, ALIKE).then_some(node);
            return false;
        }
        alone.goes_on(world, node, op) || alone.tours(&self.automata.read(), world, node)
    }

    /// Whether a sampled run lets the thread go on; not before one that it spawned has come to its
    /// first operation.
    fn bursts_on(&mut self, world: &World, op: Op) -> bool {
        let on_its_way = |cursor: &Cursor| matches!(cursor.at, Position::Between(_));
        let may_go_on =
            op != Op::Yield && shared::enabled(world, op) && !self.cursors.iter().any(on_its_way);
        may_go_on && self.bursts.as_mut().is_some_and(|bursts| bursts.random_ratio(3, 4))
    }
}

/// A timed acquire is answered in this way, whoever holds the lock.
fn answered(world: &mut World, thread: ThreadId, op: Op, outcome: Outcome) -> Outcome {
    if let Op::AcquireTimeout(lock) = op
        && outcome == Outcome::Acquired
    {
        shared::Shared::set_holder(world, lock, Some(thread));
    }
    outcome
}

impl Alone {
    fn goes_on(&mut self, world: &World, node: NodeId, op: Op) -> bool {
        self.toured.is_none() && self.visited.insert(node) && shared::enabled(world, op)
    }

    /// Whether there may be something to learn in known ground.
    fn tours(&mut self, automata: &Automata, world: &World, node: NodeId) -> bool {
        let lead = self.tour.as_mut().and_then(|tour| tour.lead(automata, world, node));
        self.told = lead.flatten();
        if lead.is_some() {
            self.toured = Some(self.thread);
        }
        lead.is_some()
    }
}

/// The guide that a run owns; the engine keeps another hold on the same follower.
#[derive(Debug)]
pub(crate) struct Hold(pub(crate) Rc<RefCell<Follower>>);

impl Guide for Hold {
    fn created(&mut self, thread: ThreadId, cell: CellId, initial: i64) {
        self.0.borrow_mut().cursor(thread).luggage.made.push((cell, initial));
    }

    fn checkpoint(&mut self, thread: ThreadId, key: Vec<u8>) {
        self.0.borrow_mut().cursor(thread).luggage.promise = Some(key);
    }

    fn announced(&mut self, world: &World, thread: ThreadId, op: Op, place: Place) -> bool {
        let mut follower = self.0.borrow_mut();
        let Some(node) = follower.arrive(thread, Deed::Op(op, place), false) else { return false };
        follower.cursor(thread).at = Position::At(node);
        follower.goes_on(world, thread, node, op)
    }

    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome {
        let mut follower = self.0.borrow_mut();
        if op == Op::End {
            follower.end(thread);
        }
        // A thread that has diverged is nowhere, and goes on until whoever schedules ends the run.
        let Position::At(node) = follower.cursor(thread).at else {
            return world.apply(thread, op);
        };
        if let Op::Spawn(child) = op {
            let at = Position::Between(Origin::Start(Some(node)));
            *follower.cursor(child) = Cursor { at, ..Cursor::default() };
        }
        let told = follower.alone.as_mut().and_then(|alone| alone.told.take());
        let outcome = match follower.script.pop_front() {
            None => match told {
                Some(outcome) => answered(world, thread, op, outcome),
                None => world.apply(thread, op),
            },
            Some((_, outcome)) => {
                follower.take_over(world);
                outcome
            }
        };
        follower.cursor(thread).at = Position::Between(Origin::After(node, outcome));
        outcome
    }

    /// A run that is only watched ends at once; one that was made to learn goes on until every
    /// thread that was spawned has come to its first operation.
    fn cut(&mut self, thread: ThreadId) -> bool {
        let mut follower = self.0.borrow_mut();
        if let Some(node) = follower.arrive(thread, Deed::Cut, false) {
            follower.cursor(thread).at = Position::Ended(node);
        }
        follower.alone.is_none()
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

impl Follower {
    fn end(&mut self, thread: ThreadId) {
        if let Some(node) = self.end_of(thread)
            && let Some(last) = self.automata.read().after(node, Outcome::Done)
        {
            self.cursors[thread.index()].at = Position::Ended(last);
        }
    }

    /// After the last line of the script the run goes on in the world that the question was about. If
    /// that line spawned a thread, the world does not know of it yet, and answers as if it did.
    fn take_over(&mut self, world: &mut World) {
        if self.script.is_empty()
            && let Some(alone) = &mut self.alone
        {
            *world = std::mem::take(&mut alone.world);
        }
    }
}
