//! What locks, cells, events and threads are called.

use super::Place;
use crate::world::{CellId, EventId, LockId, Op, ThreadId};
use std::borrow::Cow;
use std::collections::HashMap;

/// A name, and the place that made what bears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name that it was given or, where none was, its kind and place.
    pub name: Cow<'static, str>,
    /// Where it was made.
    pub place: Place,
}

/// The kinds of things that have names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Lock,
    Cell,
    Event,
    Thread,
}

impl Kind {
    pub(crate) const COUNT: usize = 4;

    fn noun(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Cell => "cell",
            Self::Event => "event",
            Self::Thread => "thread",
        }
    }
}

/// The names of everything that a program made, over all of its runs.
///
/// An object is known by who made it and how many of its kind that thread had made before, so it
/// has the same identifier in every run, whatever the schedule.
#[derive(Clone, Debug, Default)]
pub struct Names {
    of: [Vec<Named>; Kind::COUNT],
    /// Who made each object, and how many of its kind that thread had made before.
    makers: [Vec<(ThreadId, u32)>; Kind::COUNT],
    keys: HashMap<(ThreadId, Kind, u32), usize>,
}

impl Names {
    /// The name of a lock.
    pub fn lock(&self, lock: LockId) -> &str {
        self.name(Kind::Lock, lock.index())
    }

    /// The name of a cell.
    pub fn cell(&self, cell: CellId) -> &str {
        self.name(Kind::Cell, cell.index())
    }

    /// The name of an event.
    pub fn event(&self, event: EventId) -> &str {
        self.name(Kind::Event, event.index())
    }

    /// The name of a thread.
    pub fn thread(&self, thread: ThreadId) -> &str {
        self.name(Kind::Thread, thread.index())
    }

    /// How many things have names.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The locks, by [`LockId::index`].
    pub fn locks(&self) -> &[Named] {
        &self.of[Kind::Lock as usize]
    }

    /// The cells, by [`CellId::index`].
    pub fn cells(&self) -> &[Named] {
        &self.of[Kind::Cell as usize]
    }

    /// The events, by [`EventId::index`].
    pub fn events(&self) -> &[Named] {
        &self.of[Kind::Event as usize]
    }

    /// The threads, by [`ThreadId::index`]; the main thread is the first.
    pub fn threads(&self) -> &[Named] {
        &self.of[Kind::Thread as usize]
    }

    /// An operation in words.
    pub fn describe(&self, op: Op) -> String {
        match op {
            Op::Acquire(lock) => format!("acquire {}", self.lock(lock)),
            Op::AcquireTimeout(lock) => format!("acquire {} with a timeout", self.lock(lock)),
            Op::Release(lock) => format!("release {}", self.lock(lock)),
            Op::Locked(lock) => format!("ask whether {} is locked", self.lock(lock)),
            Op::Load(cell) => format!("load {}", self.cell(cell)),
            Op::Store(cell, value) => format!("store {value} in {}", self.cell(cell)),
            Op::Set(event) => format!("set {}", self.event(event)),
            Op::Clear(event) => format!("clear {}", self.event(event)),
            Op::IsSet(event) => format!("ask whether {} is set", self.event(event)),
            Op::Wait(event) => format!("wait for {}", self.event(event)),
            Op::Spawn(thread) => format!("spawn {}", self.thread(thread)),
            Op::Join(thread) => format!("join {}", self.thread(thread)),
            Op::IsFinished(thread) => format!("ask whether {} has ended", self.thread(thread)),
            Op::Yield => "yield".into(),
            Op::End => "end".into(),
        }
    }

    fn name(&self, kind: Kind, index: usize) -> &str {
        self.of[kind as usize].get(index).map_or("?", |named| &named.name)
    }

    /// The index of the `nth` object of its kind that `maker` made, named when it is first met.
    pub(crate) fn register(
        &mut self,
        kind: Kind,
        (maker, nth): (ThreadId, u32),
        name: Option<Cow<'static, str>>,
        place: Place,
    ) -> usize {
        if let Some(&index) = self.keys.get(&(maker, kind, nth)) {
            return index;
        }
        let name = name.unwrap_or_else(|| self.unnamed(kind, (maker, nth), place));
        let names = &mut self.of[kind as usize];
        names.push(Named { name, place });
        self.makers[kind as usize].push((maker, nth));
        self.keys.insert((maker, kind, nth), names.len() - 1);
        names.len() - 1
    }

    /// Threads are numbered by their makers, as Python does; all else is called by its place, and
    /// numbered there.
    fn unnamed(
        &self,
        kind: Kind,
        (maker, nth): (ThreadId, u32),
        place: Place,
    ) -> Cow<'static, str> {
        if kind == Kind::Thread {
            return match maker {
                ThreadId::MAIN => format!("Thread-{nth}").into(),
                _ => format!("{}.{}", self.thread(maker), nth + 1).into(),
            };
        }
        let noun = kind.noun();
        let here = self.of[kind as usize].iter().filter(|named| named.place == place);
        match here.count() {
            0 => format!("{noun} {place}").into(),
            earlier => format!("{noun} {place} #{}", earlier + 1).into(),
        }
    }

    /// The objects of a kind in an order that does not depend on the schedules that were run: by
    /// the chain of threads that led to each.
    pub(crate) fn in_order(&self, kind: Kind) -> Vec<usize> {
        let makers = &self.makers[kind as usize];
        let mut order: Vec<usize> = (0..makers.len()).collect();
        order.sort_by_cached_key(|&index| self.lineage(makers[index]));
        order
    }

    fn lineage(&self, (maker, nth): (ThreadId, u32)) -> Vec<u32> {
        let mut line = vec![nth];
        let mut at = maker;
        while at != ThreadId::MAIN {
            let (maker, nth) = self.makers[Kind::Thread as usize][at.index()];
            line.push(nth);
            at = maker;
        }
        line.reverse();
        line
    }
}
