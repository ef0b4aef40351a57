//! A walk through known ground, to where a timed acquire has not been answered both ways.
//!
//! A retry loop that has been told of one timeout comes back to where it was. Rather than start the
//! real code again for the next timed acquire of the same loop, the thread is led there. It moves on
//! in the world that the question was about, but for one thing: a timed acquire is answered as is
//! wanted. A free lock may have been held just then by another thread, and whoever holds a lock may
//! have let it go. If that never happens, an edge is learned for nothing, and the search never comes
//! to it.

use super::automata::{Automata, NodeId};
use super::follower::MAX_ALONE;
use crate::world::shared;
use crate::world::{Op, Outcome, World};
use rustc_hash::FxHashMap;

/// A thread on its way through known ground.
#[derive(Debug)]
pub(crate) struct Tour {
    /// How many edges were known when the thread last was at a node.
    seen: FxHashMap<NodeId, usize>,
    /// How much further it may go.
    left: usize,
}

impl Default for Tour {
    fn default() -> Self {
        Self { seen: FxHashMap::default(), left: MAX_ALONE }
    }
}

/// How many nodes are looked at to find the next open timed acquire.
const LOOKAHEAD: usize = 32;

impl Tour {
    /// Whether the thread is to go on, and what it is told at a timed acquire. It does not go on once
    /// it comes back to where it was and has learned nothing, nor beyond a load that is not known.
    pub(crate) fn lead(
        &mut self,
        automata: &Automata,
        world: &World,
        node: NodeId,
    ) -> Option<Option<Outcome>> {
        self.left = self.left.checked_sub(1)?;
        if self.seen.insert(node, automata.edges()) == Some(automata.edges()) {
            return None;
        }
        match automata.op(node)? {
            Op::AcquireTimeout(_) => Some(Some(which(automata, node))),
            Op::Load(cell) => automata.after(node, Outcome::Value(world.value(cell))).map(|_| None),
            Op::Wait(_) | Op::Spawn(_) | Op::Join(_) => None,
            op => shared::enabled(world, op).then_some(None),
        }
    }
}

/// The answer that is not known, or the one that leads to a node where one is not known.
fn which(automata: &Automata, node: NodeId) -> Outcome {
    let after = |outcome| automata.after(node, outcome);
    match (after(Outcome::TimedOut), after(Outcome::Acquired)) {
        (None, _) => Outcome::TimedOut,
        (Some(next), Some(_)) if leads_to_open(automata, next, node) => Outcome::TimedOut,
        _ => Outcome::Acquired,
    }
}

/// Whether a timed acquire with an unknown answer is near, without going through `avoided`.
fn leads_to_open(automata: &Automata, from: NodeId, avoided: NodeId) -> bool {
    let mut near = vec![from];
    for looked_at in 0..LOOKAHEAD {
        let Some(&node) = near.get(looked_at) else { return false };
        if node == avoided {
            continue;
        }
        let timed = matches!(automata.op(node), Some(Op::AcquireTimeout(_)));
        let next = automata.few(node);
        if timed && next.contains(&None) {
            return true;
        }
        for next in next.into_iter().flatten() {
            if !near.contains(&next) {
                near.push(next);
            }
        }
    }
    false
}
