//! The breadth-first search of the product, which stops to ask when it does not know a thread.

use super::automata::{Automata, NodeId, Origin};
use super::fault::{Fault, planted};
use super::graph::{Batch, Graph, State};
use super::packed::{Layout, Packed};
use crate::world::{Op, Outcome, ThreadId, World, shared};

/// The search, between two questions.
#[derive(Debug, Default)]
pub(crate) struct Search {
    pub(crate) graph: Graph,
    /// Whether every move so far led to a state one level deeper; there is no cycle then, and the
    /// order of the states is topological.
    pub(crate) graded: bool,
    pub(crate) met: Met,
    level_end: usize,
    batch: Batch,
}

/// What the search has met.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Met {
    /// States and threads in which a lock was found held.
    pub(crate) contended: u64,
    /// Moves that were timeouts.
    pub(crate) timeouts: u64,
}

/// What a thread would do, were it told this.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) thread: ThreadId,
    /// Where it is and what it is told; the main thread's start if there is nothing.
    pub(crate) at: Option<(NodeId, Outcome)>,
    /// The world in which it would go on alone.
    pub(crate) world: World,
    /// Where each thread is then.
    pub(crate) nodes: Vec<Option<NodeId>>,
    /// The state in which the question came up.
    pub(crate) state: State,
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
    pub(crate) fn new() -> Self {
        Self { graded: true, ..Self::default() }
    }

    /// Goes on until something is unknown, everything is known, or it is time to look up.
    pub(crate) fn go_on(&mut self, automata: &Automata, layout: Layout) -> Pause {
        if *self.graph.layout() != layout {
            self.graph.widen(layout);
        }
        if self.graph.len() == 0 && !self.begin(automata) {
            return Pause::Ask(Question {
                thread: ThreadId::MAIN,
                at: None,
                world: World::new(),
                nodes: Vec::new(),
                state: 0,
            });
        }
        for _ in 0..BREATH {
            if self.graph.expanded() == self.graph.len() {
                return Pause::Finished;
            }
            if let Some(question) = self.expand_batch(automata) {
                return Pause::Ask(question);
            }
        }
        Pause::Breath
    }

    /// Puts the main thread at its start, if that is known.
    fn begin(&mut self, automata: &Automata) -> bool {
        let Some(start) = automata.next(Origin::Start(None)) else { return false };
        let layout = *self.graph.layout();
        let mut packed = Packed { layout: &layout, automata, words: vec![0; layout.words()] };
        packed.put(ThreadId::MAIN, start);
        make_cells(&mut packed, automata.made(Origin::Start(None)));
        self.graph.begin(&packed.words);
        self.level_end = 1;
        true
    }

    /// Expands the next few states of a level, or those before the first that raises a question.
    fn expand_batch(&mut self, automata: &Automata) -> Option<Question> {
        let from = self.graph.expanded();
        let to = self.level_end.min(from + BATCH);
        let question = (from..to).find_map(|state| self.expand(state as State, automata));
        let least = self.graph.expand(&mut self.batch);
        self.graded &= least.is_none_or(|target| target as usize >= self.level_end);
        if self.graph.expanded() == self.level_end {
            self.level_end = self.graph.len();
        }
        question
    }

    fn expand(&mut self, state: State, automata: &Automata) -> Option<Question> {
        let layout = *self.graph.layout();
        let before = Packed { layout: &layout, automata, words: self.graph.words(state) };
        let first = self.batch.len();
        let mut met = Met::default();
        if before.is_cut() {
            self.batch.close(first);
            return None;
        }
        for thread in (0..layout.threads).map(ThreadId::new) {
            let Some(node) = before.node(thread) else { continue };
            let Some(op) = automata.op(node) else { continue };
            met.contended += u64::from(shared::contended(&before, op));
            if !shared::enabled(&before, op) || mistaken(&before, op, state) {
                continue;
            }
            let words = self.batch.begin(before.words);
            let mut after = Packed { layout: &layout, automata, words };
            let outcome = shared::apply(&mut after, thread, op);
            met.timeouts += u64::from(outcome == Outcome::TimedOut);
            if !advance(&mut after, thread, node, op, outcome) {
                let question = Question::new(thread, (node, outcome), &after, state);
                self.batch.truncate(first, layout.words());
                return Some(question);
            }
            self.batch.push(thread, layout.words());
        }
        self.batch.close(first);
        self.met.contended += met.contended;
        self.met.timeouts += met.timeouts;
        None
    }
}

/// Whether a test has planted a mistake that loses this move.
#[inline]
fn mistaken(before: &Packed<'_, &[u32]>, op: Op, state: State) -> bool {
    let timed_out = || matches!(op, Op::AcquireTimeout(_)) && shared::contended(before, op);
    planted(Fault::NeverTimesOut) && timed_out()
        || planted(Fault::LosesMoves) && state % 4 == 3 && matches!(op, Op::Store(..))
}

impl Question {
    fn new(
        thread: ThreadId,
        at: (NodeId, Outcome),
        after: &Packed<'_, &mut [u32]>,
        state: State,
    ) -> Self {
        let nodes = (0..after.layout.threads).map(|i| after.node(ThreadId::new(i))).collect();
        Self { thread, at: Some(at), world: after.to_world(), nodes, state }
    }
}

/// Moves a thread along its edge, and a thread that it spawned to its start; false if either is
/// not known.
#[inline]
fn advance(
    packed: &mut Packed<'_, &mut [u32]>,
    thread: ThreadId,
    node: NodeId,
    op: Op,
    outcome: Outcome,
) -> bool {
    let automata = packed.automata;
    let Some(next) = automata.after(node, outcome) else { return false };
    if let Op::Spawn(child) = op {
        let Some(start) = automata.next(Origin::Start(Some(node))) else { return false };
        packed.put(child, start);
        make_cells(packed, automata.made(Origin::Start(Some(node))));
    }
    packed.put(thread, next);
    make_cells(packed, automata.made(Origin::After(node, outcome)));
    true
}

fn make_cells<W: AsRef<[u32]> + AsMut<[u32]>>(
    packed: &mut Packed<'_, W>,
    made: &[(crate::world::CellId, i64)],
) {
    use crate::world::shared::Shared as _;
    for &(cell, initial) in made {
        packed.set_value(cell, initial);
    }
}
