//! Which store overwrote which, and what it had been computed from.

use super::held::Held;
use super::{Fact, Told};
use crate::trace::updates::{Update, Updates, held_throughout};
use crate::trace::words::{Words, grouped, listed};
use crate::trace::{Follows, Trace};
use crate::world::{CellId, CellOp, LockId, LockOp, Object, Op, Outcome, ThreadId, World};

/// Updates that were overwritten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostUpdate {
    /// Each store that undid another, in order; there is at least one.
    pub losses: Vec<Lost>,
    /// The sum of all cells, had nothing been lost; unknown if a store was not computed from a load.
    pub expected: Option<i64>,
    /// The sum of all cells at the end.
    pub found: i64,
}

/// A store that undid another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The update whose load was out of date by the time of its store.
    pub update: Update,
    /// The index of the store that it undid.
    pub undone: usize,
    /// The locks that the thread held from its load to its store.
    pub held: Vec<Object>,
    /// The locks that the other thread held at the store that was undone.
    pub held_by_other: Vec<Object>,
    /// The index of the latest step before the store by which another thread released a lock that one of the
    /// two had taken.
    pub robbed: Option<usize>,
}

impl LostUpdate {
    pub(super) fn find(trace: &Trace) -> Option<Self> {
        let Updates { updates, blind } = Updates::of(trace);
        let losses = losses(trace, &updates);
        let start = in_cells(&trace.initial);
        let meant = updates.iter().fold(start, |sum, update| sum.wrapping_add(update.delta()));
        let found = in_cells(&crate::trace::replay::last_world(trace));
        (!losses.is_empty()).then_some(Self { losses, expected: (!blind).then_some(meant), found })
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let first = &self.losses[0];
        let mut facts = first.facts(words);
        for loss in &self.losses[1..] {
            let line = format!("then {}", loss.in_one_line(words));
            facts.push(Fact::new(line, loss.key_steps()));
        }
        facts.extend(self.total());
        Told { summary: first.summary(words), facts, remedy: Some(first.remedy(words)) }
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        self.losses.iter().flat_map(Lost::key_steps).collect()
    }

    fn total(&self) -> Option<Fact> {
        let expected = self.expected?;
        let difference = self.found.wrapping_sub(expected);
        let verdict = match difference {
            0 => "the losses cancel out".to_owned(),
            ..0 => format!("{} lost", grouped_abs(difference)),
            1.. => format!("{} too much", grouped_abs(difference)),
        };
        let line = format!(
            "total: {} expected, {} found: {verdict}",
            grouped(expected),
            grouped(self.found)
        );
        Some(Fact::new(line, []))
    }
}

/// The updates among these that undid another thread's store.
pub(super) fn losses(trace: &Trace, updates: &[Update]) -> Vec<Lost> {
    updates.iter().filter_map(|update| Lost::new(trace, update)).collect()
}

impl Lost {
    fn new(trace: &Trace, update: &Update) -> Option<Self> {
        if update.overwrote() == 0 {
            return None;
        }
        let undone = trace.steps[..update.store].iter().rposition(
            |step| matches!(step.op, Op::Cell(cell, CellOp::Store(_)) if cell == update.cell),
        )?;
        let other = trace.steps[undone].thread;
        if other == update.thread {
            return None;
        }
        Some(Self {
            update: *update,
            undone,
            held: held_throughout(trace, update.thread, update.load..=update.store),
            held_by_other: held_throughout(trace, other, undone..=undone),
            robbed: robbed(trace, [update.thread, other], update.store),
        })
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        let own = [self.update.load, self.undone, self.update.store];
        self.robbed.into_iter().chain(own).collect()
    }

    pub(super) fn summary(&self, words: &Words<'_>) -> String {
        let Update { cell, read, stored, .. } = self.update;
        let trace = words.trace;
        let other = words.thread(trace.steps[self.undone].thread);
        format!(
            "{} wrote {} = {}, {} before {other} wrote {}: the {} that came between is undone.",
            words.thread(self.update.thread),
            trace.names.of(cell),
            grouped(stored),
            match self.is_computed() {
                true => format!("computed from the {} that it had read", grouped(read)),
                false => format!("and had read {}", grouped(read)),
            },
            grouped(self.update.replaced),
            signed(self.update.overwrote()),
        )
    }

    /// Whether another value of the load was seen to make another value of the store.
    pub(super) fn is_computed(&self) -> bool {
        matches!(self.update.follows, Follows::Adds | Follows::Computed)
    }

