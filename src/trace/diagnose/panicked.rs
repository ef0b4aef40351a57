//! What a thread had read when it panicked.

use super::checked::Checked;
use super::deadlock::Deadlock;
use super::freed::{DOUBLE_FREE, Freed, USE_AFTER_FREE};
use super::held::Held;
use super::lost_update::{Lost, losses};
use super::{Fact, ReleaseUnlocked, Told, Wait};
use crate::trace::updates::{Updates, store_behind};
use crate::trace::words::{Words, in_one_line, listed};
use crate::trace::{End, Follows, Trace};
use crate::world::{CellOp, Object, Op, ThreadId};

/// A panic ended a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panicked {
    /// The thread.
    pub thread: ThreadId,
    /// What the panic said, and where.
    pub message: String,
    /// The indices of the steps by which the thread last learned something of each cell, event,
    /// lock and thread.
    pub saw: Vec<usize>,
    /// The lost updates that it saw the consequence of.
    pub losses: Vec<Lost>,
    /// The release that failed, if it was that which panicked.
    pub release: Option<ReleaseUnlocked>,
    /// The memory that was freed before, if it was that which panicked.
    pub freed: Option<Freed>,
    /// What whoever wrote what the thread saw had read before, and was no longer so.
    pub checks: Vec<Checked>,
    /// The threads that wait for ever for a lock that the thread held.
    pub waits: Vec<Wait>,
    /// Those that wait for ever for something else then.
    pub others: Vec<Wait>,
}

impl Panicked {
    pub(super) fn find(trace: &Trace) -> Option<Self> {
        Self::at(trace, trace.ends.iter().find(|end| end.panic.is_some())?)
    }

    /// The panic that left others waiting for ever for a lock, if no ring keeps anybody.
    pub(super) fn find_behind(trace: &Trace, deadlock: &Deadlock) -> Option<Self> {
        let wait = |wait: &&Wait| wait.gone && wait.lock.is_some();
        let holder = deadlock.others.iter().find(wait).filter(|_| deadlock.cycle.is_empty())?.on?;
        let end = trace.ends.iter().find(|end| end.thread == holder && end.panic.is_some())?;
        let is_for_it = |wait: &Wait| wait.on == Some(holder) && wait.lock.is_some();
        let (waits, others) = deadlock.others.iter().copied().partition(is_for_it);
        Some(Self { waits, others, ..Self::at(trace, end)? })
    }

    fn at(trace: &Trace, end: &End) -> Option<Self> {
        let (thread, message) = (end.thread, end.panic.clone()?);
        let mut known = Vec::new();
        let mut saw = Vec::new();
        for (at, step) in trace.steps[..end.after].iter().enumerate().rev() {
            if step.thread == thread && is_question(step.op) && !known.contains(&step.op) {
                known.push(step.op);
                saw.push(at);
            }
        }
        saw.reverse();
        let losses = losses_in(trace, &saw);
        let last = trace.steps[..end.after].iter().rposition(|step| step.thread == thread);
        let release = last.and_then(|last| ReleaseUnlocked::at(trace, last));
        let is_about_memory =
            [USE_AFTER_FREE, DOUBLE_FREE].iter().any(|it| message.starts_with(it));
        let freed = is_about_memory.then(|| Freed::before(trace, thread, end.after)).flatten();
        let checks = match losses[..] {
            [] => saw.iter().filter_map(|&load| Checked::behind(trace, load)).collect(),
            _ => Vec::new(),
        };
        Some(Self {
            thread,
            message,
            saw,
            losses,
            release,
            freed,
            checks,
            waits: Vec::new(),
            others: Vec::new(),
        })
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        let lost = self.losses.iter().flat_map(Lost::key_steps);
        let release = self.release.iter().flat_map(ReleaseUnlocked::key_steps);
        let freed = self.freed.iter().flat_map(Freed::key_steps);
        let checks = self.checks.iter().flat_map(Checked::key_steps);
        let taken = self.waits.iter().filter_map(|wait| wait.taken);
        self.saw
            .iter()
            .copied()
            .chain(lost)
            .chain(release)
            .chain(freed)
            .chain(checks)
            .chain(taken)
            .collect()
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let thread = words.thread(self.thread);
        let mut facts: Vec<Fact> = self.saw.iter().map(|&at| self.seen(at, words)).collect();
        let mut summary = format!("{thread} panicked: {}", in_one_line(&self.message));
        let mut remedy = None;
        if let Some(lost) = self.losses.first() {
            summary += &format!(". Before that, an update was lost: {}", lost.summary(words));
            facts.extend(lost.facts(words));
            remedy = Some(lost.remedy(words));
        } else if let Some(told) = self.behind(words) {
            summary += &format!(". {}", told.summary);
            facts.extend(told.facts);
            remedy = told.remedy;
        } else {
            facts.extend(self.saw.iter().filter_map(|&load| self.tell_of_locks(load, words)));
            facts.extend(self.checks.iter().map(|checked| checked.tell(words)));
        }
        if let Some(consequence) = self.consequence(words) {
            summary += &format!(". {consequence}");
            facts.extend(self.waits.iter().chain(&self.others).map(|wait| wait.tell(words)));
        }
        Told { summary, facts, remedy }
    }

