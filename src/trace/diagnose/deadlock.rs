//! Who holds what, and who waits for it.

use super::held::last_taken;
use super::lost_wakeup::LostWakeup;
use super::permits::Kept;
use super::{Fact, Livelock, Told};
use crate::trace::words::{Words, listed};
use crate::trace::{Pending, Place, Replay, Trace};
use crate::world::{
    Edge, EventId, EventOp, Kind, Object, Op, RwLockOp, SemaphoreId, ThreadId, ThreadOp, WaitFor,
    World,
};
use std::collections::BTreeSet;

/// Threads that can never move again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadlock {
    /// Those that wait for each other in a ring, each for the next; empty if there is no ring.
    pub cycle: Vec<Wait>,
    /// All the others.
    pub others: Vec<Wait>,
    /// The threads that move for ever meanwhile, if there are any.
    pub asking: Option<Livelock>,
}

/// A thread that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The thread.
    pub waiter: ThreadId,
    /// What it waits to do.
    pub op: Op,
    /// Where it waits.
    pub place: Place,
    /// The thread that must move first; nobody in particular for an event.
    pub on: Option<ThreadId>,
    /// The lock that it waits for, of whatever kind, if that thread holds it.
    pub lock: Option<Object>,
    /// The index of the step that took the lock it waits for.
    pub taken: Option<usize>,
    /// Whether the thread that must move first has ended.
    pub gone: bool,
    /// Whether it reads what it waits to read.
    pub reads: bool,
}

impl Deadlock {
    pub(super) fn find(trace: &Trace) -> Option<Self> {
        let mut replay = Replay::new(trace);
        while replay.advance().is_some() {}
        let world = replay.world();
        let graph = WaitFor::new(world, trace.pending.iter().map(|p| (p.thread, p.op)));
        let waits = |edges: &[Edge]| -> Vec<Wait> {
            edges.iter().filter_map(|edge| Wait::new(trace, world, edge)).collect()
        };
        let (cycle, others) = (waits(&graph.cycle), waits(&graph.others));
        let found = Self { cycle, others, asking: None };
        (!found.cycle.is_empty() || !found.others.is_empty()).then_some(found)
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let mut facts: Vec<Fact> = if self.cycle.is_empty() {
            self.others.iter().map(|wait| wait.tell(words)).collect()
        } else {
            (0..self.cycle.len()).map(|i| self.tell_of_ring(i, words)).collect()
        };
        facts.extend(self.lost_wakeups(words.trace).map(|lost| lost.tell(words)));
        facts.extend(self.kept(words.trace).map(|kept| kept.tell(words)));
        facts.extend(self.asking.iter().flat_map(|asking| asking.facts(words)));
        Told { summary: self.summary(words), facts, remedy: self.remedy(words.trace) }
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        self.stuck().iter().filter_map(|wait| wait.taken).collect()
    }

    /// What those that are stuck wait for, of one kind.
    fn awaited<T: Ord>(&self, of: impl Fn(Op) -> Option<T>) -> BTreeSet<T> {
        self.stuck().iter().filter_map(|wait| of(wait.op)).collect()
    }

    fn kept(&self, trace: &Trace) -> impl Iterator<Item = Kept> {
        let semaphores: BTreeSet<SemaphoreId> = self.awaited(|op| match op {
            Op::Semaphore(semaphore, _) => Some(semaphore),
            _ => None,
        });
        semaphores.into_iter().flat_map(|semaphore| Kept::find_all(trace, semaphore))
    }

    fn lost_wakeups(&self, trace: &Trace) -> impl Iterator<Item = LostWakeup> {
        let events: BTreeSet<EventId> = self.awaited(|op| match op {
            Op::Event(event, EventOp::Wait) => Some(event),
            _ => None,
        });
        events.into_iter().filter_map(|event| LostWakeup::find(trace, event))
    }

    /// The threads that keep each other; all that wait, if there is no ring.
    pub(in crate::trace) fn stuck(&self) -> &[Wait] {
        if self.cycle.is_empty() { &self.others } else { &self.cycle }
    }

    fn summary(&self, words: &Words<'_>) -> String {
        let names: Vec<&str> = self.cycle.iter().map(|wait| words.thread(wait.waiter)).collect();
        match names[..] {
            [] => self.summary_without_ring(words),
            [one] => format!(
                "{one} waits for {}, which it holds itself: it can never go on.",
                words.awaited(self.cycle[0].op)
            ),
            [one, other] if self.only_locks() => format!(
                "{one} and {other} each hold the {} that the other waits for: neither can ever go on.",
                self.noun()
            ),
            _ if self.only_locks() => format!(
                "{} each hold the {} that the one before waits for, all the way round: none can ever go on.",
                listed(&names),
                self.noun()
            ),
            _ => format!(
                "{} wait for each other, all the way round: none can ever go on.",
                listed(&names)
            ),
        }
    }

    /// Whether it waits for the end of a thread that waits itself, which could still bring that about.
    fn waits_for_a_waiter(&self, wait: &Wait) -> bool {
        let Op::Thread(joined, ThreadOp::Join) = wait.op else { return false };
        self.others.iter().any(|other| other.waiter == joined)
    }

