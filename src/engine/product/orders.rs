//! Every order in which threads can hand things over to each other, while there are few.
//!
//! Two interleavings are of the same order if each object sees the same operations in the same order
//! (Mazurkiewicz, "Trace theory", 1987). One of each is found by a depth-first search with sleep sets
//! (Godefroid, "Partial-order methods for the verification of concurrent systems", 1996), here over the
//! finished graph.

use super::graph::{Graph, State};
use crate::world::{ThreadId, Turn};

/// The search gives up after so many steps.
const MOST_STEPS: usize = 100_000;

/// More threads than this have no room in a set.
const MOST_THREADS: usize = 64;

/// A set of threads.
type Threads = u64;

/// A state on the way, and what is left to be tried there.
struct Stop {
    moves: Vec<(Turn, State)>,
    next: usize,
    state: State,
    /// Whose move would lead to an order that is found elsewhere.
    asleep: Threads,
}

/// One interleaving of each order, as whose turn it is at each step; nothing if there are more than `most`, or a
/// cycle. In each state, `depend` says whether it matters which of two threads moves first.
pub(super) fn orders(
    graph: &Graph,
    most: usize,
    depend: impl Fn(State, ThreadId, ThreadId) -> bool,
) -> Option<Vec<Vec<Turn>>> {
    if graph.layout().threads() > MOST_THREADS {
        return None;
    }
    let mut found = Vec::new();
    let mut way: Vec<Turn> = Vec::new();
    let mut stops = vec![Stop::new(graph, 0, 0)];
    let mut steps = 0;
    while let Some(stop) = stops.last_mut() {
        if stop.moves.is_empty() {
            if found.len() == most {
                return None;
            }
            found.push(way.clone());
        }
        let Some((turn, target)) = stop.wake() else {
            stops.pop();
            way.pop();
            continue;
        };
        steps += 1;
        if steps > MOST_STEPS {
            return None;
        }
        let state = stop.state;
        let mover = turn.thread;
        let still = |&thread: &usize| !depend(state, ThreadId::new(thread), mover);
        let asleep = members(stop.asleep).filter(still).fold(0, |set, thread| set | 1 << thread);
        if !stop.is_chosen_again(mover) {
            stop.asleep |= 1 << mover.index();
        }
        way.push(turn);
        stops.push(Stop::new(graph, target, asleep));
    }
    Some(found)
}

fn members(threads: Threads) -> impl Iterator<Item = usize> {
    (0..MOST_THREADS).filter(move |thread| threads >> thread & 1 == 1)
}

impl Stop {
    fn new(graph: &Graph, state: State, asleep: Threads) -> Self {
        Self { moves: graph.moves(state).collect(), next: 0, state, asleep }
    }

    /// The next move that is to be tried.
    fn wake(&mut self) -> Option<(Turn, State)> {
        let left = self.moves[self.next..].iter();
        let at = left.take_while(|(turn, _)| self.asleep >> turn.thread.index() & 1 == 1).count();
        self.next += at + 1;
        self.moves.get(self.next - 1).copied()
    }

    /// Whether there is a move left of the thread that moved last, by another choice.
    fn is_chosen_again(&self, thread: ThreadId) -> bool {
        self.moves.get(self.next).is_some_and(|(turn, _)| turn.thread == thread)
    }
}
