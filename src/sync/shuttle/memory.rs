//! The memory that a run is given, and what it frees.
//!
//! What a run frees is kept until the run is over, so that no address comes back in it. That takes books on all memory
//! that its threads are given.

use super::{RUN, perform, with_run};
use crate::sync::alloc;
use crate::sync::object::Object;
use crate::sync::pointers::Pointers;
use crate::sync::quiet;
use crate::sync::run::State;
use crate::trace::{Maker, Place};
use crate::world::{AllocationId, AllocationOp, DataId, Id, Outcome, ThreadId};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

thread_local! {
    /// Whether a run is under way that books are kept on.
    static IS_OPEN: Cell<bool> = const { Cell::new(false) };
    /// Whether a thread of it moves, and not the engine.
    static MOVES: Cell<bool> = const { Cell::new(false) };
    /// By where they begin.
    static BLOCKS: RefCell<BTreeMap<usize, Block>> = const { RefCell::new(BTreeMap::new()) };
}

/// Memory that was given out since the run began.
#[derive(Clone, Copy, Debug)]
struct Block {
    layout: Layout,
    is_freed: bool,
}

/// What a run knows of pointers, and of the memory that they lead to.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub(super) pointers: Pointers,
    /// All that a pointer was put into an atomic to, by where it begins.
    published: BTreeMap<usize, Rc<Published>>,
    /// The threads that have freed something a second time, and are to panic.
    freed_twice: BTreeSet<ThreadId>,
}

/// Memory that a pointer was put into an atomic to, and where.
#[derive(Debug)]
struct Published {
    object: Object<AllocationId>,
    place: Place,
}

impl Memory {
    /// Why a thread is to panic, if it is to.
    pub(super) fn has_freed_twice(&mut self, thread: ThreadId) -> Option<&'static str> {
        self.freed_twice.remove(&thread).then_some("double free")
    }
}

/// Does something with the books; nothing if there are none, or somebody has them who needs memory for that.
fn with_blocks<T>(f: impl FnOnce(&mut BTreeMap<usize, Block>) -> T) -> Option<T> {
    if !IS_OPEN.get() {
        return None;
    }
    BLOCKS.try_with(|blocks| Some(f(&mut *blocks.try_borrow_mut().ok()?))).ok().flatten()
}

/// A run begins.
pub(super) fn begin() {
    end();
    IS_OPEN.set(alloc::is_installed());
}

/// No run is under way: all goes back that was freed.
pub(super) fn end() {
    let kept = with_blocks(std::mem::take);
    IS_OPEN.set(false);
    MOVES.set(false);
    let freed = kept.into_iter().flatten().filter(|(_, block)| block.is_freed);
    for (at, block) in freed {
        // SAFETY: the system gave it out by this layout, and whoever had it has freed it; nobody else gives it back,
        // since the books have it once.
        unsafe { System.dealloc(std::ptr::with_exposed_provenance_mut(at), block.layout) };
    }
}

/// A thread moves, or the engine does; which of them did before.
pub(super) fn moves(is_of_the_run: bool) -> bool {
    MOVES.replace(is_of_the_run && IS_OPEN.get())
}

/// Whether this memory is kept when it is freed, and so is what comes in its place.
pub(in crate::sync) fn is_kept(memory: *mut u8) -> bool {
    MOVES.get() || with_blocks(|blocks| blocks.contains_key(&memory.addr())) == Some(true)
}

/// Memory was given out.
pub(in crate::sync) fn gave(memory: *mut u8, layout: Layout) {
    if MOVES.get() && !memory.is_null() {
        let block = Block { layout, is_freed: false };
        with_blocks(|blocks| blocks.insert(memory.expose_provenance(), block));
    }
}

/// Somebody frees memory: whether it is kept.
pub(in crate::sync) fn keeps(memory: *mut u8) -> bool {
    if MOVES.get() {
        free(memory.addr());
    }
    let keep = |block: &mut Block| block.is_freed = true;
    with_blocks(|blocks| blocks.get_mut(&memory.addr()).map(keep)).flatten().is_some()
}

/// Where the memory begins that an address is in, of what was given out in this run.
fn block_of(address: usize) -> Option<usize> {
    let find = |blocks: &mut BTreeMap<usize, Block>| {
        let (&at, block) = blocks.range(..=address).next_back()?;
        (address - at < block.layout.size().max(1)).then_some(at)
    };
    with_blocks(find).flatten()
}

/// The thread that moves puts a pointer of this name into an atomic: from here on it is an operation to free what is there.
#[track_caller]
pub(in crate::sync) fn publish(pointer: *mut (), name: DataId, place: Place) {
    let Some(at) = block_of(pointer.addr()) else { return };
    if with_run(|run| run.state != State::Running || run.memory.published.contains_key(&at)) {
        return;
    }
    let maker = Maker::Mover(Some(name.to_string().into()));
    let object = Object::beginning(false, maker, place);
    let published = Rc::new(Published { object, place });
    with_run(|run| run.memory.published.insert(at, published));
}

fn published(at: usize) -> Option<Rc<Published>> {
    RUN.with(|run| run.try_borrow().ok()?.memory.published.get(&at).cloned())
}

/// A primitive is used that is there: if that is in memory that was put into an atomic, and is freed, its thread panics.
#[track_caller]
pub(super) fn access(primitive: *const (), place: Place) {
    if with_run(|run| run.memory.published.is_empty()) {
        return;
    }
    if !quiet::is_unwinding()
        && let Some(why) = with_run(|run| run.memory.has_freed_twice(run.current))
    {
        quiet::panic_at(place, why);
    }
    let Some(memory) = block_of(primitive.addr()).and_then(published) else { return };
    let told = perform(memory.object.id.op(AllocationOp::Access), place);
    if told == Outcome::Gone && !quiet::is_unwinding() {
        quiet::panic_at(place, "use after free");
    }
}

/// Somebody frees memory. An allocator must not panic: who frees it a second time does so when it comes to its next
/// operation, or its end.
fn free(at: usize) {
    let Some(memory) = published(at) else { return };
    let told = perform(memory.object.id.op(AllocationOp::Free), memory.place);
    if told == Outcome::Gone {
        with_run(|run| run.memory.freed_twice.insert(run.current));
    }
}
