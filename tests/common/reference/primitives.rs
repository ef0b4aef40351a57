//! What threads share of std's primitives, but for mutexes and atomics, and what one step makes of it.

use super::super::instr::{How, Instr, MODULUS, To};
use super::super::outcome::Wait;
use super::barrier::Barrier;
use super::channel::{Channel, Sent};
use super::later::Later;
use super::once::{Once, POISONED, call};
use super::pointers::{self, Node};
use super::rwlock::RwLock;
use super::state::Name;
use super::thread::{Thread, Todo, block};
use super::unguarded::{Unguarded, access};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Primitives {
    rwlocks: BTreeMap<Name, RwLock>,
    barriers: BTreeMap<Name, Barrier>,
    onces: BTreeMap<Name, Once>,
    once_locks: BTreeMap<Name, Once>,
    channels: BTreeMap<Name, Channel>,
    unguarded: BTreeMap<Name, Unguarded>,
    pointers: BTreeMap<Name, Option<Node>>,
    freed: BTreeSet<Node>,
    /// The threads that were unparked.
    unparked: BTreeSet<Name>,
}

impl Primitives {
    /// There is one more of each kind, which a thread knows by this number.
    pub(super) fn make(&mut self, name: &Name, which: usize, kind: usize, data: i64) {
        self.rwlocks.insert(name.clone(), RwLock::new(kind, data));
        self.unguarded.insert(name.clone(), Unguarded::new(kind, data));
        self.pointers.insert(name.clone(), None);
        self.barriers.insert(name.clone(), Barrier::new(which + 1));
        self.onces.insert(name.clone(), Once::new());
        self.once_locks.insert(name.clone(), Once::new());
    }

    pub(super) fn make_channel(&mut self, name: Name, room: Option<usize>) {
        self.channels.insert(name, Channel::new(room));
    }

    pub(super) fn is_awaited(&self, lock: &Name) -> bool {
        self.rwlocks[lock].is_awaited()
    }

    pub(super) fn is_unparked(&self, thread: &Name) -> bool {
        self.unparked.contains(thread)
    }

    pub(super) fn unpark(&mut self, thread: &Name) {
        self.unparked.insert(thread.clone());
    }

    /// Somebody leaves this in a lock that it writes.
    pub(super) fn leave(&mut self, lock: &Name, data: i64) {
        of(&mut self.rwlocks, lock).leave(data);
    }

    /// Where a pointer leads.
    pub(super) fn pointer(&self, name: &Name) -> &Option<Node> {
        &self.pointers[name]
    }

    /// Whether somebody who reads or writes data that nothing guards races.
    pub(super) fn races(&self, data: &Name, writes: bool) -> bool {
        self.unguarded[data].races(writes)
    }

    /// Somebody leaves this in data that nothing guards.
    pub(super) fn leave_unguarded(&mut self, data: &Name, left: i64) {
        of(&mut self.unguarded, data).leave(left);
    }

    /// What comes of a thread's next step, which is no longer among what it has yet to do; nothing if it waits.
    pub(super) fn step(&mut self, thread: &mut Thread, todo: Todo) -> Option<()> {
        match todo {
            Todo::Later(later) => self.go_on(thread, later),
            Todo::Do(instr) => self.begin(thread, instr),
            _ => unreachable!("it is silent"),
        }
    }

