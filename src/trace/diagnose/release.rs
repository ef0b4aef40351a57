//! Who took a lock away from the thread that came to release it.

use super::forced::remedy;
use super::lost_update::robbery;
use super::{Fact, Told};
use crate::trace::Trace;
use crate::trace::words::Words;
use crate::world::{LockId, LockOp, Op, Outcome, ThreadId};

/// A thread released a lock that nobody held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReleaseUnlocked {
    /// The thread.
    pub thread: ThreadId,
    /// The lock.
    pub lock: LockId,
    /// The index of its release.
    pub release: usize,
    /// The index of the step by which it had taken the lock; none if it never did.
    pub taken: Option<usize>,
    /// The index of the step by which somebody else had released it since.
    pub taken_away: Option<usize>,
}

impl ReleaseUnlocked {
    pub(super) fn find(trace: &Trace) -> Option<Self> {
        let found = || (0..trace.steps.len()).filter_map(|at| Self::at(trace, at));
        found().find(|found| found.taken_away.is_some()).or_else(|| found().next())
    }

    /// The failed release at this step, if it is one.
    pub(super) fn at(trace: &Trace, at: usize) -> Option<Self> {
        let step = &trace.steps[at];
        let (Op::Lock(lock, LockOp::Release), Outcome::NotHeld) = (step.op, step.outcome) else {
            return None;
        };
        let before = &trace.steps[..at];
        let own = |op| before.iter().rposition(|s| s.thread == step.thread && s.op == op);
        let taken = own(Op::Lock(lock, LockOp::Acquire)).max(own_timed(trace, at, lock));
        let taken = taken
            .filter(|&taken| own(Op::Lock(lock, LockOp::Release)).is_none_or(|gone| gone < taken));
        let taken_away = taken.and_then(|taken| {
            let robs = |&later: &usize| robbery(trace, later) == Some((lock, step.thread));
            (taken..at).find(robs)
        });
        Some(Self { thread: step.thread, lock, release: at, taken, taken_away })
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let trace = words.trace;
        let thread = words.thread(self.thread);
        let lock = trace.names.of(self.lock);
        let mut facts = Vec::new();
        if let Some(taken) = self.taken {
            facts.push(Fact::new(format!("{thread} takes {lock} {}", words.at(taken)), [taken]));
        }
        if let Some(away) = self.taken_away {
            let robber = words.thread(trace.steps[away].thread);
            facts.push(Fact::new(format!("{robber} releases it {}", words.at(away)), [away]));
        }
        facts.push(self.tell_of_it(words));
        let remedy = self.taken_away.map(|_| remedy("this could not happen"));
        Told { summary: self.summary(words), facts, remedy }
    }

    fn tell_of_it(&self, words: &Words<'_>) -> Fact {
        let (thread, lock) = (words.thread(self.thread), words.trace.names.of(self.lock));
        let at = words.at(self.release);
        Fact::new(format!("{thread} releases {lock} {at}: nobody holds it"), [self.release])
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        [self.taken, self.taken_away, Some(self.release)].into_iter().flatten().collect()
    }

    fn summary(&self, words: &Words<'_>) -> String {
        let thread = words.thread(self.thread);
        let lock = words.trace.names.of(self.lock);
        match self.taken_away {
            Some(away) => {
                let robber = words.thread(words.trace.steps[away].thread);
                format!(
                    "{thread} came to release {lock}, which it had taken; but {robber} had released it meanwhile."
                )
            }
            None => {
                format!("{thread} released {lock}, which it did not hold, and nobody else did.")
            }
        }
    }
}

/// The releases that fail in a run that is told of for another reason.
pub(super) fn all_failed(words: &Words<'_>) -> impl Iterator<Item = Fact> {
    let all = 0..words.trace.steps.len();
    all.filter_map(|at| ReleaseUnlocked::at(words.trace, at)).map(|found| found.tell_of_it(words))
}

fn own_timed(trace: &Trace, at: usize, lock: LockId) -> Option<usize> {
    let thread = trace.steps[at].thread;
    trace.steps[..at].iter().rposition(|step| {
        (step.thread, step.op, step.outcome)
            == (thread, Op::Lock(lock, LockOp::AcquireTimeout), Outcome::Acquired)
    })
}
