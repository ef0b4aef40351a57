//! What threads, and all that they share, are called.

use super::Place;
use crate::world::{Id, Kind, Object, Op, Operation, ThreadId};
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

/// The names of everything that a program made, over all of its runs.
///
/// An object is known by who made it and how many of its kind that thread had made before, so it
/// has the same identifier in every run, whatever the schedule. The identifiers themselves are given in
/// the order in which the objects are met, so nothing may leave the process that depends on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    of: [Vec<Named>; Kind::COUNT],
    origins: [Vec<Origin>; Kind::COUNT],
    keys: HashMap<(ThreadId, Kind, u32), usize>,
}

/// Whom an object is of.
#[derive(Clone, Debug)]
pub(crate) enum Maker {
    /// The thread that moves makes it, and gives it this name, if any.
    Mover(Option<Cow<'static, str>>),
    /// A thread has one of its kind, whoever comes to it first.
    Of(ThreadId),
    /// It was made outside of every run, and has this number there.
    Outside(u32),
}

impl Maker {
    /// The name that it gives.
    pub(crate) fn name(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Mover(name) => name.clone(),
            Self::Of(_) | Self::Outside(_) => None,
        }
    }
}

/// Set in the number of what was made outside of every run, where that of another object says how many its maker
/// had made before.
pub(super) const OUTSIDE: u32 = 1 << 31;

/// Where an object is among its kind, and whether nobody knew that it is called so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Registered {
    pub(crate) index: usize,
    pub(crate) is_news: bool,
}

/// What an object is known by, and whether it was given its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Origin {
    maker: ThreadId,
    /// How many of its kind the maker had made before.
    nth: u32,
    named: bool,
}

impl Names {
    /// Names in which the threads of a schedule have its numbers, and nothing has been met yet.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn expecting(schedule: &super::Schedule) -> Self {
        let mut names = Self::default();
        for &(maker, nth) in [(ThreadId::MAIN, 0)].iter().chain(&schedule.threads) {
            let unmet = Named { name: "".into(), place: Place::caller() };
            names.enter(Kind::Thread, None, Origin { maker, nth, named: true }, unmet);
        }
        names
    }

    /// The name of an object.
    pub fn of(&self, object: impl Id) -> &str {
        self.name(Object::of(object))
    }

    /// The name of a thread.
    pub fn thread(&self, thread: ThreadId) -> &str {
        self.of(thread)
    }

    /// How many things have names.
    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// The objects of a kind, by [`Object::index`].
    pub fn all(&self, kind: Kind) -> &[Named] {
        &self.of[kind as usize]
    }

    /// The threads, by [`ThreadId::index`]; the main thread is the first.
    pub fn threads(&self) -> &[Named] {
        self.all(Kind::Thread)
    }

    /// An operation in words.
    pub fn describe(&self, op: Op) -> String {
        self.put(op, |deed, name| deed.described(name))
    }

    /// What is said of an operation, with the name of what it is about.
    pub(super) fn put(&self, op: Op, say: impl FnOnce(&dyn Operation, &str) -> String) -> String {
        match (op.deed(), op.object(ThreadId::MAIN)) {
            (Some(deed), Some(object)) => say(deed, self.name(object)),
            (Some(deed), None) => say(deed, ""),
            (None, _) => op.key().0.into(),
        }
    }

    /// The name of an object.
    pub fn name(&self, object: Object) -> &str {
        self.all(object.kind).get(object.index()).map_or("?", |named| &named.name)
    }

    /// The index of the `nth` object of its kind that `maker` made, which is called like this now.
    pub(crate) fn register(
        &mut self,
        kind: Kind,
        (maker, nth): (ThreadId, u32),
        name: Option<Cow<'static, str>>,
        place: Place,
    ) -> Registered {
        let known = self.keys.get(&(maker, kind, nth)).copied();
        if let Some(index) = known.filter(|&index| self.is_called(kind, index, &name, place)) {
            return Registered { index, is_news: false };
        }
        let origin = Origin { maker, nth, named: name.is_some() };
        let name = name.unwrap_or_else(|| self.unnamed(kind, (maker, nth), place));
        let index = self.enter(kind, known, origin, Named { name, place });
        Registered { index, is_news: true }
    }

    fn enter(&mut self, kind: Kind, known: Option<usize>, origin: Origin, named: Named) -> usize {
        let (names, origins) = (&mut self.of[kind as usize], &mut self.origins[kind as usize]);
        if let Some(index) = known {
            (names[index], origins[index]) = (named, origin);
            return index;
        }
        names.push(named);
        origins.push(origin);
        self.keys.insert((origin.maker, kind, origin.nth), names.len() - 1);
        names.len() - 1
    }

    fn is_called(
        &self,
        kind: Kind,
        index: usize,
        name: &Option<Cow<'static, str>>,
        place: Place,
    ) -> bool {
        let (named, origin) = (&self.of[kind as usize][index], self.origins[kind as usize][index]);
        let same_name = match name {
            Some(name) => origin.named && named.name == *name,
            None => !origin.named,
        };
        same_name && named.place == place
    }

    /// The index of another's object among these, named as it is there.
    pub(super) fn adopt(&mut self, other: &Self, object: Object, maker: ThreadId) -> usize {
        let (kind, index) = (object.kind, object.index());
        let Origin { nth, named, .. } = other.origins[kind as usize][index];
        let Named { name, place } = &other.of[kind as usize][index];
        self.register(kind, (maker, nth), named.then(|| name.clone()), *place).index
    }

    /// Who made an object, and how many of its kind that thread had made before.
    pub(super) fn origin(&self, object: Object) -> Option<(ThreadId, u32)> {
        let origin = self.origins[object.kind as usize].get(object.index())?;
        Some((origin.maker, origin.nth))
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
        let here = self.of[kind as usize].iter().filter(|named| named.place.looks_like(place));
        match here.count() {
            0 => format!("{noun} {place}").into(),
            earlier => format!("{noun} {place} #{}", earlier + 1).into(),
        }
    }

    /// The objects of a kind in an order that does not depend on the schedules that were run: by
    /// the chain of threads that led to each.
    pub(crate) fn in_order(&self, kind: Kind) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.of[kind as usize].len()).collect();
        order.sort_by_cached_key(|&index| self.lineage(Object::new(kind, index)));
        order
    }

    /// The chain of threads that led to an object, from the main thread on: of each, and of the object,
    /// how many its maker had made before. What was made outside of every run is known by its place, and by how
    /// many were made there before.
    pub(super) fn lineage(&self, object: Object) -> Vec<u32> {
        if let Some((_, number @ OUTSIDE..)) = self.origin(object) {
            let place = self.all(object.kind)[object.index()].place;
            let there = |(named, origin): &(&Named, &Origin)| {
                named.place == place && (OUTSIDE..number).contains(&origin.nth)
            };
            let kind = object.kind as usize;
            let before = self.of[kind].iter().zip(&self.origins[kind]).filter(there).count();
            return vec![OUTSIDE, place.line(), place.column(), before as u32];
        }
        let mut line = Vec::new();
        let mut next = self.origin(object);
        while let Some((maker, nth)) = next {
            line.push(nth);
            next = self.origin(Object::of(maker)).filter(|_| maker != ThreadId::MAIN);
        }
        line.reverse();
        line
    }
}
