//! An interleaving as a mermaid sequence diagram.
//!
//! Threads and what they share are its participants; a lock is active while it is held.

use super::columns::number_of;
use super::rows::{Row, Rows, Said, Status, closing};
use super::words::{Words, grouped, in_one_line};
use super::{Picture, Replay, Step};
use crate::world::{Arrow, Kind, Object, Op, ThreadId};
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
            diagram.over_all(&rows.no_return);
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
    diagram.blocked(&rows.rows);
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
        let about = ops.iter().filter_map(|&op| shared(op));
        for object in about.collect::<BTreeSet<_>>() {
            let name = match self.words.trace.initial.shown(object).number() {
                Some(first) => format!("{} = {}", names.name(object), grouped(first)),
                None => names.name(object).to_owned(),
            };
            self.participant("participant", &of(object), &name);
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
        let said = escaped(&self.words.done(step));
        let (Some(deed), Some(object)) = (step.op.deed(), shared(step.op)) else {
            return self.line(1, &format!("{who}->>{who}: {number}. {said}"));
        };
        let (object, arrow) = (of(object), deed.arrow(step.outcome));
        let message = match arrow {
            Arrow::Tells | Arrow::Returns => format!("{who}->>{object}"),
            Arrow::IsTold => format!("{object}-->>{who}"),
            Arrow::Takes => format!("{who}->>+{object}"),
            Arrow::Fails => format!("{who}-x{object}"),
        };
        self.line(1, &format!("{message}: {number}. {said}"));
        if arrow == Arrow::Returns {
            self.line(1, &format!("deactivate {object}"));
        }
    }

    fn blocked(&mut self, rows: &[Row]) {
        for pending in rows.iter().filter_map(|row| Some(self.words.trace.pending[row.pending?])) {
            let said = escaped(&self.words.waiting(pending.op));
            if !self.lanes.contains(&pending.thread) {
                let thread = escaped(self.words.thread(pending.thread));
                self.over_all(&format!("{thread}: {said}"));
                continue;
            }
            let who = of_thread(pending.thread);
            let on = shared(pending.op).map_or_else(|| who.clone(), of);
            self.line(1, &format!("{who}-x{on}: {said}"));
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

fn of(object: Object) -> String {
    let initial = object.kind.noun().chars().next().unwrap_or('O').to_ascii_uppercase();
    format!("{initial}{}", object.index())
}

/// What an operation is about, unless that is a thread.
fn shared(op: Op) -> Option<Object> {
    op.object(ThreadId::MAIN).filter(|object| object.kind != Kind::Thread)
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