    fn summary_without_ring(&self, words: &Words<'_>) -> String {
        let gone = self.others.iter().find(|wait| wait.gone && wait.lock.is_some());
        if let Some((wait, holder)) = gone.and_then(|wait| Some((wait, wait.on?))) {
            return format!(
                "{} waits for {}, and {} has ended without releasing it: nobody ever will.",
                words.thread(wait.waiter),
                words.awaited(wait.op),
                words.thread(holder),
            );
        }
        let hopeless = self.others.iter().filter(|wait| !self.waits_for_a_waiter(wait));
        let names: Vec<&str> = hopeless.map(|wait| words.thread(wait.waiter)).collect();
        let verb = if names.len() == 1 { "waits" } else { "wait" };
        let lost = self.lost_wakeups(words.trace).next();
        let lost = lost.map_or_else(String::new, |lost| format!(" {}", lost.summary(words)));
        format!("{} {verb} for what no thread is left to bring about.{lost}", listed(&names))
    }

    fn remedy(&self, trace: &Trace) -> Option<String> {
        if self.cycle.is_empty() && self.kept(trace).any(|kept| kept.has_ended(trace)) {
            return Some(
                "A permit that its thread gives back on every way out is there for others.".into(),
            );
        }
        if self.cycle.iter().any(|wait| wait.is_behind_a_writer() && wait.reads) {
            return Some(
                "If no thread read again before it is done reading, no writer could come between and keep it out."
                    .into(),
            );
        }
        (self.cycle.len() > 1 && self.only_locks()).then(|| {
            format!(
                "If every thread took these {} in one and the same order, this could not happen.",
                if self.noun() == "mutex" { "mutexes" } else { "locks" }
            )
        })
    }

    /// What the locks of the ring are called, if they are all of a kind.
    fn noun(&self) -> &'static str {
        let mut kinds = self.cycle.iter().filter_map(|wait| wait.lock).map(|lock| lock.kind);
        let first = kinds.next().filter(|&first| kinds.all(|kind| kind == first));
        first.map_or("lock", Kind::noun)
    }

    fn only_locks(&self) -> bool {
        self.cycle.iter().all(|wait| wait.lock.is_some())
    }

    /// What a thread of the ring holds that the one before it wants, and what it wants itself.
    fn tell_of_ring(&self, i: usize, words: &Words<'_>) -> Fact {
        let wait = &self.cycle[i];
        let before = &self.cycle[(i + self.cycle.len() - 1) % self.cycle.len()];
        let (Some(lock), Some(taken)) = (before.lock, before.taken) else {
            return wait.tell(words);
        };
        let line = format!(
            "{} holds {} {}, waits for {} {}{}",
            words.thread(wait.waiter),
            words.trace.names.name(lock),
            words.at(taken),
            words.awaited(wait.op),
            at(wait.place, Some(words.trace.steps[taken].place)),
            wait.behind(words),
        );
        Fact { words: line, steps: vec![taken], places: vec![wait.place] }
    }
}

impl Wait {
    fn new(trace: &Trace, world: &World, edge: &Edge) -> Option<Self> {
        let &Edge { waiter, op, on } = edge;
        let pending = trace.pending.iter().find(|pending| pending.thread == waiter)?;
        let lock = op.object(waiter).filter(|&it| on.is_some_and(|on| world.is_held_by(it, on)));
        let taken = lock.and_then(|lock| last_taken(trace, trace.steps.len(), lock, on?));
        let gone = on.is_some_and(|on| !is_running(world, on));
        let reads = op.object(waiter).is_some_and(|it| world.is_held_by(it, waiter));
        Some(Self { waiter, op, place: pending.place, on, lock, taken, gone, reads })
    }

    pub(super) fn pending(&self) -> Pending {
        Pending { thread: self.waiter, op: self.op, place: self.place }
    }

    /// Whether it waits to read, and only somebody who waits to write keeps it out.
    fn is_behind_a_writer(&self) -> bool {
        matches!(self.op, Op::RwLock(_, RwLockOp::Read)) && self.on.is_some() && self.lock.is_none()
    }

    /// Who keeps it out by no more than waiting, in words.
    fn behind(&self, words: &Words<'_>) -> String {
        let writer = self.on.filter(|_| self.is_behind_a_writer());
        writer.map_or_else(String::new, |writer| {
            format!(
                ", behind {}, which waits to write: it may be let in past it, and cannot count on that",
                words.thread(writer)
            )
        })
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Fact {
        let mut line = format!(
            "{} waits for {} {}",
            words.thread(self.waiter),
            words.awaited(self.op),
            at(self.place, None),
        );
        if let (Some(on), Some(taken)) = (self.on, self.taken) {
            let ended = if self.gone { ", which has ended" } else { "" };
            line += &format!(", held by {} {}{ended}", words.thread(on), words.at(taken));
        }
        line += &self.behind(words);
        Fact { words: line, steps: self.taken.into_iter().collect(), places: vec![self.place] }
    }
}

/// A place in brackets; the file goes without saying if it is that of the place `before`.
fn at(place: Place, before: Option<Place>) -> String {
    match before {
        Some(before) if before.file() == place.file() => format!("(line {})", place.line()),
        _ => format!("({place})"),
    }
}

fn is_running(world: &World, thread: ThreadId) -> bool {
    world.thread(thread) == crate::world::ThreadState::Running
}