    fn from(&self) -> &'static str {
        if self.is_computed() { "computed from" } else { "having read" }
    }

    pub(super) fn remedy(&self, words: &Words<'_>) -> String {
        let kept = match self.shared(words) {
            None => "kept hold of one and the same lock".to_owned(),
            Some(locks) => format!("took {locks} to write, and kept hold of it,"),
        };
        format!(
            "If every thread {kept} from its read of {} to its write, nothing could come between.",
            words.trace.names.of(self.update.cell)
        )
    }

    /// What both held at once: only who reads lets in another one, who reads, too.
    fn shared(&self, words: &Words<'_>) -> Option<String> {
        let both = self.held.iter().filter(|lock| self.held_by_other.contains(lock));
        let names: Vec<&str> = both.map(|&lock| words.trace.names.name(lock)).collect();
        (!names.is_empty()).then(|| listed(&names))
    }

    pub(super) fn in_one_line(&self, words: &Words<'_>) -> String {
        let Update { thread, cell, load, read, store, stored, replaced, .. } = self.update;
        format!(
            "{} writes {} = {} {}, {} the {} of {}, over the {} of {}",
            words.thread(thread),
            words.trace.names.of(cell),
            grouped(stored),
            words.at(store),
            self.from(),
            grouped(read),
            words.step(load),
            grouped(replaced),
            words.step(self.undone),
        )
    }

    pub(super) fn facts(&self, words: &Words<'_>) -> Vec<Fact> {
        let Update { thread, cell, load, read, store, stored, .. } = self.update;
        let trace = words.trace;
        let name = trace.names.of(cell);
        let other = trace.steps[self.undone].thread;
        let mut facts = vec![
            Fact::new(
                format!(
                    "{} reads  {name} ➜ {} {}",
                    words.thread(thread),
                    grouped(read),
                    words.at(load)
                ),
                [load],
            ),
            Fact::new(
                format!(
                    "{} writes {name} = {} {}",
                    words.thread(other),
                    grouped(self.update.replaced),
                    words.at(self.undone),
                ),
                [self.undone],
            ),
            Fact::new(
                format!(
                    "{} writes {name} = {} {}, {} the {} of {}",
                    words.thread(thread),
                    grouped(stored),
                    words.at(store),
                    self.from(),
                    grouped(read),
                    words.step(load),
                ),
                [store, load],
            ),
        ];
        facts.extend(self.tell_of_locks(words));
        facts
    }

    fn tell_of_locks(&self, words: &Words<'_>) -> Option<Fact> {
        let trace = words.trace;
        if let Some(robbed) = self.robbed {
            let step = &trace.steps[robbed];
            let (lock, owner) = robbery(trace, robbed)?;
            let line = format!(
                "{} had released {} {}, which {} held",
                words.thread(step.thread),
                trace.names.of(lock),
                words.at(robbed),
                words.thread(owner),
            );
            return Some(Fact::new(line, [robbed]));
        }
        let other = trace.steps[self.undone].thread;
        if let Some(locks) = self.shared(words) {
            return Some(Fact::new(format!("both held {locks}, to read"), []));
        }
        let Update { thread, load, store, .. } = self.update;
        let [read, write] = [load, store].map(|at| Held::at(trace, thread, at));
        let others = Held::at(trace, other, self.undone);
        if read.is_empty() && write.is_empty() && others.is_empty() {
            return Some(Fact::new("neither held a lock".to_owned(), []));
        }
        let line = format!(
            "{} held {}; {} held {}: {}",
            words.thread(thread),
            self.tell_of_own(&read, &write, words),
            words.thread(other),
            others.tell(words),
            match others.only(read.locks().chain(write.locks())).names(words) {
                Some(locks) => format!("not {locks} all the way"),
                None => "no lock in common".to_owned(),
            },
        );
        Some(Fact::new(line, [read.steps(), write.steps(), others.steps()].concat()))
    }

    /// What the thread held, from its read to its write.
    fn tell_of_own(&self, read: &Held, write: &Held, words: &Words<'_>) -> String {
        let is_kept = |held: &Held| held.locks().all(|lock| self.held.contains(&lock));
        if is_kept(read) && is_kept(write) {
            return write.tell(words);
        }
        match read.is_of_the_same_as(write).then(|| write.names(words)).flatten() {
            Some(locks) => {
                format!("{locks} at its read and again at its write, and let go in between")
            }
            None => format!("{} at its read, {} at its write", read.tell(words), write.tell(words)),
        }
    }
}

/// The latest step before `until` by which a third party released a lock that one of these held.
fn robbed(trace: &Trace, threads: [ThreadId; 2], until: usize) -> Option<usize> {
    (0..until)
        .rev()
        .find(|&at| robbery(trace, at).is_some_and(|(_, owner)| threads.contains(&owner)))
}

/// The lock that a step released and the thread that had taken it, if that was another thread.
pub(super) fn robbery(trace: &Trace, at: usize) -> Option<(LockId, ThreadId)> {
    let step = &trace.steps[at];
    let Op::Lock(lock, LockOp::Release) = step.op else { return None };
    let taker =
        trace.steps[..at].iter().rev().find(|step| concerns(step.op, step.outcome, lock))?;
    (step.outcome == Outcome::Done && taker.thread != step.thread).then_some((lock, taker.thread))
}

fn concerns(op: Op, outcome: Outcome, lock: LockId) -> bool {
    match op {
        Op::Lock(taken, LockOp::Acquire) => taken == lock,
        Op::Lock(taken, LockOp::AcquireTimeout) => taken == lock && outcome == Outcome::Acquired,
        _ => false,
    }
}

/// What all cells come to together.
fn in_cells(world: &World) -> i64 {
    sum(&world.all::<CellId>().map(|cell| world.value(cell)).collect::<Vec<_>>())
}

pub(super) fn sum(values: &[i64]) -> i64 {
    values.iter().fold(0, |sum, value| sum.wrapping_add(*value))
}

/// A number with its sign.
pub(super) fn signed(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "+" };
    format!("{sign}{}", grouped_abs(number))
}

pub(super) fn grouped_abs(number: i64) -> String {
    grouped(number).trim_start_matches('-').to_owned()
}