    fn begin(&mut self, thread: &mut Thread, instr: Instr) -> Option<()> {
        let places = thread.objects.places.clone();
        match instr {
            Instr::Read(which, How::Waits, _) if self.rwlocks[&places[which]].is_awaited() => {
                return None;
            }
            Instr::Read(which, how, body) => self.read(thread, &places[which], how, &body)?,
            Instr::Write(which, How::Waits, ..) | Instr::WriteThenRead(which, ..) => {
                let lock = of(&mut self.rwlocks, &places[which]);
                match lock.write() {
                    true => self.written(thread, &places[which], instr),
                    false => {
                        lock.wait(&thread.name);
                        thread.later(Later::TakeWrite(places[which].clone(), instr));
                    }
                }
            }
            Instr::Write(which, ..) => match of(&mut self.rwlocks, &places[which]).write() {
                true => self.written(thread, &places[which], instr),
                false => thread.seen.push(-1),
            },
            Instr::Meet(which) => {
                of(&mut self.barriers, &places[which]).arrive(&thread.name);
                thread.later(Later::GoOn(places[which].clone()));
            }
            Instr::CallOnce(which, body) => {
                let once = of(&mut self.onces, &places[which]);
                call(once, thread, false, Later::Done(places[which].clone()), 1, &body)?;
            }
            Instr::CallOnceForce(which, body) => {
                let once = of(&mut self.onces, &places[which]);
                let told = once.is_poisoned().into();
                call(once, thread, true, Later::Done(places[which].clone()), told, &body)?;
            }
            Instr::WaitOnce(which) => match &self.onces[&places[which]] {
                once if once.is_poisoned() => thread.panic(POISONED),
                once if once.is_done() => {}
                _ => return None,
            },
            Instr::IsCompleted(which) => {
                thread.seen.push(self.onces[&places[which]].is_done().into());
            }
            Instr::GetOrInit(which, more, body) => {
                let once = of(&mut self.once_locks, &places[which]);
                match once {
                    Once::Running => return None,
                    Once::Done(written) => thread.seen.push(*written),
                    Once::Open { .. } => {
                        *once = Once::Running;
                        thread.later(Later::Written(places[which].clone(), more));
                        thread.todo.extend(block(&body));
                    }
                }
            }
            Instr::SetOnce(which, more) => {
                let once = of(&mut self.once_locks, &places[which]);
                if *once == Once::Running {
                    return None;
                }
                let is_first = !once.is_done();
                if is_first {
                    *once = Once::Done(number(thread, more));
                }
                thread.seen.push(is_first.into());
            }
            Instr::GetOnce(which) => thread.seen.push(self.once_locks[&places[which]].written()),
            Instr::CloneSender(i) => {
                let channel = last(&thread.ends.senders[i]);
                of(&mut self.channels, &channel).senders += 1;
                thread.ends.senders[i].push(channel);
            }
            Instr::Send(i, more) => {
                let (name, number) = (last(&thread.ends.senders[i]), number(thread, more));
                let channel = of(&mut self.channels, &name);
                let sent = match channel.is_rendezvous() {
                    true => channel.offer(&thread.name, number),
                    false => channel.send(number),
                };
                match sent {
                    Sent::NoRoom => return None,
                    Sent::ToNobody => thread.seen.push(1),
                    Sent::Yes if channel.is_rendezvous() => thread.later(Later::HandOver(name)),
                    Sent::Yes => thread.seen.push(0),
                }
            }
            Instr::TrySend(i, more) => {
                let (name, number) = (last(&thread.ends.senders[i]), number(thread, more));
                thread.seen.push(match of(&mut self.channels, &name).send(number) {
                    Sent::Yes => 0,
                    Sent::ToNobody => 1,
                    Sent::NoRoom => 2,
                });
            }
            Instr::Receive(i, how) => {
                let name = last(&thread.ends.receivers[i]);
                let channel = of(&mut self.channels, &name);
                match channel.is_rendezvous() && how != How::Tries {
                    true => {
                        channel.wait();
                        thread.later(Later::Receive(name, how));
                    }
                    false => thread.seen.push(channel.receive(how)?),
                }
            }
            Instr::DropSender(i) => {
                let channel = thread.ends.senders[i].pop().expect("it is silent without one");
                of(&mut self.channels, &channel).senders -= 1;
            }
            Instr::DropReceiver(i) => {
                let channel = thread.ends.receivers[i].pop().expect("it is silent without one");
                of(&mut self.channels, &channel).drop_receiver();
            }
            Instr::Look(which, body) => {
                access(&mut self.unguarded, thread, (&places[which], None), &body)
            }
            Instr::Touch(which, more, body) => {
                access(&mut self.unguarded, thread, (&places[which], Some(more)), &body);
            }
            Instr::Pointer(which, To::Free) => pointers::free(&mut self.freed, thread, which),
            Instr::Pointer(which, to) => {
                pointers::perform(of(&mut self.pointers, &places[which]), thread, to);
            }
            Instr::Park if !self.unparked.remove(&thread.name) => return None,
            Instr::Park => {}
            Instr::ParkTimeout => {
                self.unparked.remove(&thread.name);
            }
            Instr::Unpark(which) => {
                let known = &thread.objects.known;
                let unparked = known.get(which % (known.len() + 1)).unwrap_or(&thread.name);
                self.unparked.insert(unparked.clone());
            }
            _ => unreachable!("it is silent"),
        }
        Some(())
    }

