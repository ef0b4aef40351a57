//! Makes plain data of a picture.

use super::{
    Answer, At, Comes, Did, Ends, Evidence, Explained, Operation, Shared, State, Thing, Unreached,
    View, Waits, source,
};
use crate::trace::brief::briefly;
use crate::trace::rows::{Rows, Status};
use crate::trace::words::Words;
use crate::trace::{Caller, Named, Picture, Place, Replay, Step, Told, Trace};
use crate::world::{
    DataId, Kind, Object, Op, Outcome, Pointer, Shown, ThreadId, ThreadState, WaitFor, World,
};
use std::collections::BTreeMap;

impl View {
    /// All of a picture.
    pub fn of(picture: &Picture<'_>) -> Self {
        let trace = picture.trace;
        let words = Words::new(trace);
        let diagnosis = picture.diagnosis();
        let size = picture.size();
        let rows = Rows::of(picture, &diagnosis, false).rows;
        let shown: Vec<usize> = rows.iter().filter_map(|row| row.pending).collect();
        let mut view = Self {
            version: Self::VERSION,
            title: picture.title.to_owned(),
            failure: picture.failure.to_string(),
            headline: diagnosis.headline().to_string(),
            context_switches: size.context,
            preemptions: size.preemptions,
            minimal: picture.minimal,
            reordered: picture.reordered,
            no_return: picture.no_return.and_then(|taken| words.numbering.last_of(taken)),
            repeats_from: picture.repeats_from,
            threads: threads(trace.names.threads()),
            objects: by_kind(|kind| things(trace.names.all(kind))),
            before: shared(trace, Replay::new(trace).world(), 0),
            steps: steps(&words, &diagnosis.key_steps()),
            pending: pending(&words, &shown),
            ends: ends(trace),
            unreached: picture
                .unreached
                .iter()
                .map(|unreached| Unreached {
                    thread: unreached.thread.index(),
                    words: briefly(&words.with(&unreached.names), &unreached.steps),
                })
                .collect(),
            diagnosis: explained(diagnosis.tell(trace)),
            known: picture.known.clone(),
            rerun: picture.rerun.clone(),
            sources: Default::default(),
        };
        view.sources = source::around(&view.places());
        view
    }

    /// Every place of an operation, and of its callers.
    fn places(&self) -> Vec<At> {
        let steps = self.steps.iter().map(|step| (&step.at, &step.callers));
        let pending = self.pending.iter().map(|pending| (&pending.at, &pending.callers));
        steps
            .chain(pending)
            .flat_map(|(at, callers)| [at].into_iter().chain(callers))
            .cloned()
            .collect()
    }
}

impl From<Place> for At {
    fn from(place: Place) -> Self {
        Self { file: place.file().to_owned(), line: place.line() }
    }
}

impl From<&Caller> for At {
    fn from(caller: &Caller) -> Self {
        Self { file: caller.file.clone(), line: caller.line }
    }
}

fn things(named: &[Named]) -> Vec<Thing> {
    let at = |place: Place| (!place.is_in_rust()).then(|| place.into());
    let thing = |named: &Named| Thing { name: named.name.to_string(), at: at(named.place) };
    named.iter().map(thing).collect()
}

fn threads(named: &[Named]) -> Vec<Thing> {
    let mut threads = things(named);
    if let Some(main) = threads.first_mut() {
        main.at = None;
    }
    threads
}

fn steps(words: &Words<'_>, key: &[usize]) -> Vec<Did> {
    let trace = words.trace;
    let mut replay = Replay::new(trace);
    let mut did = Vec::new();
    while let Some(step) = replay.next_step() {
        let at = replay.at();
        replay.advance();
        did.push(Did {
            number: words.numbering.of(at),
            thread: step.thread.index(),
            op: operation(step.op),
            answer: answer(step),
            words: words.done(step),
            status: Status::of(step.outcome).words().to_owned(),
            key: key.contains(&at),
            at: step.place.into(),
            callers: trace.callers_of(at).iter().map(At::from).collect(),
            after: shared(trace, replay.world(), at + 1),
        });
    }
    did
}

fn pending(words: &Words<'_>, shown: &[usize]) -> Vec<Comes> {
    let world = crate::trace::replay::last_world(words.trace);
    let comes = |(at, pending): (usize, &crate::trace::Pending)| Comes {
        thread: pending.thread.index(),
        op: operation(pending.op),
        words: words.waiting(pending.op),
        blocked: !world.certain(pending.thread, pending.op),
        shown: shown.contains(&at),
        at: pending.place.into(),
        callers: words.trace.callers_of_pending(pending.thread).iter().map(At::from).collect(),
    };
    words.trace.pending.iter().enumerate().map(comes).collect()
}