    /// What another thread had done that made an operation panic.
    fn behind(&self, words: &Words<'_>) -> Option<Told> {
        let release = self.release.as_ref().map(|release| release.tell(words));
        release.or_else(|| self.freed.as_ref().map(|freed| freed.tell(words)))
    }

    /// Who waits for ever because of it.
    fn consequence(&self, words: &Words<'_>) -> Option<String> {
        let mut locks: Vec<Object> = self.waits.iter().filter_map(|wait| wait.lock).collect();
        locks.sort_unstable();
        locks.dedup();
        let locks: Vec<&str> = locks.into_iter().map(|lock| words.trace.names.name(lock)).collect();
        if locks.is_empty() {
            return None;
        }
        let names: Vec<&str> = self.waits.iter().map(|wait| words.thread(wait.waiter)).collect();
        let verb = if names.len() == 1 { "waits" } else { "wait" };
        Some(format!(
            "It held {}, which nobody will release: {} {verb} for ever.",
            listed(&locks),
            listed(&names)
        ))
    }

    /// The locks that were held where the thread read what another one had written, if none was the same.
    fn tell_of_locks(&self, load: usize, words: &Words<'_>) -> Option<Fact> {
        let trace = words.trace;
        let store = store_behind(trace, load)?;
        let writer = trace.steps[store].thread;
        let [read, write] =
            [(self.thread, load), (writer, store)].map(|(by, at)| Held::at(trace, by, at));
        let matters =
            writer != self.thread && !read.is_empty() && read.in_common(&write).is_empty();
        matters.then(|| read.against(self.thread, (&write, writer), words))
    }

    /// What the thread had seen, and who had made it so.
    fn seen(&self, at: usize, words: &Words<'_>) -> Fact {
        let steps = &words.trace.steps;
        let step = &steps[at];
        let thread = words.thread(self.thread);
        let line = format!("{thread} had seen {} {}", words.done(step), words.at(at));
        match store_behind(words.trace, at) {
            Some(store) if steps[store].thread != self.thread => {
                let writer = words.thread(steps[store].thread);
                Fact::new(format!("{line}, written by {writer} {}", words.at(store)), [at, store])
            }
            _ => Fact::new(line, [at]),
        }
    }
}

/// The lost updates that these loads saw the consequence of: nobody wrote the cell since, but by
/// adding to what was there.
fn losses_in(trace: &Trace, loads: &[usize]) -> Vec<Lost> {
    let Updates { updates, .. } = Updates::of(trace);
    let is_update = |store| updates.iter().any(|update| update.store == store);
    let saw = |lost: &Lost, load: usize| {
        let cell = lost.update.cell;
        let mut since = lost.update.store + 1..load;
        let writes = |&at: &usize| matches!(trace.steps[at].op, Op::Cell(to, CellOp::Store(_)) if to == cell);
        let kept = since.all(|at| !writes(&at) || is_update(at));
        trace.steps[load].op == Op::Cell(cell, CellOp::Load) && lost.update.store < load && kept
    };
    let is_one = |lost: &Lost| lost.is_computed() || lost.update.follows == Follows::Untried;
    let seen = |lost: &Lost| is_one(lost) && loads.iter().any(|&load| saw(lost, load));
    losses(trace, &updates).into_iter().filter(seen).collect()
}

/// Whether an operation changes nothing and is there for its answer.
fn is_question(op: Op) -> bool {
    op.asks() || matches!(op, Op::Cell(_, CellOp::Load))
}
