//! What one move of a thread does to a state.

use super::automata::{Automata, NodeId, Origin};
use super::graph::{Graph, State};
use super::packed::Packed;
use super::private::{Cover, Privacy, leads_on, may_be_private};
use crate::world;
use crate::world::shared::{Look as _, Shared as _};
use crate::world::{CellOp, Op, Outcome, ThreadId, ThreadOp, Turn};

/// Where a thread is, and what it is told there.
pub(crate) type Edge = (NodeId, Outcome);

/// How many private operations are taken together with the one before: a loop that never comes to
/// an end has to leave the others a turn.
const MOST_PRIVATE: usize = 1_000;

/// A thread performs the operation that it has come to, and then its private ones. Gives the answer
/// to the first; or the edge that is not known, all operations up to there having been performed.
#[inline]
pub(crate) fn go(
    packed: &mut Packed<'_, &mut [u32]>,
    (thread, node): (ThreadId, NodeId),
    op: Op,
    private: Option<&mut Privacy>,
) -> Result<Outcome, Edge> {
    let Some(private) = private else { return step(packed, (thread, node), op) };
    if may_be_private(op) {
        private.note(Cover::of(packed, thread), op, false);
    }
    let outcome = step(packed, (thread, node), op)?;
    if packed.op(thread).is_some_and(may_be_private) && !packed.is_raced() {
        let cover = Cover::of(packed, thread);
        for _ in 0..MOST_PRIVATE {
            let Some((op, answer)) = take_private(packed, cover, private) else { break };
            private.note(cover, op, true);
            answer?;
        }
    }
    Ok(outcome)
}

/// The operations of one move, and what they answered, up to the first edge that is not known.
pub(crate) fn unfold(
    graph: &Graph,
    automata: &Automata,
    private: Option<&Privacy>,
    (state, Turn { thread, choice }): (State, Turn),
) -> Vec<(Op, Outcome)> {
    let mut words = graph.words(state).to_vec();
    let mut packed = Packed { layout: graph.layout(), automata, words: &mut words[..] };
    let first = packed.node(thread).and_then(|node| {
        let op = packed.due(thread, node)?.chosen(choice);
        Some((op, step(&mut packed, (thread, node), op)))
    });
    let cover = Cover::of(&packed, thread);
    let private = private.filter(|_| !packed.is_raced());
    let more = || private.and_then(|private| take_private(&mut packed, cover, private));
    let steps = first.into_iter().chain(std::iter::from_fn(more).take(MOST_PRIVATE));
    steps.map_while(|(op, answer)| answer.ok().map(|outcome| (op, outcome))).collect()
}

/// A thread performs the operation that it takes together with the one before, if there is one.
fn take_private(
    packed: &mut Packed<'_, &mut [u32]>,
    cover: Cover,
    private: &Privacy,
) -> Option<(Op, Result<Outcome, Edge>)> {
    let node = packed.node(cover.thread)?;
    let op = packed.automata.op(node).filter(|&op| private.is_private(cover, op))?;
    let outcome = match op {
        Op::Cell(cell, CellOp::Load) => Outcome::Value(packed.state(cell)),
        _ => Outcome::Done,
    };
    let next = packed.automata.after(node, outcome);
    if next.is_some_and(|next| !leads_on(packed.automata, node, next)) {
        return None;
    }
    if let Op::Cell(cell, CellOp::Store(value)) = op {
        packed.put(cell, value);
    }
    let Some(next) = next else { return Some((op, Err((node, outcome)))) };
    packed.move_to(cover.thread, next);
    packed.make(packed.automata.made(Origin::After(node, outcome)));
    Some((op, Ok(outcome)))
}

/// A thread performs one operation, or ends, and moves along its edge; a thread that it spawned moves
/// to its start.
#[inline(always)]
fn step(
    packed: &mut Packed<'_, &mut [u32]>,
    (thread, node): (ThreadId, NodeId),
    op: Op,
) -> Result<Outcome, Edge> {
    let automata = packed.automata;
    let outcome = world::apply(packed, thread, op);
    let unknown = (node, outcome);
    let next = automata.after(node, outcome).ok_or(unknown)?;
    if let Op::Thread(child, ThreadOp::Spawn) = op {
        let start = automata.next(Origin::Start(Some(node))).ok_or(unknown)?;
        packed.move_to(child, start);
        packed.make(automata.made(Origin::Start(Some(node))));
    }
    packed.move_to(thread, next);
    packed.make(automata.made(Origin::After(node, outcome)));
    Ok(outcome)
}
