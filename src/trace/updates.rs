//! Reads and writes that belong together: `x -= n` is a load, and a store computed from it.

use super::{Follows, Replay, Trace};
use crate::world::{CellId, CellOp, Object, Op, Outcome, ThreadId};
use std::collections::HashMap;

/// A store, and the latest load of the same cell by the same thread, from which it may have been computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// Who did it.
    pub thread: ThreadId,
    /// What was changed.
    pub cell: CellId,
    /// The index of the load's step.
    pub load: usize,
    /// The value that the load answered.
    pub read: i64,
    /// The index of the store's step.
    pub store: usize,
    /// The value that was stored.
    pub stored: i64,
    /// The value that the store replaced.
    pub replaced: i64,
    /// How the value that was stored follows from the one that was read, as far as is known.
    pub follows: Follows,
}

impl Update {
    /// What was meant to be added.
    pub fn delta(&self) -> i64 {
        self.stored.wrapping_sub(self.read)
    }

    /// What came between the load and the store, and was overwritten.
    pub fn overwrote(&self) -> i64 {
        self.replaced.wrapping_sub(self.read)
    }
}

/// The stores of a trace.
#[derive(Clone, Debug, Default)]
pub(super) struct Updates {
    /// Those computed from a load, in the order of the stores.
    pub(super) updates: Vec<Update>,
    /// Whether there are any that were not.
    pub(super) blind: bool,
}

impl Updates {
    pub(super) fn of(trace: &Trace) -> Self {
        let mut found = Self::default();
        let mut loads = HashMap::new();
        let mut replay = Replay::new(trace);
        while let Some(step) = replay.next_step() {
            let at = replay.at();
            match (step.op, step.outcome) {
                (Op::Cell(cell, CellOp::Load), Outcome::Value(value)) => {
                    loads.insert((step.thread, cell), (at, value));
                }
                (Op::Cell(cell, CellOp::Store(stored)), _) => {
                    match loads.remove(&(step.thread, cell)) {
                        Some(_) if step.follows == Follows::Never => found.blind = true,
                        Some((load, read)) => {
                            let replaced = replay.world().value(cell);
                            let thread = step.thread;
                            let (store, follows) = (at, step.follows);
                            let update = Update {
                                thread,
                                cell,
                                load,
                                read,
                                store,
                                stored,
                                replaced,
                                follows,
                            };
                            found.updates.push(update);
                        }
                        None => found.blind = true,
                    }
                }
                _ => {}
            }
            replay.advance();
        }
        found
    }
}

/// The store that a load saw; none if it saw the first value.
pub(super) fn store_behind(trace: &Trace, load: usize) -> Option<usize> {
    let step = &trace.steps[load];
    let (Op::Cell(cell, CellOp::Load), Outcome::Value(seen)) = (step.op, step.outcome) else {
        return None;
    };
    let stores = Op::Cell(cell, CellOp::Store(seen));
    trace.steps[..load].iter().rposition(|step| step.op == stores)
}

/// The locks that a thread held from before one step until after another.
pub(super) fn held_throughout(
    trace: &Trace,
    thread: ThreadId,
    steps: std::ops::RangeInclusive<usize>,
) -> Vec<Object> {
    let mut replay = Replay::new(trace);
    let mut held: Option<Vec<Object>> = None;
    while replay.next_step().is_some() && replay.at() <= *steps.end() {
        if steps.contains(&replay.at()) {
            let world = replay.world();
            match &mut held {
                Some(held) => held.retain(|&lock| world.is_held_by(lock, thread)),
                None => held = Some(world.held_by(thread).collect()),
            }
        }
        replay.advance();
    }
    held.unwrap_or_default()
}
