//! By what name each pointer of a run goes.
//!
//! A thread that puts a pointer into an atomic names it, unless it has a name, so that the name says the same in every
//! run. That holds only if it is up to no schedule whether the pointer has one. So a thread that puts one there which
//! another thread named must have been told so: by an atomic pointer, by who started it, or by a thread that it joined.

use crate::world::{DataId, Op, Outcome, Pointee, Pointer, ThreadId, ThreadOp};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use std::ptr::null_mut;
use std::sync::Arc;

/// The pointers of a run.
#[derive(Debug, Default)]
pub(super) struct Pointers {
    /// By where they point, tags left out.
    known: FxHashMap<usize, Known>,
    /// What goes by a name, tags and all; and where it points.
    by_name: FxHashMap<DataId, (*mut (), usize)>,
    names: FxHashMap<usize, DataId>,
    threads: Vec<Knowledge>,
}

// SAFETY: nobody here looks at what is there.
unsafe impl Send for Pointers {}

/// By whom something was named.
#[derive(Clone, Debug)]
struct Known {
    thread: ThreadId,
    called: Arc<str>,
    nth: u32,
}

/// What a thread knows of pointers.
#[derive(Clone, Debug, Default)]
struct Knowledge {
    /// How many it has named.
    named: u32,
    /// Where those point that it has named or was told, tags left out.
    told: FxHashSet<usize>,
}

impl Pointers {
    /// The name of a pointer that a thread, which is called so, puts into an atomic, or expects there.
    pub(super) fn name(
        &mut self,
        (pointer, tag): (*mut (), usize),
        thread: ThreadId,
        called: &str,
    ) -> DataId {
        if let Some(nowhere) = Pointee::nowhere(pointer.addr()) {
            return self.enter((pointer, pointer.addr()), nowhere);
        }
        let place = pointer.addr() & !tag;
        let is_new = !self.known.contains_key(&place);
        let knowledge = self.of(thread);
        knowledge.told.insert(place);
        let nth = knowledge.named;
        knowledge.named += u32::from(is_new);
        let known = self.known.entry(place);
        let known = known.or_insert_with(|| Known { thread, called: called.into(), nth });
        let Known { thread, called, nth } = known;
        let tag = (pointer.addr() - place) as u32;
        let name = Pointee { thread: *thread, name: called, nth: *nth, tag }.id();
        self.enter((pointer, place), name)
    }

    /// Whether it is up to the schedule if another thread has named a pointer when this one comes with it, or has put
    /// another one there that leads into the same memory.
    pub(super) fn is_smuggled(
        &self,
        (pointer, tag): (*mut (), usize),
        memory: &Range<usize>,
        thread: ThreadId,
    ) -> bool {
        let at = pointer.addr() & !tag;
        let is_there = |place: &usize| *place == at || memory.contains(place);
        let told = self.threads.get(thread.index()).map(|of| &of.told);
        let is_told = |told: &FxHashSet<_>| told.contains(&at) || told.iter().any(is_there);
        !told.is_some_and(is_told) && self.known.keys().any(is_there)
    }

    fn enter(&mut self, (pointer, place): (*mut (), usize), name: DataId) -> DataId {
        self.names.insert(pointer.addr(), name);
        self.by_name.insert(name, (pointer, place));
        name
    }

    /// The name that a pointer has.
    #[cfg(any(loom, not(feature = "shuttle")))]
    pub(super) fn name_of(&self, pointer: *mut ()) -> DataId {
        let known = || self.names.get(&pointer.addr()).copied();
        Pointee::nowhere(pointer.addr()).or_else(known).unwrap_or_default()
    }

    /// The pointer of this name.
    pub(super) fn named(&self, name: DataId) -> *mut () {
        self.by_name.get(&name).map_or(null_mut(), |&(pointer, _)| pointer)
    }

    /// How many pointers a thread has named.
    #[cfg_attr(
        not(all(not(loom), feature = "shuttle")),
        expect(dead_code, reason = "only who follows threads asks what they were told")
    )]
    pub(super) fn named_by(&self, thread: ThreadId) -> u32 {
        self.threads.get(thread.index()).map_or(0, |knowledge| knowledge.named)
    }

    /// A thread has performed an operation, which tells it of pointers, or another thread.
    #[cfg_attr(
        not(all(not(loom), feature = "shuttle")),
        expect(dead_code, reason = "only who follows threads asks what they were told")
    )]
    pub(super) fn note(&mut self, thread: ThreadId, op: Op, outcome: Outcome) {
        match (op, outcome) {
            (Op::AtomicPtr(..), Outcome::Pointer(Pointer { to, .. })) => {
                if let Some(&(_, place)) = self.by_name.get(&to) {
                    self.of(thread).told.insert(place);
                }
            }
            (Op::Thread(child, ThreadOp::Spawn), _) => self.tell(thread, child),
            (Op::Thread(child, ThreadOp::Join), _) => self.tell(child, thread),
            _ => {}
        }
    }

    fn tell(&mut self, from: ThreadId, to: ThreadId) {
        if self.known.is_empty() {
            return;
        }
        let told = self.of(from).told.clone();
        self.of(to).told.extend(told);
    }

    fn of(&mut self, thread: ThreadId) -> &mut Knowledge {
        if self.threads.len() <= thread.index() {
            self.threads.resize_with(thread.index() + 1, Knowledge::default);
        }
        &mut self.threads[thread.index()]
    }
}
