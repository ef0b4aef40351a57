//! An interleaving as a mermaid sequence diagram.
//!
//! Threads, locks and cells are its participants; a lock is active while it is held.

use super::columns::number_of;
use super::rows::{Rows, Said, Status, closing};
use super::words::{Words, grouped, in_one_line};
use super::{Picture, Replay, Step};
use crate::world::{CellId, EventId, LockId, Op, Outcome, ThreadId};
use std::collections::BTreeSet;
use std::fmt::Write as _;

pub(super) fn render(picture: &Picture<'_>) -> String {
    let trace = picture.trace;
    let words = Words::new(trace);
    let diagnosis = picture.diagnosis();
    let closing = closing(trace, &diagnosis.key_steps());
    let rows = Rows::of(picture, &diagnosis, false);
    let mut diagram =
        Diagram { words, lanes: &rows.lanes, text: String::from("sequenceDiagram\n") };
    let failure = picture.failure.to_string().to_uppercase();
    diagram.line(1, &format!("title {failure} {}", escaped(picture.title)));
    diagram.participants(picture);
    let mut replay = Replay::new(trace);
    while let Some(step) = replay.next_step() {
        let at = replay.at();
        if at == closing {
            break;
        }
        if picture.repeats_from == Some(at) {
            diagram.line(1, "loop for ever");
        }
        replay.advance();
        if diagram.words.numbering.of(at).is_some() {
            diagram.step(at, step);
        }
        if picture.no_return == Some(at + 1) {
            diagram.over_all("from here on, no way out");
        }
        diagram.panics(at + 1);
    }
    if picture.repeats_from.is_some() {
        diagram.line(1, "end");
    }
    for row in rows.rows.iter().filter(|row| row.status == Status::Success) {
        if let (Said::Plainly(said), Some(_)) = (&row.said, row.numbers) {
            diagram.over_all(&format!("{}. {}", number_of(row), escaped(said)));
        }
    }
    diagram.blocked();
    diagram.over_all(&escaped(&diagnosis.tell(trace).summary));
    diagram.text
}

struct Diagram<'a> {
    words: Words<'a>,
    lanes: &'a [ThreadId],
    text: String,
}

impl Diagram<'_> {
    fn participants(&mut self, picture: &Picture<'_>) {
        let steps = picture.trace.steps.iter().map(|step| step.op);
        let ops: Vec<Op> = steps.chain(picture.trace.pending.iter().map(|p| p.op)).collect();
        let names = &self.words.trace.names;
        for &thread in self.lanes {
            self.participant("actor", &of_thread(thread), names.thread(thread));
        }
        for lock in ops.iter().filter_map(|&op| lock_of(op)).collect::<BTreeSet<_>>() {
            self.participant("participant", &of_lock(lock), names.lock(lock));
        }
        for event in ops.iter().filter_map(|&op| event_of(op)).collect::<BTreeSet<_>>() {
            self.participant("participant", &of_event(event), names.event(event));
        }
        for cell in ops.iter().filter_map(|&op| cell_of(op)).collect::<BTreeSet<_>>() {
            let first = self.words.trace.initial.get(cell.index()).copied().unwrap_or(0);
            let name = format!("{} = {}", names.cell(cell), grouped(first));
            self.participant("participant", &of_cell(cell), &name);
        }
    }

    fn participant(&mut self, kind: &str, id: &str, name: &str) {
        self.line(1, &format!("{kind} {id} as {}", escaped(name)));
    }

    fn step(&mut self, at: usize, step: &Step) {
        if !self.lanes.contains(&step.thread) {
            return;
        }
        let number = self.words.numbering.of(at).unwrap_or(0);
        let who = of_thread(step.thread);
        let said = escaped(&self.words.done(step.op, step.outcome));
        let message = match (step.op, step.outcome) {
            (Op::Acquire(lock) | Op::AcquireTimeout(lock), Outcome::TimedOut)
            | (Op::Release(lock), Outcome::NotHeld) => format!("{who}-x{}", of_lock(lock)),
            (Op::Acquire(lock) | Op::AcquireTimeout(lock), _) => {
                format!("{who}->>+{}", of_lock(lock))
            }
            (Op::Release(lock), _) => {
                self.line(1, &format!("{who}->>{}: {number}. {said}", of_lock(lock)));
                self.line(1, &format!("deactivate {}", of_lock(lock)));
                return;
            }
            (Op::Load(cell), _) => format!("{}-->>{who}", of_cell(cell)),
            (Op::Store(cell, _), _) => format!("{who}->>{}", of_cell(cell)),
            (Op::Locked(lock), _) => format!("{}-->>{who}", of_lock(lock)),
            (Op::Set(event) | Op::Clear(event), _) => format!("{who}->>{}", of_event(event)),
            (Op::IsSet(event) | Op::Wait(event), _) => format!("{}-->>{who}", of_event(event)),
            _ => format!("{who}->>{who}"),
        };
        self.line(1, &format!("{message}: {number}. {said}"));
    }

    fn blocked(&mut self) {
        let trace = self.words.trace;
        for pending in trace.pending.iter().filter(|p| self.lanes.contains(&p.thread)) {
            let Some(number) = self.words.numbering.of_blocked(pending.thread) else { continue };
            let who = of_thread(pending.thread);
            let on = match pending.op {
                Op::Acquire(lock) => of_lock(lock),
                Op::Wait(event) => of_event(event),
                _ => who.clone(),
            };
            let said = escaped(&self.words.waiting(pending.op));
            self.line(1, &format!("{who}-x{on}: {number}. {said}"));
        }
    }

    fn panics(&mut self, after: usize) {
        for end in self.words.trace.ends.iter().filter(|end| end.after == after) {
            if let Some(message) = end.panic.as_ref().filter(|_| self.lanes.contains(&end.thread)) {
                let said = escaped(&in_one_line(message));
                self.line(1, &format!("Note over {}: panicked: {said}", of_thread(end.thread)));
            }
        }
    }

    fn over_all(&mut self, note: &str) {
        let over = match self.lanes {
            [] => return,
            [only] => of_thread(*only),
            [first, .., last] => format!("{},{}", of_thread(*first), of_thread(*last)),
        };
        self.line(1, &format!("Note over {over}: {note}"));
    }

    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{:1$}{line}", "", 4 * depth);
    }
}

fn of_thread(thread: ThreadId) -> String {
    format!("T{}", thread.index())
}

fn of_lock(lock: LockId) -> String {
    format!("L{}", lock.index())
}

fn of_cell(cell: CellId) -> String {
    format!("C{}", cell.index())
}

fn of_event(event: EventId) -> String {
    format!("E{}", event.index())
}

fn lock_of(op: Op) -> Option<LockId> {
    match op {
        Op::Acquire(lock) | Op::AcquireTimeout(lock) | Op::Release(lock) | Op::Locked(lock) => {
            Some(lock)
        }
        _ => None,
    }
}

fn cell_of(op: Op) -> Option<CellId> {
    match op {
        Op::Load(cell) | Op::Store(cell, _) => Some(cell),
        _ => None,
    }
}

fn event_of(op: Op) -> Option<EventId> {
    match op {
        Op::Set(event) | Op::Clear(event) | Op::IsSet(event) | Op::Wait(event) => Some(event),
        _ => None,
    }
}

/// Text in which mermaid finds no syntax of its own.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in text.chars() {
        match c {
            '#' | ';' | '<' | '>' | '&' | ':' | '{' | '}' | '"' => {
                let _ = write!(escaped, "#{};", u32::from(c));
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
