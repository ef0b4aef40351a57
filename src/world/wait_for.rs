//! Who waits for whom.

use super::{Op, ThreadId, World};

/// One edge of the wait-for graph: a thread, what it waits to do, and who must move first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The thread that waits.
    pub waiter: ThreadId,
    /// The operation that is not enabled.
    pub op: Op,
    /// The holder of the lock or the thread to join; nobody in particular for an event.
    pub on: Option<ThreadId>,
}

/// The wait-for graph of a deadlock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitFor {
    /// The threads that wait for each other in a ring, each for the next; empty if there is no
    /// ring (every thread waits for an event that nobody is left to raise, say).
    pub cycle: Vec<Edge>,
    /// All the others that wait.
    pub others: Vec<Edge>,
}

impl WaitFor {
    /// The graph of what these threads wait for; those whose operation is enabled are left out.
    pub fn new(world: &World, pending: impl IntoIterator<Item = (ThreadId, Op)>) -> Self {
        let edges: Vec<Edge> = pending
            .into_iter()
            .filter(|&(thread, op)| !world.certain(thread, op))
            .map(|(waiter, op)| Edge { waiter, op, on: super::awaited(world, op) })
            .collect();
        let cycle = find_cycle(&edges);
        let others = edges.into_iter().filter(|edge| !cycle.contains(edge)).collect();
        Self { cycle, others }
    }
}

/// The first cycle met when following the edges from each waiter in turn. Every thread waits for
/// at most one other, so a walk of as many steps as there are edges has entered its cycle.
fn find_cycle(edges: &[Edge]) -> Vec<Edge> {
    let next = |edge: &Edge| edges.iter().find(|other| Some(other.waiter) == edge.on);
    for start in edges {
        let mut at = start;
        let mut steps = 0;
        while steps < edges.len()
            && let Some(following) = next(at)
        {
            at = following;
            steps += 1;
        }
        if steps == edges.len() {
            return ring_from(at, next);
        }
    }
    Vec::new()
}

fn ring_from<'a>(entry: &'a Edge, next: impl Fn(&Edge) -> Option<&'a Edge>) -> Vec<Edge> {
    let mut ring = vec![*entry];
    let mut at = entry;
    while let Some(following) = next(at)
        && following != entry
    {
        ring.push(*following);
        at = following;
    }
    let first = (0..ring.len()).min_by_key(|&i| ring[i].waiter).unwrap_or(0);
    ring.rotate_left(first);
    ring
}
