//! Spins close by themselves.
//!
//! A thread that yields where it yielded before, or waits, parks or tries a weak compare-exchange once more,
//! has gone a round. If it was told just the same in the round
//! before, it has learned nothing, and is taken to be where it was: but only once it has gone so many more rounds,
//! in the run under way, and done the same in each. Else it counts, and its rounds are learned one by one.

use super::automata::{Automata, Deed, NodeId, Origin};
use crate::engine::sentences::SPIN_ROUNDS;
use crate::world::Outcome;

/// A longer round is none.
const LONGEST: usize = 256;

/// An operation of a thread, and what it answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) node: NodeId,
    pub(super) outcome: Outcome,
    /// By which choice it answered so.
    pub(super) choice: u32,
}

/// What a thread has been told in the run under way.
#[derive(Debug, Default)]
pub(super) struct Trail(Vec<Told>);

/// A thread that goes round, and has to show that it does.
#[derive(Debug)]
pub(super) struct Spin {
    /// By which it comes back to the first node of the round.
    origin: Origin,
    round: Vec<Told>,
    /// At how many nodes it has come since.
    arrived: usize,
}

/// What a step of a spin shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows {
    /// It goes on as before, and is taken to be here.
    Same(NodeId),
    /// It has gone as many rounds as it has to, and is here again.
    Closed(NodeId),
    /// It does something else.
    Other,
}

impl Trail {
    pub(super) fn push(&mut self, told: Told) {
        self.0.push(told);
    }

    /// The round that a thread has gone twice that comes to this, if it has.
    fn round(&self, automata: &Automata, deed: &Deed) -> Option<&[Told]> {
        let is_here = |told: &Told| deed.repeats(automata.deed(told.node), told.outcome);
        let last = self.0.iter().rev().take(LONGEST).position(is_here)? + 1;
        let (before, round) = self.0.split_at(self.0.len() - last);
        let before = &before[before.len().checked_sub(last)?..];
        let same = |(one, other): (&Told, &Told)| {
            let [first, again] = [one, other].map(|told| automata.deed(told.node));
            one.outcome == other.outcome && again.repeats(first, one.outcome)
        };
        let makes = |&Told { node, outcome, .. }: &Told| {
            !automata.made(Origin::After(node, outcome)).is_empty()
        };
        let repeats = before.iter().zip(round).all(same);
        (repeats && !round.iter().any(makes)).then_some(round)
    }
}

impl Spin {
    /// A thread comes from there to something new: whether that is a spin, by all that it has been told.
    pub(super) fn begin(
        automata: &Automata,
        trail: &Trail,
        origin: Origin,
        deed: &Deed,
    ) -> Option<Self> {
        let is_end = matches!(deed, Deed::Op(op, _) if op.ends_a_round());
        let round = is_end.then(|| trail.round(automata, deed)).flatten()?;
        Some(Self { origin, round: round.to_vec(), arrived: 1 })
    }

    /// The node where the round begins.
    pub(super) fn head(&self) -> NodeId {
        self.round[0].node
    }

    /// By what the thread came back.
    pub(super) fn origin(&self) -> Origin {
        self.origin
    }

    /// The thread has come to this.
    pub(super) fn arrive(&mut self, automata: &Automata, deed: &Deed) -> Shows {
        let place = self.arrived % self.round.len();
        let Told { node, outcome, .. } = self.round[place];
        if !deed.repeats(automata.deed(node), outcome) {
            return Shows::Other;
        }
        self.arrived += 1;
        if place == 0 && self.arrived > SPIN_ROUNDS * self.round.len() {
            Shows::Closed(node)
        } else {
            Shows::Same(node)
        }
    }

    /// Whether the operation that the thread is at answers as in the rounds before.
    pub(super) fn is_told(&self, outcome: Outcome) -> bool {
        self.at().outcome == outcome
    }

    /// By which choice the operation that the thread is at answers so.
    pub(super) fn choice(&self) -> u32 {
        self.at().choice
    }

    fn at(&self) -> Told {
        self.round[(self.arrived - 1) % self.round.len()]
    }

    /// What the thread did since it came back, step by step, and what it was told; of the last, what it is told
    /// if the round were to go on.
    pub(super) fn steps(&self) -> impl Iterator<Item = Told> + '_ {
        self.round.iter().copied().cycle().take(self.arrived)
    }
}
