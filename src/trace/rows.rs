//! The rows of the table: what each step is shown as, before anybody thinks of its width.

use super::brief::briefly;
use super::replay::last_world;
use super::switches::is_housekeeping;
use super::words::{Words, in_one_line};
use super::{Diagnosis, Pending, Picture, Replay, Step, Trace, no_return};
use crate::world::{Object, Op, Outcome, ThreadId, ThreadOp, World};

/// The table of a picture.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    /// The threads that have a column.
    pub(super) lanes: Vec<ThreadId>,
    /// The objects that have one.
    pub(super) counted: Vec<Object>,
    /// What is said below the step after which no continuation is well.
    pub(super) no_return: String,
    pub(super) rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The numbers of the steps that it shows, from the first to the last.
    pub(super) numbers: Option<(usize, usize)>,
    pub(super) status: Status,
    pub(super) said: Said,
    /// The values that are to be shown, one for each of [`Rows::counted`].
    pub(super) values: Vec<Option<i64>>,
    /// Whether the failure comes down to this step.
    pub(super) key: bool,
    /// Whether no continuation is well after it.
    pub(super) no_return: bool,
    /// The index of the step, if it shows exactly one.
    pub(super) step: Option<usize>,
    /// The index among [`Trace::pending`] of what it shows.
    pub(super) pending: Option<usize>,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// What threads do, each in its column.
    By(Vec<(ThreadId, String)>),
    /// Something that has no column.
    Plainly(String),
}

impl Said {
    /// Whether the words are in what is said.
    pub(super) fn contains(&self, words: &str) -> bool {
        match self {
            Self::By(by) => by.iter().any(|(_, said)| said.contains(words)),
            Self::Plainly(said) => said.contains(words),
        }
    }
}

/// What became of the operations in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Success,
    TimedOut,
    Error,
    Panicked,
    Blocked,
    Races,
    CannotReach,
    /// All below it, down to the last step, happens over and over.
    Repeats,
}

impl Status {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::TimedOut => "timed out",
            Self::Error => "error",
            Self::Panicked => "panicked",
            Self::Blocked => "blocked",
            Self::Races => "races",
            Self::CannotReach => "cannot reach",
            Self::Repeats => "repeats",
        }
    }

    pub(super) fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::TimedOut => Self::TimedOut,
            Outcome::NotHeld => Self::Error,
            _ => Self::Success,
        }
    }
}

impl Rows {
    /// What the main thread sees when all is over is one row, unless `full`.
    pub(super) fn of(picture: &Picture<'_>, diagnosis: &Diagnosis, full: bool) -> Self {
        let trace = picture.trace;
        let key = diagnosis.key_steps();
        let closing = closing(trace, &key);
        let lanes = lanes(trace, closing);
        let counted = changing(trace);
        let words = Words::new(trace);
        let mut rows = Builder {
            lanes: &lanes,
            key,
            repeats_from: picture.repeats_from,
            no_return: picture.no_return.and_then(|taken| last_shown(&words, taken)),
            counted: &counted,
            words,
            rows: Vec::new(),
        };
        rows.steps(trace, if full { trace.steps.len() } else { closing });
        rows.blocked(trace, &diagnosis.undone());
        rows.unreached(picture);
        let rows = rows.rows;
        Self { lanes, counted, no_return: no_return::mark(picture.failure), rows }
    }
}

/// The index of the last step that is shown, of so many.
fn last_shown(words: &Words<'_>, steps: usize) -> Option<usize> {
    (0..steps).rev().find(|&step| words.numbering.of(step).is_some())
}

/// The index of the step from which on only the main thread moves, only looks around, and sees
/// nothing that the failure comes down to; others may end.
pub(super) fn closing(trace: &Trace, key: &[usize]) -> usize {
    let looks =
        |step: &Step| step.op == Op::End || step.thread == ThreadId::MAIN && step.op.looks_around();
    let matters = |&at: &usize| !looks(&trace.steps[at]) || key.contains(&at);
    (0..trace.steps.len()).rev().find(matters).map_or(0, |last| last + 1)
}

/// The threads that do something worth a column: all but the main thread, which may only start the
/// others, wait for them and look at what they leave.
fn lanes(trace: &Trace, closing: usize) -> Vec<ThreadId> {
    let acts = |thread| {
        let steps = trace.steps[..closing].iter().map(|step| (step.thread, step.op));
        let pending = trace.pending.iter().map(|pending| (pending.thread, pending.op));
        steps.chain(pending).any(|(by, op)| by == thread && !is_housekeeping(thread, op))
    };
    let threads = (0..trace.names.threads().len()).map(ThreadId::new);
    let ran = |thread| thread != ThreadId::MAIN && was_spawned(trace, thread);
    threads.filter(|&thread| ran(thread) || acts(thread)).collect()
}

fn was_spawned(trace: &Trace, thread: ThreadId) -> bool {
    trace.steps.iter().any(|step| step.op == Op::Thread(thread, ThreadOp::Spawn))
}

struct Builder<'a> {
    words: Words<'a>,
    lanes: &'a [ThreadId],
    counted: &'a [Object],
    key: Vec<usize>,
    no_return: Option<usize>,
    repeats_from: Option<usize>,
    rows: Vec<Row>,
}

