//! From where the operations were called that a diagnosis is about.

use super::{Cause, Diagnosis, Fact, Told, Wait};
use crate::trace::Caller;
use crate::trace::words::{Words, listed};
use crate::world::ThreadId;
use std::collections::BTreeSet;

/// The callers in so many files are told all; of more, the first and the last.
const MOST_TOLD: usize = 6;

/// Operations with the same callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::trace) struct Called<'a> {
    /// The callers, the innermost first; there is at least one.
    pub(in crate::trace) by: &'a [Caller],
    /// The numbers of the operations, each with who performs it, or would.
    pub(in crate::trace) steps: Vec<(usize, ThreadId)>,
}

impl<'a> Called<'a> {
    /// The operations that are cited, or that a thread waits for, by their callers.
    pub(in crate::trace) fn all(
        words: &Words<'a>,
        diagnosis: &Diagnosis,
        told: &Told,
    ) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (number, thread, by) in cited(words, diagnosis, told) {
            match all.iter_mut().find(|called| called.by == by) {
                Some(known) => known.steps.push((number, thread)),
                None => all.push(Self { by, steps: vec![(number, thread)] }),
            }
        }
        all.retain(|called| !called.by.is_empty());
        all
    }

    fn tell(&self, words: &Words<'_>) -> Fact {
        let threads: BTreeSet<ThreadId> = self.steps.iter().map(|&(_, thread)| thread).collect();
        let of_thread = |thread: ThreadId| {
            let own = self.steps.iter().filter(|&&(_, by)| by == thread).map(|&(number, _)| number);
            format!("{} of {}", in_steps(own), words.thread(thread))
        };
        let steps: Vec<String> = threads.into_iter().map(of_thread).collect();
        Fact::new(format!("{}: called {}", listed(&steps), chain(self.by)), [])
    }
}

/// The numbers, in order, as in "steps 1 and 3".
pub(in crate::trace) fn in_steps(numbers: impl IntoIterator<Item = usize>) -> String {
    let numbers: BTreeSet<usize> = numbers.into_iter().collect();
    let numbers: Vec<usize> = numbers.into_iter().collect();
    let runs: Vec<String> = numbers
        .chunk_by(|a, b| a + 1 == *b)
        .flat_map(|run| match run {
            [first, _, .., last] => vec![format!("{first}–{last}")],
            few => few.iter().map(usize::to_string).collect(),
        })
        .collect();
    format!("{} {}", if numbers.len() == 1 { "step" } else { "steps" }, listed(&runs))
}

/// Adds to what is told who called for it.
pub(super) fn tell(words: &Words<'_>, diagnosis: &Diagnosis, told: &mut Told) {
    let facts = match &Called::all(words, diagnosis, told)[..] {
        [one]
            if one.steps.len() > 1 && one.steps.len() == cited(words, diagnosis, told).count() =>
        {
            vec![Fact::new(format!("each of these steps was called {}", chain(one.by)), [])]
        }
        several => several.iter().map(|called| called.tell(words)).collect(),
    };
    told.facts.extend(facts);
}

/// The numbers of the operations that are cited, who performs each, and its callers.
fn cited<'a>(
    words: &Words<'a>,
    diagnosis: &Diagnosis,
    told: &Told,
) -> impl Iterator<Item = (usize, ThreadId, &'a [Caller])> {
    let trace = words.trace;
    let steps: BTreeSet<usize> =
        told.facts.iter().flat_map(|fact| fact.steps.iter().copied()).collect();
    let done = steps
        .into_iter()
        .map(|step| (words.numbering.of(step), trace.steps[step].thread, trace.callers_of(step)));
    let waiters = waits(diagnosis).iter().map(|wait| wait.waiter);
    let waiting = waiters.map(|waiter| {
        (words.numbering.of_blocked(waiter), waiter, trace.callers_of_pending(waiter))
    });
    let all: Vec<_> = done.chain(waiting).collect();
    all.into_iter().filter_map(|(number, thread, by)| Some((number?, thread, by)))
}

fn waits(diagnosis: &Diagnosis) -> &[Wait] {
    match &diagnosis.cause {
        Some(Cause::Deadlock(found)) => found.stuck(),
        Some(Cause::Panicked(found)) => &found.waits,
        _ => &[],
    }
}

/// The callers, those in one file together.
fn chain(callers: &[Caller]) -> String {
    let in_file = |run: &[Caller]| match run {
        [one] => one.to_string(),
        several => {
            let lines: Vec<String> = several.iter().map(|caller| caller.line.to_string()).collect();
            format!("{}, lines {}", run[0].file, listed(&lines))
        }
    };
    let files = callers.chunk_by(|a, b| a.file == b.file).map(in_file);
    let mut chain: Vec<String> = files.map(|file| format!("from {file}")).collect();
    if chain.len() > MOST_TOLD {
        chain.splice(MOST_TOLD / 2..chain.len() - MOST_TOLD / 2, ["…".to_owned()]);
    }
    chain.join(", ")
}