fn ends(trace: &Trace) -> Vec<Ends> {
    let end = |end: &crate::trace::End| Ends {
        thread: end.thread.index(),
        after: end.after,
        panic: end.panic.clone(),
    };
    trace.ends.iter().map(end).collect()
}

/// What is shared after so many steps.
fn shared(trace: &Trace, world: &World, after: usize) -> Shared {
    let states = by_kind(|kind| {
        let all = 0..trace.names.all(kind).len();
        all.map(|index| State::from(world.shown(Object::new(kind, index)))).collect()
    });
    Shared { states, waits: waits(trace, world, after) }
}

/// Something of each object, by the name of its kind; kinds that have none are left out.
fn by_kind<T>(of: impl Fn(Kind) -> Vec<T>) -> BTreeMap<String, Vec<T>> {
    let kinds = Kind::ALL.iter().filter(|&&kind| kind != Kind::Thread);
    let all = kinds.map(|&kind| (kind.noun().to_owned(), of(kind)));
    all.filter(|(_, all)| !all.is_empty()).collect()
}

impl From<Shown> for State {
    fn from(shown: Shown) -> Self {
        match shown {
            Shown::Nobody => Self::Nobody,
            Shown::Held(thread) => Self::Number(thread.index() as i64),
            Shown::Readers(readers) => Self::Shared { readers },
            Shown::Is(yes) => Self::Is(yes),
            Shown::Number(number) => Self::Number(number),
        }
    }
}

fn waits(trace: &Trace, world: &World, after: usize) -> Vec<Waits> {
    let threads = (0..trace.names.threads().len()).map(ThreadId::new);
    let running = threads.filter(|&thread| world.thread(thread) == ThreadState::Running);
    let next = running.filter_map(|thread| Some((thread, next_op(trace, thread, after)?)));
    let graph = WaitFor::new(world, next);
    let wait = |in_cycle| {
        move |edge: &crate::world::Edge| Waits {
            thread: edge.waiter.index(),
            object: awaited(edge.op),
            on: edge.on.map(ThreadId::index),
            in_cycle,
        }
    };
    let mut waits: Vec<Waits> = graph.cycle.iter().map(wait(true)).collect();
    waits.extend(graph.others.iter().map(wait(false)));
    waits.sort_by_key(|wait| wait.thread);
    waits
}

/// What a thread does next, after so many steps.
fn next_op(trace: &Trace, thread: ThreadId, after: usize) -> Option<Op> {
    let step = trace.steps[after..].iter().find(|step| step.thread == thread);
    let pending = || trace.pending.iter().find(|pending| pending.thread == thread);
    step.map(|step| step.op).or_else(|| pending().map(|pending| pending.op))
}

fn explained(told: Told) -> Explained {
    let facts = told.facts.into_iter().map(|fact| Evidence {
        words: fact.words,
        steps: fact.steps,
        places: fact.places.into_iter().map(At::from).collect(),
    });
    Explained { summary: told.summary, facts: facts.collect(), remedy: told.remedy }
}

/// What a thread waits for that has come to this, unless that is a thread.
fn awaited(op: Op) -> Option<(String, usize)> {
    let object = op.object(ThreadId::MAIN).filter(|object| object.kind != Kind::Thread)?;
    Some((object.kind.noun().to_owned(), object.index()))
}

fn operation(op: Op) -> Operation {
    let (what, number) = op.key();
    let about = op.object(ThreadId::MAIN).filter(|_| op != Op::End);
    let about = about.map(|object| (object.kind.noun().to_owned(), object.index() as i64));
    let number = number.map(|(key, number)| (key.to_owned(), number));
    Operation { what: what.to_owned(), with: about.into_iter().chain(number).collect() }
}

fn answer(step: &Step) -> Option<Answer> {
    match step.outcome {
        Outcome::Done => None,
        Outcome::Acquired => Some(Answer::Acquired(true)),
        Outcome::TimedOut => Some(Answer::Acquired(false)),
        Outcome::Failed => Some(Answer::Failed),
        Outcome::Gone => Some(Answer::Gone),
        Outcome::NotHeld => Some(Answer::NotHeld),
        Outcome::Value(value) => Some(Answer::Value(value)),
        Outcome::Had { data, .. } => Some(Answer::Data(data.to_string())),
        Outcome::Pointer(Pointer { to: DataId::OPEN, .. }) => Some(Answer::Failed),
        Outcome::Pointer(Pointer { to, .. }) => Some(Answer::Data(to.to_string())),
        Outcome::Is(yes) => Some(Answer::Is(yes)),
        Outcome::Joined(finish) => Some(Answer::Panicked(finish.panicked)),
    }
}
