//! A random program as Rust source, to be pasted as a test.

mod primitives;

use super::instr::{End, Instr, MODULUS, PAYLOAD};
use super::ledger::kinds;
use super::outcome::lines;
use super::reference::reference;

const NO_CHILDREN: &str = "Vec::<Child>::new()";
const CHILD: &str = "children.push(Child::new(objects.met({";
const CHILD_END: &str = "})));";
const NO_ENDS: &str = "let mut ends = Ends::default();";

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
        self.line("#[allow(unused, clippy::identity_op, reason = \"it was made at random\")]");
        self.within("fn found_at_random() {", "}", |source| {
            source.line(
                "use crate::common::{Child, Deed, Ends, How, Kept, Objects, Outside, To, acc, caught, detach, has_ended, join, on_drop};",
            );
            source.line("use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};");
            source.line("use std::time::Duration;");
            source.line("use tellers::sync::{assume, checkpoint, choose, thread};");
            let len = kinds(main);
            source.line(&format!("let outside = Outside::of({len});"));
            source.within("let program = tellers::engine::Program::new(move || {", "});", |source| {
                source.line(&format!("let mut objects = Objects::new({len}).with(outside.as_ref());"));
                if main.iter().any(Instr::makes) {
                    source.line("let _spare = Objects::spare();");
                }
                source.line(&format!("let mut children = {NO_CHILDREN};"));
                source.line(NO_ENDS);
                source.thread(main);
                source.line("seen");
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

    /// What a thread or a destructor does.
    fn thread(&mut self, instrs: &[Instr]) {
        self.line("let mut seen = Vec::<i64>::new();");
        self.line("let mut kept = Kept::default();");
        let rounds = std::mem::take(&mut self.rounds);
        self.block(instrs);
        self.rounds = rounds;
    }

    fn spawn(&mut self, children: &str, ends: &[End], body: &[Instr], dropped: &[Instr]) {
        self.line("let mut objects = objects.inherited();");
        self.line(&format!("let mut children = {children};"));
        self.entrusted(ends);
        self.within("thread::spawn(move || {", "})", |source| {
            source.line(if ends.is_empty() { NO_ENDS } else { "let mut ends = entrusted;" });
            source.thread(body);
            match dropped {
                [] => source.line("(seen, None)"),
                dropped => {
                    source.on_drop("let owned", dropped);
                    source.line("(seen, Some(owned))");
                }
            }
        });
    }

    fn on_drop(&mut self, variable: &str, dropped: &[Instr]) {
        self.within(&format!("{variable} = on_drop({{"), "});", |source| {
            source.line("let mut objects = objects.clone();");
            source.within("move || {", "}", |source| {
                source.line(NO_ENDS);
                source.thread(dropped);
            });
        });
    }

    fn block(&mut self, instrs: &[Instr]) {
        instrs.iter().for_each(|instr| self.instr(instr));
    }

    fn sees(&mut self, answer: &str) {
        self.line(&format!("seen.push({answer});"));
    }

    fn instr(&mut self, instr: &Instr) {
        match instr {
            Instr::Acquire(lock) => self.line(&format!("objects.locks[{lock}].acquire();")),
            Instr::AcquireTimeout(lock) => {
                let call = format!("objects.locks[{lock}].acquire_timeout(Duration::ZERO)");
                self.sees(&format!("{call}.into()"));
            }
            Instr::Release(lock) => {
                self.sees(&format!("objects.locks[{lock}].release().is_err().into()"));
            }
            Instr::Locked(lock) => self.sees(&format!("objects.locks[{lock}].locked().into()")),
            Instr::IsPoisoned(mutex) => {
                self.sees(&format!("objects.mutexes[{mutex}].is_poisoned().into()"));
            }
            Instr::ClearPoison(mutex) => {
                self.line(&format!("objects.mutexes[{mutex}].clear_poison();"));
            }
            Instr::Await(mutex, more) => self.waits("wait_at_most_twice", *mutex, *more),
            Instr::AwaitTimeout(mutex, more) => self.waits("wait_in_time", *mutex, *more),
            Instr::NotifyOne(condvar) => {
                self.line(&format!("objects.condvars[{condvar}].notify_one();"));
            }
            Instr::NotifyAll(condvar) => {
                self.line(&format!("objects.condvars[{condvar}].notify_all();"));
            }
            Instr::Atomic(atomic, deed) => {
                let call = format!("perform(Deed::{deed:?}, &mut seen)");
                self.line(&format!("objects.atomics[{atomic}].{call};"));
            }
            Instr::IsPanicking => self.sees("thread::panicking().into()"),
            Instr::Load(cell) => self.sees(&format!("objects.cells[{cell}].load()")),
            Instr::Store(cell, more) => {
                let value = latest_and(*more);
                self.line(&format!("objects.cells[{cell}].store({value});"));
            }
            Instr::Set => self.line("objects.event.set();"),
            Instr::Clear => self.line("objects.event.clear();"),
            Instr::IsSet => self.sees("objects.event.is_set().into()"),
            Instr::Wait => self.line("objects.event.wait();"),
            Instr::Take(permits) => self.line(&format!("objects.permits.acquire({permits});")),
            Instr::TryTake(permits) => {
                self.sees(&format!("objects.permits.try_acquire({permits}).into()"));
            }
            Instr::TakeTimeout(permits) => {
                let call = format!("objects.permits.acquire_timeout({permits}, Duration::ZERO)");
                self.sees(&format!("{call}.into()"));
            }
            Instr::Give(permits) => self.line(&format!("objects.permits.release({permits});")),
            Instr::Yield => self.line("thread::yield_now();"),
            Instr::Choose(of) => self.sees(&format!("choose({of}) as i64")),
            Instr::Make(which) => self.line(&format!("objects.make({which});")),
            Instr::MakeEvent => self.line("objects.make_event();"),
            Instr::Peek => self.sees("objects.peek()"),
            Instr::Poke(more) => self.line(&format!("objects.poke({});", latest_and(*more))),
            Instr::Join => self.line("join(&mut children, &mut seen);"),
            Instr::IsFinished => self.line("has_ended(&children, &mut seen);"),
            Instr::Checkpoint => self.checkpoint(),
            Instr::AssumeNot(value) => self.line(&format!("assume(acc(&seen) != {value});")),
            Instr::PanicIf(value) => {
                self.line(&format!("assert!(acc(&seen) != {value}, \"told to panic\");"));
            }
            Instr::Throw => self.within("if acc(&seen) != 0 {", "}", |source| {
                source.line(&format!("panic_any(acc(&seen) + {PAYLOAD});"));
            }),
            Instr::Spawn(body) => self.within(CHILD, CHILD_END, |source| {
                source.spawn(NO_CHILDREN, &[], body, &[]);
            }),
            Instr::Entrust(ends, body) => self.within(CHILD, CHILD_END, |source| {
                source.spawn(NO_CHILDREN, ends, body, &[]);
            }),
            Instr::Hand(body) => {
                self.line("let handed = children.pop();");
                self.within(CHILD, CHILD_END, |source| {
                    source.spawn("Vec::from_iter(handed)", &[], body, &[]);
                });
            }
            Instr::Owner(dropped, body) => {
                self.within("children.push(Child::owner(objects.met({", CHILD_END, |source| {
                    source.spawn(NO_CHILDREN, &[], body, dropped);
                });
            }
            Instr::Detached(dropped, body) => {
                self.within("detach(objects.met({", "}));", |source| {
                    source.spawn(NO_CHILDREN, &[], body, dropped);
                })
            }
            Instr::Guarded(lock, body) => self.within("{", "}", |source| {
                source.line(&format!("let lock = objects.locks[{lock}].clone();"));
                source.line("let _held = lock.guard();");
                source.block(body);
            }),
            Instr::With(mutex, more, body) => self.within("{", "}", |source| {
                source.line(&format!("let mutex = objects.mutexes[{mutex}].clone();"));
                source.line("let mut data = mutex.lock(&mut seen);");
                source.change(*more, body);
            }),
            Instr::TryWith(mutex, more, body) => self.within("{", "}", |source| {
                source.line(&format!("let mutex = objects.mutexes[{mutex}].clone();"));
                let open = "if let Some(mut data) = mutex.try_lock(&mut seen) {";
                source.within(open, "}", |source| source.change(*more, body));
            }),
            Instr::Keeping(dropped, body) => self.within("{", "}", |source| {
                source.on_drop("let _kept", dropped);
                source.block(body);
            }),
            Instr::Catch(body) => {
                let open = "let result = catch_unwind(AssertUnwindSafe(|| {";
                self.within(open, "}));", |source| source.block(body));
                self.sees("caught(result)");
            }
            Instr::If(yes, no) => {
                self.within("if acc(&seen) != 0 {", "} else {", |source| source.block(yes));
                self.depth += 1;
                self.block(no);
                self.depth -= 1;
                self.line("}");
            }
            Instr::Retry(times, body) => self.retry(*times, body),
            _ => self.primitive(instr),
        }
    }

    fn waits(&mut self, method: &str, mutex: usize, more: i64) {
        self.within("{", "}", |source| {
            let call = format!("{method}(&objects.condvars[{mutex}], &mut seen)");
            source.line(&format!("let mut data = objects.mutexes[{mutex}].{call};"));
            source.change(more, &[]);
        });
    }

    fn change(&mut self, more: i64, body: &[Instr]) {
        self.block(body);
        self.line(&format!("data.leave({});", latest_and(more)));
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
        self.line("kept = Kept::default();");
        let rounds: String = self.rounds.iter().map(|round| format!("{round}, ")).collect();
        self.line(&format!("checkpoint(({rounds}&objects.made, ends.key(), &seen));"));
    }
}

fn latest_and(more: i64) -> String {
    format!("(acc(&seen) + {more}).rem_euclid({MODULUS})")
}