    fn go_on(&mut self, thread: &mut Thread, later: Later) -> Option<()> {
        match later {
            Later::TakeWrite(name, instr) => {
                let lock = of(&mut self.rwlocks, &name);
                if !lock.write() {
                    return None;
                }
                lock.wait_no_more(&thread.name);
                self.written(thread, &name, instr);
            }
            Later::EndRead(lock) => of(&mut self.rwlocks, &lock).end_read(),
            Later::EndWrite(lock, since_before) => {
                let for_a_panic = thread.panic.is_some() && !since_before;
                of(&mut self.rwlocks, &lock).end_write(for_a_panic);
            }
            Later::Downgrade(lock) => of(&mut self.rwlocks, &lock).downgrade(),
            Later::GoOn(barrier) => {
                let leads = of(&mut self.barriers, &barrier).leave(&thread.name)?;
                thread.seen.push(leads.into());
            }
            Later::Done(once) => *of(&mut self.onces, &once) = Once::Done(0),
            Later::Poison(once) => {
                *of(&mut self.onces, &once) = Once::Open { is_poisoned: true };
            }
            Later::Written(once, more) => {
                let written = (thread.acc() + more).rem_euclid(MODULUS);
                *of(&mut self.once_locks, &once) = Once::Done(written);
                thread.seen.push(written);
            }
            Later::GiveUp(once) => *of(&mut self.once_locks, &once) = Once::new(),
            Later::HandOver(name) => {
                match of(&mut self.channels, &name).handed_over(&thread.name) {
                    Sent::NoRoom => return None,
                    sent => thread.seen.push((sent == Sent::ToNobody).into()),
                }
            }
            Later::Receive(name, how) => {
                thread.seen.push(of(&mut self.channels, &name).receive(how)?);
            }
            Later::DropEnds => {
                thread.later(Later::DropEnds);
                match thread.ends.take_sender() {
                    Some(sender) => of(&mut self.channels, &sender).senders -= 1,
                    None => of(&mut self.channels, &thread.ends.take_receiver()?).drop_receiver(),
                }
            }
            Later::EndAccess(name, writes) => of(&mut self.unguarded, &name).end(writes),
            Later::Leave(..) | Later::LeaveUnguarded(..) => unreachable!("it is silent"),
        }
        Some(())
    }

    /// A thread reads, past whoever waits to write; nothing if it waits.
    pub(super) fn read(
        &mut self,
        thread: &mut Thread,
        name: &Name,
        how: How,
        body: &[Instr],
    ) -> Option<()> {
        let lock = of(&mut self.rwlocks, name);
        if !lock.read() {
            return held(thread, how);
        }
        thread.seen.push(lock.observed());
        thread.later(Later::EndRead(name.clone()));
        thread.todo.extend(block(body));
        Some(())
    }

    /// A thread that has come to write does so.
    fn written(&mut self, thread: &mut Thread, name: &Name, instr: Instr) {
        let lock = of(&mut self.rwlocks, name);
        thread.seen.push(lock.observed());
        lock.open();
        match instr {
            Instr::Write(_, _, more, body) => {
                thread.later(Later::EndWrite(name.clone(), thread.panic.is_some()));
                thread.later(Later::Leave(name.clone(), more));
                thread.todo.extend(block(&body));
            }
            Instr::WriteThenRead(_, more, body) => {
                let left = number(thread, more);
                self.leave(name, left);
                thread.later(Later::EndRead(name.clone()));
                thread.todo.extend(block(&body));
                thread.later(Later::Downgrade(name.clone()));
            }
            _ => unreachable!("it writes"),
        }
    }
}

fn number(thread: &Thread, more: i64) -> i64 {
    (thread.acc() + more).rem_euclid(MODULUS)
}

/// A thread does not come to what it wants: it waits, or observes −1.
fn held(thread: &mut Thread, how: How) -> Option<()> {
    if how == How::Waits {
        return None;
    }
    thread.seen.push(-1);
    Some(())
}

/// What a thread waits for that has this yet to do.
pub(super) fn awaited(todo: &Todo) -> Wait {
    match todo {
        Todo::Do(Instr::Read(..)) => Wait::Reading,
        Todo::Later(Later::TakeWrite(..)) => Wait::Writing,
        Todo::Later(Later::GoOn(_)) => Wait::Others,
        Todo::Do(Instr::Send(..)) => Wait::Room,
        Todo::Later(Later::HandOver(_)) => Wait::Receiver,
        Todo::Do(Instr::Receive(..)) | Todo::Later(Later::Receive(..)) => Wait::Sender,
        Todo::Do(Instr::Park) => Wait::Unparked,
        _ => Wait::Once,
    }
}

fn of<'a, T>(all: &'a mut BTreeMap<Name, T>, name: &Name) -> &'a mut T {
    all.get_mut(name).expect("somebody has made it")
}

fn last(ends: &[Name]) -> Name {
    ends.last().expect("it is silent without one").clone()
}
