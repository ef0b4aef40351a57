//! Which locks a thread held at a step, and where it had taken them.

use super::Fact;
use crate::trace::updates::held_throughout;
use crate::trace::words::{Words, listed};
use crate::trace::{Replay, Trace};
use crate::world::{Object, ThreadId, World};

/// The locks that a thread held at a step, each with the index of the step that took it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held(Vec<(Object, Option<usize>)>);

impl Held {
    pub(super) fn at(trace: &Trace, thread: ThreadId, at: usize) -> Self {
        let locks = held_throughout(trace, thread, at..=at).into_iter();
        Self(locks.map(|lock| (lock, last_taken(trace, at, lock, thread))).collect())
    }

    /// Those that a thread holds when all steps are taken, in the world as it is then.
    pub(super) fn at_last(trace: &Trace, world: &World, thread: ThreadId) -> Self {
        let taken = |lock| last_taken(trace, trace.steps.len(), lock, thread);
        Self(world.held_by(thread).map(|lock| (lock, taken(lock))).collect())
    }

    /// Those that are also held there, however often they were let go in between.
    pub(super) fn in_common(&self, other: &Self) -> Self {
        self.only(other.locks())
    }

    /// Those of them that are among these.
    pub(super) fn only(&self, locks: impl IntoIterator<Item = Object>) -> Self {
        let locks: Vec<Object> = locks.into_iter().collect();
        Self(self.0.iter().copied().filter(|(lock, _)| locks.contains(lock)).collect())
    }

    /// Whether they are the same locks, wherever they were taken.
    pub(super) fn is_of_the_same_as(&self, other: &Self) -> bool {
        self.locks().eq(other.locks())
    }

    pub(super) fn locks(&self) -> impl Iterator<Item = Object> + '_ {
        self.0.iter().map(|&(lock, _)| lock)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The steps that took them.
    pub(super) fn steps(&self) -> Vec<usize> {
        self.0.iter().filter_map(|&(_, taken)| taken).collect()
    }

    /// Their names, if there are any.
    pub(super) fn names(&self, words: &Words<'_>) -> Option<String> {
        let names: Vec<&str> = self.locks().map(|lock| words.trace.names.name(lock)).collect();
        (!names.is_empty()).then(|| listed(&names))
    }

    /// Their names, and where they were taken.
    pub(super) fn tell(&self, words: &Words<'_>) -> String {
        let told = |&(lock, taken): &(Object, Option<usize>)| {
            let name = words.trace.names.name(lock);
            taken.map_or_else(|| name.to_owned(), |step| format!("{name} {}", words.at(step)))
        };
        let locks: Vec<String> = self.0.iter().map(told).collect();
        if locks.is_empty() { "no lock".to_owned() } else { listed(&locks) }
    }

    /// That one thread held these and another one those, and that none is the same.
    pub(super) fn against(
        &self,
        thread: ThreadId,
        (others, other): (&Self, ThreadId),
        words: &Words<'_>,
    ) -> Fact {
        let line = format!(
            "{} held {} and {} held {}: no lock in common",
            words.thread(thread),
            self.tell(words),
            words.thread(other),
            others.tell(words),
        );
        Fact::new(line, [self.steps(), others.steps()].concat())
    }
}

/// The index of the latest of so many steps by which a thread took a lock.
pub(super) fn last_taken(
    trace: &Trace,
    until: usize,
    lock: Object,
    holder: ThreadId,
) -> Option<usize> {
    let mut replay = Replay::new(trace);
    let mut taken = None;
    while replay.at() < until && replay.next_step().is_some() {
        let (at, was_held) = (replay.at(), replay.world().is_held_by(lock, holder));
        replay.advance();
        if !was_held && replay.world().is_held_by(lock, holder) {
            taken = Some(at);
        }
    }
    taken
}
