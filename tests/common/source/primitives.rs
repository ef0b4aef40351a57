//! What a thread does with std's primitives, but for mutexes and atomics.

use super::super::instr::{End, Instr};
use super::{Source, latest_and};

impl Source {
    pub(super) fn primitive(&mut self, instr: &Instr) {
        match instr {
            Instr::Meet(barrier) => {
                self.sees(&format!("objects.barriers[{barrier}].wait().is_leader().into()"));
            }
            Instr::WaitOnce(once) => self.line(&format!("objects.onces[{once}].wait();")),
            Instr::IsCompleted(once) => {
                self.sees(&format!("objects.onces[{once}].is_completed().into()"));
            }
            Instr::SetOnce(once, more) => {
                let number = latest_and(*more);
                self.line(&format!("objects.once_locks[{once}].set({number}, &mut seen);"));
            }
            Instr::GetOnce(once) => {
                self.line(&format!("objects.once_locks[{once}].get(&mut seen);"));
            }
            Instr::Channel(i, room) => {
                self.line(&format!("ends.make({i}, objects.kinds, {room:?});"));
            }
            Instr::CloneSender(i) => self.line(&format!("ends.clone_sender({i});")),
            Instr::Send(i, more) => {
                self.line(&format!("ends.send({i}, {}, &mut seen);", latest_and(*more)));
            }
            Instr::TrySend(i, more) => {
                self.line(&format!("ends.try_send({i}, {}, &mut seen);", latest_and(*more)));
            }
            Instr::Receive(i, how) => {
                self.line(&format!("ends.receive({i}, How::{how:?}, &mut seen);"));
            }
            Instr::DropSender(i) => self.line(&format!("ends.drop_sender({i});")),
            Instr::DropReceiver(i) => self.line(&format!("ends.drop_receiver({i});")),
            Instr::Pointer(which, to) => {
                let call = format!("perform(To::{to:?}, &mut kept, &mut seen)");
                self.line(&format!("objects.pointers[{which}].{call};"));
            }
            Instr::Park => self.line("thread::park();"),
            Instr::ParkTimeout => self.line("thread::park_timeout(Duration::ZERO);"),
            Instr::Unpark(which) => self.line(&format!("objects.unpark({which});")),
            _ => self.has(instr),
        }
    }

    /// Does something while it has something.
    fn has(&mut self, instr: &Instr) {
        match instr {
            Instr::Read(lock, how, body) => self.of("rwlock", *lock, |source| {
                let call = format!("rwlock.read(How::{how:?}, &mut seen)");
                let open = format!("if let Some(_data) = {call} {{");
                source.within(&open, "}", |source| source.block(body));
            }),
            Instr::Write(lock, how, more, body) => self.of("rwlock", *lock, |source| {
                let call = format!("rwlock.write(How::{how:?}, &mut seen)");
                let open = format!("if let Some(mut data) = {call} {{");
                source.within(&open, "}", |source| source.change(*more, body));
            }),
            Instr::WriteThenRead(lock, more, body) => self.of("rwlock", *lock, |source| {
                source.line(&format!("let _data = rwlock.write_then_read({more}, &mut seen);"));
                source.block(body);
            }),
            Instr::Look(data, body) => self.unguarded(*data, |source| {
                source.within("data.look(&mut |number| {", "});", |source| {
                    source.sees("number");
                    source.block(body);
                });
            }),
            Instr::Touch(data, more, body) => self.unguarded(*data, |source| {
                source.within("data.touch(&mut |number| {", "});", |source| {
                    source.sees("number");
                    source.block(body);
                    source.line(&latest_and(*more));
                });
            }),
            Instr::CallOnce(once, body) => self.of("once", *once, |source| {
                source.within("once.call_once(|| {", "});", |source| {
                    source.sees("1");
                    source.block(body);
                });
            }),
            Instr::CallOnceForce(once, body) => self.of("once", *once, |source| {
                source.within("once.call_once_force(|state| {", "});", |source| {
                    source.sees("state.is_poisoned().into()");
                    source.block(body);
                });
            }),
            Instr::GetOrInit(once, more, body) => self.of("once_lock", *once, |source| {
                let open = "let number = once_lock.get_or_init(&mut || {";
                source.within(open, "});", |source| {
                    source.block(body);
                    source.line(&latest_and(*more));
                });
                source.sees("number");
            }),
            other => unreachable!("{other:?} is none of them"),
        }
    }

    /// A block in which an object of this number is at hand.
    fn of(&mut self, kind: &str, which: usize, body: impl FnOnce(&mut Self)) {
        self.within("{", "}", |source| {
            source.line(&format!("let {kind} = objects.{kind}s[{which}].clone();"));
            body(source);
        });
    }

    fn unguarded(&mut self, which: usize, body: impl FnOnce(&mut Self)) {
        self.within("{", "}", |source| {
            source.line(&format!("let data = objects.unguarded[{which}].clone();"));
            body(source);
        });
    }

    pub(super) fn entrusted(&mut self, ends: &[End]) {
        if !ends.is_empty() {
            self.line("let mut entrusted = Ends::default();");
        }
        for end in ends {
            self.line(&match end {
                End::Sender(i) => format!("entrusted.take_sender({i}, &mut ends);"),
                End::Receiver(i) => format!("entrusted.take_receiver({i}, &mut ends);"),
            });
        }
    }
}
