//! The memory that a run is given, and what it frees.
//!
//! What a run frees is kept until the run is over, so that no address comes back in it. That takes books on all memory
//! that its threads are given, and on what the engine is given while it looks at one of their operations. That happens
//! by [`with_run`], so what the engine frees is no operation: whoever finds the run borrowed lets it be.

use super::{RUN, Run, perform, perform_anywhere, with_run};
use crate::sync::alloc;
use crate::sync::object::Object;
use crate::sync::pointers::Pointers;
use crate::sync::quiet;
use crate::sync::run::State;
use crate::trace::{DOUBLE_FREE, Maker, Place, USE_AFTER_FREE};
use crate::world::{AllocationId, AllocationOp, DataId, Id, Outcome, ThreadId};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
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

/// Memory was given out. What the engine is given is none of a run's, whatever was there.
pub(in crate::sync) fn gave(memory: *mut u8, layout: Layout) {
    let block = Block { layout, is_freed: false };
    with_blocks(|blocks| match MOVES.get() && !memory.is_null() {
        true => blocks.insert(memory.expose_provenance(), block),
        false => blocks.remove(&memory.addr()),
    });
}

/// Somebody frees memory: whether it is kept. All is that a thread frees, whenever it was given out.
pub(in crate::sync) fn keeps(memory: *mut u8, layout: Layout) -> bool {
    let moves = MOVES.get();
    if moves {
        free(memory.addr());
    }
    let at = memory.expose_provenance();
    let was_freed = with_blocks(|blocks| {
        let block = match moves {
            true => Some(blocks.entry(at).or_insert(Block { layout, is_freed: false })),
            false => blocks.get_mut(&at),
        };
        block.map(|block| std::mem::replace(&mut block.is_freed, true))
    });
    if was_freed == Some(Some(true)) {
        note_double_free();
    }
    was_freed.flatten().is_some()
}

/// Where the memory begins that an address is in, of what was given out in this run.
fn block_of(address: usize) -> Option<(usize, Block)> {
    let find = |blocks: &mut BTreeMap<usize, Block>| {
        let (&at, block) = blocks.range(..=address).next_back()?;
        (address - at < block.layout.size().max(1)).then_some((at, *block))
    };
    with_blocks(find).flatten()
}

/// The memory that an address is in, of what was given out in this run.
pub(in crate::sync) fn memory_of(pointer: *mut ()) -> Range<usize> {
    block_of(pointer.addr()).map_or(0..0, |(at, block)| at..at + block.layout.size())
}

/// The thread that moves puts a pointer of this name into an atomic: from here on it is an operation to free what is there.
#[track_caller]
pub(in crate::sync) fn publish(pointer: *mut (), name: DataId, place: Place) {
    let Some((at, block)) = block_of(pointer.addr()) else { return };
    if with_run(|run| run.state != State::Running || run.memory.published.contains_key(&at)) {
        return;
    }
    let maker = Maker::Mover(Some(name.to_string().into()));
    let object = Object::beginning(block.is_freed, maker, place);
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
    let memory = block_of(primitive.addr()).and_then(|(at, _)| published(at));
    let Some(memory) = memory else { return };
    let told = perform(memory.object.id.op(AllocationOp::Access), place);
    if told == Outcome::Gone && !quiet::is_unwinding() {
        quiet::panic_at(place, USE_AFTER_FREE);
    }
}

/// The thread that moves panics if it has freed something twice; an allocator must not.
pub(super) fn panic_if_freed_twice(place: Place) {
    if !quiet::is_unwinding() && with_run(|run| run.memory.freed_twice.remove(&run.current)) {
        quiet::panic_at(place, DOUBLE_FREE);
    }
}

/// Somebody frees memory. Nothing may unwind from here.
fn free(at: usize) {
    let Some(memory) = published(at) else { return };
    perform_anywhere(memory.object.id.op(AllocationOp::Free), memory.place);
}

/// Who has freed something a second time panics when it comes to its next operation, or its end.
fn note_double_free() {
    let note = |run: &RefCell<Run>| {
        run.try_borrow_mut().map(|mut run| {
            let thread = run.current;
            run.memory.freed_twice.insert(thread)
        })
    };
    let _ = RUN.try_with(note);
}
