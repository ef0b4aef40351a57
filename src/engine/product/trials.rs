//! Tries on the real code what the graph says that threads can hand over to each other.
//!
//! The search sees what passes through [`sync`](crate::sync), and nothing else. Data beside a lock is seen
//! only by who runs the code: so before a proof, every interleaving is run, if there are hardly any; or one of
//! each order in which threads can hand over; or, where these are too many, interleavings until every single
//! hand-over was seen. Random walks follow, since data may also pass where there is no object in common.

use super::ask::Explored;
use super::error::ProductError;
use super::graph::State;
use super::handovers::HandOvers;
use super::limits::Limits;
use super::orders::orders;
use super::packed::Packed;
use super::real::{Plan, Ran};
use super::walk::Walk;
use crate::engine::{Ending, Erased, Tried};
use crate::sync::value::Value;
use crate::trace::Trace;
use crate::world::{Op, ThreadId, Turn};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// What the trials showed of the real code: how often it was run, and what of the graph was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trials {
    pub(super) runs: u64,
    pub(super) tried: Tried,
}

/// A run of the real code that the graph does not have.
#[derive(Debug)]
pub(super) struct Deviation {
    pub(super) error: ProductError,
    pub(super) ending: Option<Ending<Value>>,
    /// Its steps, if they were kept.
    pub(super) trace: Option<Trace>,
}

/// No more interleavings than this are all run.
const HARDLY_ANY: usize = 200;

/// So many random walks follow in any case, as far as runs are allowed; where every order was run, so many
/// steps of them, since what is not handed over is seen by luck alone.
const WALKS: usize = 64;
const WALKED: usize = 20_000;

/// Where every interleaving was run, so many walks show what threads do before their first operations.
const LATE_WALKS: usize = 32;

/// Trials may take so many steps, or one for so many moves of the graph: to run a step takes a good deal
/// longer than to search a move.
const STEPS: usize = 40_000;
const MOVES_PER_STEP: usize = 8;

/// A way to an end is no longer than this.
const LONGEST: usize = 10_000;

/// What is to be run, and by what is counted what it shows.
struct Course<'a> {
    plans: Vec<Plan>,
    count: Counting<'a>,
}

/// What of the graph is counted, and how much of it was seen.
enum Counting<'a> {
    /// Interleavings; the plans begin with all of them.
    Interleavings {
        seen: usize,
        of: usize,
    },
    /// Orders; the plans begin with one interleaving of each.
    Orders {
        seen: usize,
        of: usize,
    },
    HandOvers(HandOvers<'a>),
    Nothing,
}

impl Explored {
    /// Holds runs of the real code against the graph.
    pub(super) fn try_out(
        &self,
        program: &Erased,
        limits: &Limits,
    ) -> Result<Trials, Box<Deviation>> {
        let Course { plans, mut count } = self.course(limits.samples, limits.seed);
        let ran = self.run(program, plans, self.most_steps());
        let runs = ran.len() as u64;
        for (nth, run) in ran.into_iter().enumerate() {
            if !run.is_too_long {
                count.see(nth, || self.moves(&run.turns).map(|(moves, _)| moves));
            }
            self.hold(run)?;
        }
        Ok(Trials { runs, tried: count.tried() })
    }

    fn most_steps(&self) -> usize {
        STEPS.max(self.search.graph.moves_len() / MOVES_PER_STEP)
    }