impl Builder<'_> {
    fn steps(&mut self, trace: &Trace, closing: usize) {
        let mut replay = Replay::new(trace);
        let mut shown = vec![None; self.counted.len()];
        self.panics(trace, 0);
        while let Some(step) = replay.next_step() {
            let at = replay.at();
            if self.repeats_from == Some(at) {
                let said = Said::Plainly("what follows can go on for ever".to_owned());
                self.plain(Status::Repeats, None, said);
            }
            if at == closing && self.repeats_from.is_none() {
                self.closing(trace, closing);
                break;
            }
            let answer = replay.advance();
            if self.words.numbering.of(at).is_some() {
                let values = changes(self.counted, &mut shown, replay.world());
                self.step(at, step, answer, values);
            }
            self.panics(trace, replay.at());
        }
    }

    fn step(&mut self, at: usize, step: &Step, answer: Option<Outcome>, values: Vec<Option<i64>>) {
        let mut said = self.words.done(step);
        let is_value = matches!(step.outcome, Outcome::Value(_));
        if is_value && answer.is_some_and(|answer| answer != step.outcome) {
            said += " (old)";
        }
        let number = self.words.numbering.of(at);
        self.rows.push(Row {
            numbers: number.map(|number| (number, number)),
            status: Status::of(step.outcome),
            said: self.said(step.thread, said),
            values,
            key: self.key.binary_search(&at).is_ok(),
            no_return: self.no_return == Some(at),
            step: Some(at),
            pending: None,
        });
    }

    /// What the main thread sees when all is over, and who ends meanwhile, in one row.
    fn closing(&mut self, trace: &Trace, closing: usize) {
        let shown = (closing..trace.steps.len())
            .filter_map(|at| Some((self.words.numbering.of(at)?, &trace.steps[at])));
        let (numbers, steps): (Vec<usize>, Vec<&Step>) = shown.unzip();
        let of_one = |run: &[&Step]| {
            let said: Vec<String> = run.iter().map(|step| self.words.done(step)).collect();
            format!("{}: {}", self.words.thread(run[0].thread), said.join(", "))
        };
        let said: Vec<String> = steps.chunk_by(|a, b| a.thread == b.thread).map(of_one).collect();
        if let (Some(&first), Some(&last)) = (numbers.first(), numbers.last()) {
            let said = Said::Plainly(said.join("; "));
            self.plain(Status::Success, Some((first, last)), said);
        }
        for after in closing + 1..=trace.steps.len() {
            self.panics(trace, after);
        }
    }

    /// The threads that a panic ended after so many steps.
    fn panics(&mut self, trace: &Trace, after: usize) {
        for end in trace.ends.iter().filter(|end| end.after == after) {
            if let Some(message) = &end.panic {
                let said = self.said(end.thread, in_one_line(message));
                self.plain(Status::Panicked, None, said);
            }
        }
    }

    /// What threads had come to and can never do. That the main thread waits for others to end is shown
    /// where something is told of it.
    fn blocked(&mut self, trace: &Trace, told: &[Pending]) {
        let world = last_world(trace);
        let is_told = |thread| told.iter().any(|pending| pending.thread == thread);
        let races = trace.pending.iter().any(|pending| world.races(pending.op));
        for (at, &Pending { thread, op, .. }) in trace.pending.iter().enumerate() {
            let is_shown = is_told(thread) || !races && !is_housekeeping(thread, op);
            if is_shown && !world.certain(thread, op) {
                let (status, race) =
                    if races { (Status::Races, ": data race") } else { (Status::Blocked, "") };
                let said = self.said(thread, self.words.waiting(op) + race);
                self.plain(status, None, said);
                self.rows.last_mut().expect("it was just made").pending = Some(at);
            }
        }
    }

    /// What threads would have done next, side by side.
    fn unreached(&mut self, picture: &Picture<'_>) {
        let told: Vec<(ThreadId, Vec<String>)> = picture
            .unreached
            .iter()
            .map(|unreached| {
                (unreached.thread, briefly(&self.words.with(&unreached.names), &unreached.steps))
            })
            .collect();
        let longest = told.iter().map(|(_, told)| told.len()).max().unwrap_or(0);
        for row in 0..longest {
            let by =
                told.iter().filter_map(|(thread, told)| Some((*thread, told.get(row)?.clone())));
            let said = Said::By(by.collect());
            self.plain(Status::CannotReach, None, said);
        }
    }

    fn said(&self, thread: ThreadId, what: String) -> Said {
        match self.lanes.contains(&thread) {
            true => Said::By(vec![(thread, what)]),
            false => Said::Plainly(format!("{}: {what}", self.words.thread(thread))),
        }
    }

    fn plain(&mut self, status: Status, numbers: Option<(usize, usize)>, said: Said) {
        let values = vec![None; self.counted.len()];
        self.rows.push(Row {
            numbers,
            status,
            said,
            values,
            key: false,
            no_return: false,
            step: None,
            pending: None,
        });
    }
}

/// The objects whose state is a number that does not stay what it was.
fn changing(trace: &Trace) -> Vec<Object> {
    let mut replay = Replay::new(trace);
    let mut left = trace.counted();
    let mut changed = Vec::new();
    while replay.advance().is_some() {
        let changes =
            |object: &Object| replay.world().shown(*object) != trace.initial.shown(*object);
        let (now, still): (Vec<Object>, Vec<Object>) = left.into_iter().partition(changes);
        changed.extend(now);
        left = still;
    }
    changed.sort_unstable();
    changed
}

/// The values that are not what was shown last.
fn changes(counted: &[Object], shown: &mut [Option<i64>], world: &World) -> Vec<Option<i64>> {
    let look = |(&object, shown): (&Object, &mut Option<i64>)| {
        let value = world.shown(object).number();
        (std::mem::replace(shown, value) != value).then_some(value).flatten()
    };
    counted.iter().zip(shown).map(look).collect()
}
