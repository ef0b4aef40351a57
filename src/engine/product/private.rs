//! Operations of no interest to anyone else: they need no interleaving of their own.
//!
//! While a thread reads and writes a cell that is only ever touched under a lock that this thread
//! holds, nobody else can tell when it does so. Such an operation commutes with everything that
//! another thread can do before it, so it is enough to take it together with the step before: a
//! partial-order reduction with one-thread ample sets (Clarke, Grumberg, Minea, Peled, "State space
//! reduction using partial order techniques", 1999). Which locks protect a cell is found by
//! intersecting what was held at each access (Savage et al., "Eraser", 1997).
//!
//! What is found may turn out wrong later in the search. The first operation that contradicts it is
//! met all the same: up to there every reduction was sound, so the search has an interleaving of the
//! same operations in another order. It then starts again, knowing better.
//!
//! Every end of the program is kept, and so is whether a state can reach one, and whether there is a
//! cycle: from every state that is left out, private operations alone lead to one that is kept. Three
//! conditions see to it. The operation does not end its thread, so who is alone in a state is alone
//! in those that were left out before it, too. It leads to a node with a larger number, or to one
//! whose operation is never private, so no cycle consists of private operations. And nobody releases
//! a lock that somebody else holds, or the search starts again without reduction. A data race is an end wherever the other
//! threads are; of these ends those are kept in which private operations have come before it, and a search that finds
//! one starts again without reduction, too.

use super::automata::{Automata, NodeId};
use super::fault::{Fault, planted};
use super::packed::Packed;
use crate::world::shared::Look;
use crate::world::{CellId, CellOp, Kind, LockId, LockOp, Op, ThreadId};

/// Who uses which cell, while several threads live.
#[derive(Debug, Default)]
pub(crate) struct Privacy {
    cells: Vec<Usage>,
    mistaken: bool,
}

/// Who uses a cell.
#[derive(Clone, Copy, Debug)]
struct Usage {
    /// The locks that were held at every access.
    locks: Locks,
    owner: Owner,
    /// Whether an operation was taken to be private because of this.
    relied_on: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Nobody,
    One(ThreadId),
    Many,
}

/// A set of the first 128 locks; the others protect nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Locks(u128);

/// What keeps others away from what a thread does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    pub(crate) thread: ThreadId,
    held: Locks,
    /// Every other thread that was spawned has ended.
    alone: bool,
}

impl Cover {
    #[inline]
    pub(crate) fn of<W: AsRef<[u32]>>(packed: &Packed<'_, W>, thread: ThreadId) -> Self {
        let threads = (0..packed.layout.threads()).map(ThreadId::new);
        let mut others = threads.filter(|&other| other != thread);
        let alone = others.all(|other| packed.op(other).is_none());
        let locks = (0..packed.layout.count(Kind::Lock).min(128)).map(LockId::new);
        let held = locks.filter(|&lock| packed.state(lock) == Some(thread));
        let held = Locks(held.map(|lock| 1 << lock.index()).sum());
        Self { thread, held, alone }
    }
}

impl Default for Usage {
    fn default() -> Self {
        Self { locks: Locks(u128::MAX), owner: Owner::Nobody, relied_on: false }
    }
}

impl Usage {
    /// No operation on the cell is private.
    const SHARED: Self = Self { locks: Locks(0), owner: Owner::Many, relied_on: false };

    fn is_shared(&self) -> bool {
        self.locks.0 == 0 && self.owner == Owner::Many
    }

    /// Once false it stays false; once true it stays true for as long as the cell is not shared.
    fn is_private(&self, cover: Cover) -> bool {
        let owned = match self.owner {
            Owner::Nobody => true,
            Owner::One(owner) => owner == cover.thread,
            Owner::Many => false,
        };
        owned || self.locks.0 & cover.held.0 != 0
    }

    fn note(&mut self, cover: Cover) {
        self.locks.0 &= cover.held.0;
        self.owner = match self.owner {
            Owner::Nobody => Owner::One(cover.thread),
            Owner::One(owner) if owner == cover.thread => self.owner,
            _ => Owner::Many,
        };
    }
}

impl Privacy {
    /// Whether an operation was taken to be private that turned out not to be.
    pub(crate) fn is_mistaken(&self) -> bool {
        self.mistaken
    }

    /// What is left of it for another search: the cells that are known to be shared.
    pub(crate) fn corrected(&self) -> Self {
        let corrected =
            |usage: &Usage| if usage.is_shared() { Usage::SHARED } else { Usage::default() };
        Self { cells: self.cells.iter().map(corrected).collect(), mistaken: false }
    }

    /// Whether nobody else can tell when the operation is performed.
    pub(crate) fn is_private(&self, cover: Cover, op: Op) -> bool {
        if planted(Fault::SharesNothing) {
            return may_be_private(op);
        }
        match cell_of(op) {
            None => op == Op::Yield,
            Some(cell) => {
                let usage = self.cells.get(cell.index()).copied().unwrap_or_default();
                cover.alone || usage.is_private(cover)
            }
        }
    }

    /// The operation is performed; if it is taken to be `private`, it has to stay so.
    pub(crate) fn note(&mut self, cover: Cover, op: Op, private: bool) {
        let Some(cell) = cell_of(op).filter(|_| !cover.alone) else { return };
        if self.cells.len() <= cell.index() {
            self.cells.resize_with(cell.index() + 1, Usage::default);
        }
        let usage = &mut self.cells[cell.index()];
        usage.relied_on |= private;
        usage.note(cover);
        self.mistaken |= usage.relied_on && usage.is_shared() && !planted(Fault::SharesNothing);
    }
}

/// Whether the operation releases a lock that somebody else holds.
#[inline]
pub(crate) fn is_theft(packed: &impl Look, thread: ThreadId, op: Op) -> bool {
    matches!(op, Op::Lock(lock, LockOp::Release) if packed.state(lock).is_some_and(|holder| holder != thread))
}

/// Whether a private operation may lead along this edge: nothing ends, and no cycle closes that
/// consists of private operations.
#[inline]
pub(crate) fn leads_on(automata: &Automata, from: NodeId, to: NodeId) -> bool {
    automata.op(to).is_some_and(|op| to > from || !may_be_private(op))
}

/// Whether there are threads to which the operation can be private.
#[inline]
pub(crate) fn may_be_private(op: Op) -> bool {
    op == Op::Yield || cell_of(op).is_some()
}

fn cell_of(op: Op) -> Option<CellId> {
    match op {
        Op::Cell(cell, CellOp::Load) | Op::Cell(cell, CellOp::Store(_)) => Some(cell),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
