//! The breadth-first search of the product, which stops to ask when it does not know a thread.

use super::automata::{Automata, Origin};
use super::expansion::{Break, Expansion};
pub(crate) use super::expansion::{Met, Question};
use super::graph::{Batch, Graph, State};
use super::limits::Reduction;
use super::moves;
use super::packed::{Layout, Packed};
use super::patience::Patience;
use super::private::Privacy;
use crate::engine::Watch;
use crate::world::{Op, Outcome, ThreadId, Turn};

/// The search, between two questions.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pub(crate) graph: Graph,
    /// Whether moves may be taken together.
    reduction: Reduction,
    /// How many states there may be before the caller is asked whether to go on.
    most: usize,
    /// Which operations are taken together with the one before; none are if there is nothing.
    private: Option<Privacy>,
    /// Whether every move so far led to a state one level deeper; there is no cycle then, and the
    /// order of the states is topological.
    pub(crate) graded: bool,
    pub(crate) met: Met,
    level_end: usize,
    batch: Batch,
}

/// Why the search paused.
#[derive(Debug)]
pub(crate) enum Pause {
    /// It has to know this to go on.
    Ask(Question),
    /// It has looked at this many states since it last paused.
    Breath,
    /// Every state has been expanded.
    Finished,
}

/// How many batches are expanded before the search looks up.
const BREATH: usize = 16;

/// How many states are expanded together: enough to keep the memory busy, and few enough for what
/// they lead to to stay in the first cache.
const BATCH: usize = 32;

impl Search {
    pub(crate) fn new(reduction: Reduction, most: usize) -> Self {
        let private = (reduction == Reduction::Always).then(Privacy::default);
        Self { graded: true, reduction, most, private, ..Self::default() }
    }

    /// The same; what is read off its graph is left when whoever watches has had enough.
    pub(crate) fn watched_by(mut self, watch: &Watch) -> Self {
        self.graph.patience = Patience::of(watch);
        self
    }

    /// Whether some moves were taken together, so that the graph is not that of every
    /// interleaving.
    pub(crate) fn is_reduced(&self) -> bool {
        self.private.is_some()
    }

    /// Starts again, and takes every move for itself.
    pub(crate) fn start_again_whole(&mut self) {
        self.start_again(Reduction::Never, None);
    }

    /// The operations of a move from a state, and what they answered.
    pub(crate) fn unfold(
        &self,
        automata: &Automata,
        state: State,
        turn: Turn,
    ) -> Vec<(Op, Outcome)> {
        moves::unfold(&self.graph, automata, self.private.as_ref(), (state, turn))
    }

    /// How many steps a move has.
    pub(crate) fn steps(&self, automata: &Automata, state: State, turn: Turn) -> usize {
        if self.is_reduced() { self.unfold(automata, state, turn).len() } else { 1 }
    }

    /// Whose turn each step of a move is: its own, and then the thread's without a choice.
    pub(crate) fn turns(
        &self,
        automata: &Automata,
        (state, turn): (State, Turn),
    ) -> impl Iterator<Item = Turn> + use<> {
        let steps = self.steps(automata, state, turn);
        let rest = std::iter::repeat(Turn::from(turn.thread));
        std::iter::once(turn).chain(rest).take(steps)
    }

    fn start_again(&mut self, reduction: Reduction, private: Option<Privacy>) {
        let graph = self.graph.emptied();
        *self = Self { graph, private, ..Self::new(reduction, self.most) };
    }

    /// Goes on until something is unknown, everything is known, or it is time to look up.
    pub(crate) fn go_on(&mut self, automata: &Automata, layout: Layout) -> Pause {
        if *self.graph.layout() != layout {
            self.graph.widen(layout, automata.found());
        }
        if self.reduction == Reduction::InLoops && automata.any_loop() && !self.is_reduced() {
            self.start_again(Reduction::InLoops, Some(Privacy::default()));
        }
        if self.graph.len() == 0 && !self.begin(automata) {
            return Pause::Ask(Question::first());
        }
        for _ in 0..BREATH {
            if self.graph.len() > self.most {
                return Pause::Breath;
            }
            if self.graph.expanded() == self.graph.len() {
                return Pause::Finished;
            }
            let broken = self.expand_batch(automata);
            // First of all: a question that came up after a mistake is not worth an answer.
            if let Some(private) = self.private.as_ref().filter(|private| private.is_mistaken()) {
                let corrected = private.corrected();
                self.start_again(self.reduction, Some(corrected));
                return Pause::Breath;
            }
            match broken {
                Some(Break::Ask(question)) => return Pause::Ask(question),
                Some(Break::Whole) => {
                    self.start_again_whole();
                    return Pause::Breath;
                }
                None => {}
            }
        }
        Pause::Breath
    }

    /// Puts the main thread at its start, if that is known.
    fn begin(&mut self, automata: &Automata) -> bool {
        let Some(start) = automata.next(Origin::Start(None)) else { return false };
        let layout = *self.graph.layout();
        let mut packed = Packed { layout: &layout, automata, words: vec![0; layout.words()] };
        packed.move_to(ThreadId::MAIN, start);
        packed.make(automata.made(Origin::Start(None)));
        packed.make(&layout.new_among(automata.found(), &Layout::default()));
        self.graph.begin(&packed.words);
        self.level_end = 1;
        true
    }

    /// Expands the next few states of a level, or those before the first that cannot be.
    fn expand_batch(&mut self, automata: &Automata) -> Option<Break> {
        let from = self.graph.expanded();
        let to = self.level_end.min(from + BATCH.min(self.room(automata)));
        let broken = (from..to).find_map(|state| self.expand(state as State, automata));
        let least = self.graph.expand(&mut self.batch);
        self.graded &= least.is_none_or(|target| target as usize >= self.level_end);
        if self.graph.expanded() == self.level_end {
            self.level_end = self.graph.len();
        }
        broken
    }

    /// How many states can be expanded, at least one, without going beyond the most.
    fn room(&self, automata: &Automata) -> usize {
        let left = self.most.saturating_sub(self.graph.len());
        let moves = self.graph.layout().threads().max(1).saturating_mul(automata.most_choices());
        (left / moves).max(1)
    }

    fn expand(&mut self, state: State, automata: &Automata) -> Option<Break> {
        let layout = *self.graph.layout();
        let first = self.batch.len();
        let before = Packed { layout: &layout, automata, words: self.graph.words(state) };
        let (batch, private) = (&mut self.batch, self.private.as_mut());
        let mut expansion = Expansion::new(state, before, batch, private);
        let broken = expansion.make_all();
        let (mut met, is_left) = expansion.found();
        if broken.is_some() || !is_left {
            // Where nothing that could be counted on leads on, it ends.
            self.batch.truncate(first, layout.words());
            met.doubts = 0;
            met.held_back = 0;
        }
        if broken.is_none() {
            self.batch.close(first);
            self.met.contended += met.contended;
            self.met.timeouts += met.timeouts;
            self.met.doubts |= met.doubts;
            self.met.held_back += met.held_back;
        }
        broken
    }
}
