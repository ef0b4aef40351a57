//! From where the operations were called that a diagnosis is about.

use super::{Diagnosis, Fact, Told};
use crate::engine::Failure;
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
    /// The operations, the steps before the waits.
    pub(in crate::trace) all: Vec<(What, ThreadId)>,
}

/// What a thread was called to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::trace) enum What {
    /// The step with this number.
    Step(usize),
    /// To wait for ever.
    Wait,
    /// To use what somebody else uses.
    Access,
}

impl<'a> Called<'a> {
    /// The operations that are cited, or that a thread waits for, by their callers.
    pub(in crate::trace) fn all(
        words: &Words<'a>,
        diagnosis: &Diagnosis,
        told: &Told,
    ) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (what, thread, by) in cited(words, diagnosis, told) {
            match all.iter_mut().find(|called| called.by == by) {
                Some(known) => known.all.push((what, thread)),
                None => all.push(Self { by, all: vec![(what, thread)] }),
            }
        }
        all.retain(|called| !called.by.is_empty());
        all
    }

    fn tell(&self, words: &Words<'_>) -> Fact {
        let threads: BTreeSet<ThreadId> = self.all.iter().map(|&(_, thread)| thread).collect();
        let of_thread = |thread: ThreadId| {
            let own = self.all.iter().filter(|&&(_, by)| by == thread).map(|&(what, _)| what);
            format!("{} of {}", described(own), words.thread(thread))
        };
        let steps: Vec<String> = threads.into_iter().map(of_thread).collect();
        Fact::new(format!("{}: called {}", steps.join("; "), chain(self.by)), [])
    }
}

/// Operations, as in "steps 1 and 3 and the wait".
pub(in crate::trace) fn described(all: impl IntoIterator<Item = What>) -> String {
    let (mut steps, mut waits, mut access) = (Vec::new(), 0, None);
    for what in all {
        match what {
            What::Step(number) => steps.push(number),
            What::Wait => waits += 1,
            What::Access => access = Some("the access".to_owned()),
        }
    }
    let several = steps.len() > 1;
    let steps = (!steps.is_empty()).then(|| in_steps(steps));
    let waits = match waits {
        0 => None,
        1 => Some("the wait".to_owned()),
        _ => Some(format!("{waits} waits")),
    };
    let parts: Vec<String> = steps.into_iter().chain(waits).chain(access).collect();
    parts.join(if several { ", and " } else { " and " })
}

/// The numbers, in order, as in "steps 1 and 3".
fn in_steps(numbers: impl IntoIterator<Item = usize>) -> String {
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
        [one] if one.all.len() > 1 && one.all.len() == cited(words, diagnosis, told).count() => {
            let waits = one.all.iter().any(|&(what, _)| what == What::Wait);
            let what = if waits { "steps and waits" } else { "steps" };
            vec![Fact::new(format!("each of these {what} was called {}", chain(one.by)), [])]
        }
        several => several.iter().map(|called| called.tell(words)).collect(),
    };
    told.facts.extend(facts);
}

/// The operations that are cited, who performs each, or would, and its callers.
fn cited<'a>(
    words: &Words<'a>,
    diagnosis: &Diagnosis,
    told: &Told,
) -> impl Iterator<Item = (What, ThreadId, &'a [Caller])> {
    let trace = words.trace;
    let steps: BTreeSet<usize> =
        told.facts.iter().flat_map(|fact| fact.steps.iter().copied()).collect();
    let done = steps.into_iter().filter_map(|step| {
        let number = words.numbering.of(step)?;
        Some((What::Step(number), trace.steps[step].thread, trace.callers_of(step)))
    });
    let what = if diagnosis.failure == Failure::DataRace { What::Access } else { What::Wait };
    let undone = diagnosis.undone().into_iter();
    let waiting = undone.map(|it| (what, it.thread, trace.callers_of_pending(it.thread)));
    let all: Vec<_> = done.chain(waiting).collect();
    all.into_iter()
}

/// The callers, each after the one that it called; a file is named once.
fn chain(callers: &[Caller]) -> String {
    let in_file = |run: &[Caller]| {
        let above: String =
            run[1..].iter().map(|caller| format!(", from line {}", caller.line)).collect();
        format!("{}{above}", run[0])
    };
    let files = callers.chunk_by(|a, b| a.file == b.file).map(in_file);
    let mut chain: Vec<String> = files.map(|file| format!("from {file}")).collect();
    if chain.len() > MOST_TOLD {
        chain.splice(MOST_TOLD / 2..chain.len() - MOST_TOLD / 2, ["…".to_owned()]);
    }
    chain.join(", ")
}