    fn course(&self, most: usize, seed: u64) -> Course<'_> {
        let graph = &self.search.graph;
        let longest = graph.terminals().next().map_or(0, |end| graph.way_to(end).len());
        let walk = |nth| Walk::new(seed, nth as u64, longest);
        // A thread that has not begun has not come to its race.
        let begins_late = !graph.terminals().any(|end| self.is_raced(end));
        // Walks of both kinds, and pairs of threads that begin late or not.
        let walks = |count: usize| {
            let plan = |nth: usize| match nth % 4 {
                2 | 3 if begins_late => Plan::LateWalk(walk(nth)),
                _ => Plan::Walk(walk(nth)),
            };
            (0..count).map(plan).collect::<Vec<_>>()
        };
        if let Some((mut plans, count)) = self.all_orders(most) {
            let left = most.saturating_sub(plans.len());
            let walked = (WALKED / longest.max(1)).max(WALKS);
            let is_all = matches!(count, Counting::Interleavings { .. });
            if is_all {
                let late = if begins_late { left.min(LATE_WALKS) } else { 0 };
                plans.extend((0..late).map(|nth| Plan::LateWalk(walk(nth))));
            } else {
                plans.extend(walks(left.min(walked)));
            }
            return Course { plans, count };
        }
        let (mut plans, count) = self.all_hand_overs(most, seed);
        let left = most.saturating_sub(plans.len());
        plans.extend(walks(left));
        Course { plans, count }
    }

    /// Every interleaving, or one of each order, if they are few.
    fn all_orders(&self, most: usize) -> Option<(Vec<Plan>, Counting<'_>)> {
        let graph = &self.search.graph;
        if self.search.is_reduced() || self.cycles().any() || graph.has_doubtful_moves() {
            return None;
        }
        let all = |ways: Vec<Vec<Turn>>| ways.into_iter().map(Plan::Along).collect();
        let every = orders(graph, HARDLY_ANY.min(most), |_, _, _| true);
        if let Some(every) = every {
            let count = Counting::Interleavings { seen: 0, of: every.len() };
            return Some((all(every), count));
        }
        let object = |state, thread| self.op(state, thread)?.object(thread);
        let depend = |state, one, other| {
            let (one, other) = (object(state, one), object(state, other));
            one.is_some() && one == other
        };
        let every = orders(graph, most, depend)?;
        let count = Counting::Orders { seen: 0, of: every.len() };
        Some((all(every), count))
    }

    /// What a thread does that moves from a state.
    fn op(&self, state: State, thread: ThreadId) -> Option<Op> {
        let (graph, automata) = (&self.search.graph, self.automata.read());
        let words = graph.words(state);
        let packed = Packed { layout: graph.layout(), automata: &automata, words };
        packed.due(thread, packed.node(thread)?)
    }

    /// Interleavings by which all hand-overs are seen, as far as so many can.
    fn all_hand_overs(&self, most: usize, seed: u64) -> (Vec<Plan>, Counting<'_>) {
        let found = || HandOvers::new(&self.search.graph, &self.automata.read(), self.cycles());
        let found = (most > 0).then(found).flatten();
        let most = most.saturating_sub(WALKS);
        let Some(mut handovers) = found else { return (Vec::new(), Counting::Nothing) };
        let mut random = SmallRng::seed_from_u64(seed);
        let mut plans = Vec::new();
        let mut left = self.most_steps();
        while plans.len() < most
            && left > 0
            && let Some(way) = handovers.unseen()
        {
            let moves = self.to_the_end(&way, &mut random);
            handovers.see(moves.iter().copied());
            let turns: Vec<_> = moves.into_iter().map(|(_, turn)| turn).collect();
            let steps = self.unfolded(&turns);
            left = left.saturating_sub(steps.len());
            plans.push(Plan::Along(steps));
        }
        handovers.forget();
        (plans, Counting::HandOvers(handovers))
    }

    /// The moves along a way, and on to an end.
    fn to_the_end(&self, way: &[Turn], random: &mut SmallRng) -> Vec<(State, Turn)> {
        let mut moves = Vec::new();
        let mut state = 0;
        let mut way = way.iter();
        while moves.len() < LONGEST {
            let turn = way.next().copied().or_else(|| {
                let next: Vec<_> = self.search.graph.moves(state).collect();
                (!next.is_empty()).then(|| next[random.gen_range(0..next.len())].0)
            });
            let Some(turn) = turn else { break };
            moves.push((state, turn));
            state = self.step(state, turn).expect("a way is in the graph");
        }
        moves
    }

    /// That a run stayed within the graph, and ended as that says.
    fn hold(&self, run: Ran) -> Result<(), Box<Deviation>> {
        let error = match &run.divergence {
            Some(divergence) => Some(ProductError::diverged(divergence, &self.names)),
            None => run.surprise.or_else(|| self.disagrees(&run)).and_then(unforeseen),
        };
        match error {
            None => Ok(()),
            Some(error) => Err(Box::new(Deviation { error, ending: run.ending, trace: run.trace })),
        }
    }

    fn disagrees(&self, run: &Ran) -> Option<&'static str> {
        let Some(last) = self.walk(&run.turns) else {
            return Some("a thread moved where it cannot in the graph");
        };
        let ends = self.search.graph.is_terminal(last) && !self.is_cut(last);
        let Some(ending) = run.ending.clone() else {
            return ends.then_some("it went on where it ends in the graph");
        };
        let foreseen = ends.then(|| self.as_reported(self.ending(last)));
        (Some(self.as_reported(ending)) != foreseen)
            .then_some("it ended where it cannot in the graph")
    }
}

impl Counting<'_> {
    /// The run of the `nth` plan has come to its end, by these moves.
    fn see(&mut self, nth: usize, moves: impl FnOnce() -> Option<Vec<(State, Turn)>>) {
        match self {
            Self::Interleavings { seen, of } | Self::Orders { seen, of } => {
                *seen += usize::from(nth < *of);
            }
            Self::HandOvers(handovers) => {
                moves().into_iter().for_each(|moves| handovers.see(moves))
            }
            Self::Nothing => {}
        }
    }

    /// What was seen.
    fn tried(&self) -> Tried {
        match *self {
            Self::Interleavings { seen, of } => {
                Tried::Interleavings { seen: seen as u64, of: of as u64 }
            }
            Self::Orders { seen, of } => Tried::Orders { seen: seen as u64, of: of as u64 },
            Self::HandOvers(ref handovers) => {
                let (of, seen) = handovers.count();
                Tried::HandOvers { seen: seen as u64, of: of as u64 }
            }
            Self::Nothing => Tried::Samples,
        }
    }
}

fn unforeseen(what: &str) -> Option<ProductError> {
    Some(ProductError::Unforeseen { what: what.into() })
}
