//! A random program as Rust source, to be pasted as a test.

use super::instr::{Instr, MODULUS, OBJECTS};
use super::outcome::lines;
use super::reference::reference;

/// A test with this program in it. It calls `agree`, which each file of tests that uses this has.
pub fn source(main: &[Instr]) -> String {
    let mut source = Source { text: String::new(), depth: 0, rounds: Vec::new() };
    source.test(main);
    source.text
}

struct Source {
    text: String,
    depth: usize,
    /// The variables that count the rounds of the loops around.
    rounds: Vec<String>,
}

impl Source {
    fn line(&mut self, line: &str) {
        let indent = "    ".repeat(self.depth);
        self.text += &format!("{indent}{line}\n");
    }

    fn within(&mut self, open: &str, close: &str, body: impl FnOnce(&mut Self)) {
        self.line(open);
        self.depth += 1;
        body(self);
        self.depth -= 1;
        self.line(close);
    }

    fn test(&mut self, main: &[Instr]) {
        self.line("#[test]");
        self.line("#[allow(unused, reason = \"not every thread uses everything\")]");
        self.within("fn found_at_random() {", "}", |source| {
            source.line("use crate::common::{acc, has_ended, join};");
            source.line("use std::{sync::Arc, time::Duration};");
            source.line("use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};");
            source.within("let program = tellers::engine::Program::new(|| {", "});", |source| {
                let each = |make: &str| format!("std::array::from_fn::<_, {OBJECTS}, _>({make}),");
                source.within("let shared = Arc::new((", "));", |source| {
                    source.line(&each(r#"|i| Lock::named(format!("lock{i}"))"#));
                    source.line(&each(r#"|i| Cell::named(format!("cell{i}"), 0)"#));
                    source.line(r#"Event::named("event"),"#);
                });
                source.thread(main);
            });
            source.expectation(main);
        });
    }

    fn expectation(&mut self, main: &[Instr]) {
        let known = reference(main, usize::MAX).expect("there is no limit");
        self.within("let outcomes = [", "];", |source| {
            let outcomes = lines(&known.all());
            outcomes.iter().for_each(|outcome| source.line(&format!("\"{outcome}\",")));
        });
        self.line("agree(&program, &outcomes);");
    }

    fn thread(&mut self, instrs: &[Instr]) {
        self.line("let (locks, cells, event) = &*shared;");
        self.line("let mut seen = Vec::<i64>::new();");
        self.line("let mut children = Vec::<thread::JoinHandle<Vec<i64>>>::new();");
        let rounds = std::mem::take(&mut self.rounds);
        self.block(instrs);
        self.rounds = rounds;
        self.line("seen");
    }

    fn block(&mut self, instrs: &[Instr]) {
        instrs.iter().for_each(|instr| self.instr(instr));
    }

    fn instr(&mut self, instr: &Instr) {
        match instr {
            Instr::Acquire(lock) => self.line(&format!("locks[{lock}].acquire();")),
            Instr::AcquireTimeout(lock) => {
                let call = format!("locks[{lock}].acquire_timeout(Duration::ZERO)");
                self.line(&format!("seen.push({call}.into());"));
            }
            Instr::Release(lock) => {
                self.line(&format!("seen.push(locks[{lock}].release().is_err().into());"));
            }
            Instr::Locked(lock) => self.line(&format!("seen.push(locks[{lock}].locked().into());")),
            Instr::Guarded(lock, body) => self.within("{", "}", |source| {
                source.line(&format!("let _held = locks[{lock}].guard();"));
                source.block(body);
            }),
            Instr::Load(cell) => self.line(&format!("seen.push(cells[{cell}].load());")),
            Instr::Store(cell, more) => {
                let value = format!("(acc(&seen) + {more}).rem_euclid({MODULUS})");
                self.line(&format!("cells[{cell}].store({value});"));
            }
            Instr::Set => self.line("event.set();"),
            Instr::Clear => self.line("event.clear();"),
            Instr::IsSet => self.line("seen.push(event.is_set().into());"),
            Instr::Wait => self.line("event.wait();"),
            Instr::Yield => self.line("thread::yield_now();"),
            Instr::Spawn(instrs) => self.within("children.push({", "});", |source| {
                source.line("let shared = Arc::clone(&shared);");
                source.within("thread::spawn(move || {", "})", |source| source.thread(instrs));
            }),
            Instr::Join => self.line("join(&mut children, &mut seen);"),
            Instr::IsFinished => self.line("has_ended(&children, &mut seen);"),
            Instr::Checkpoint => self.checkpoint(),
            Instr::AssumeNot(value) => self.line(&format!("assume(acc(&seen) != {value});")),
            Instr::PanicIf(value) => {
                self.line(&format!("assert!(acc(&seen) != {value}, \"told to panic\");"));
            }
            Instr::If(yes, no) => {
                self.within("if acc(&seen) != 0 {", "} else {", |source| source.block(yes));
                self.depth += 1;
                self.block(no);
                self.depth -= 1;
                self.line("}");
            }
            Instr::Retry(times, body) => self.retry(*times, body),
        }
    }

    fn retry(&mut self, times: Option<usize>, body: &[Instr]) {
        let round = format!("round{}", self.rounds.len());
        self.within("{", "}", |source| {
            source.line("let start = seen.len();");
            let head = match times {
                Some(times) => format!("for {round} in 0..{times} {{"),
                None => "loop {".into(),
            };
            source.within(&head, "}", |source| {
                source.rounds.extend(times.map(|_| round));
                source.line("seen.truncate(start);");
                source.checkpoint();
                source.block(body);
                source.within("if acc(&seen) != 0 {", "}", |source| source.line("break;"));
                if times.is_some() {
                    source.rounds.pop();
                }
            });
        });
    }

    fn checkpoint(&mut self) {
        let key = match self.rounds.join(", ") {
            rounds if rounds.is_empty() => "&seen".into(),
            rounds => format!("({rounds}, &seen)"),
        };
        self.line(&format!("checkpoint({key});"));
    }
}
