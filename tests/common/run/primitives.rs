//! What a thread does with std's primitives, but for mutexes and atomics.

use super::super::channel::Ends;
use super::super::instr::{End, Instr, MODULUS};
use super::{Thread, acc};
use crate::common::mutex::SHORT;
use tellers::sync::thread;

impl Thread {
    pub(super) fn primitive(&mut self, instr: &Instr) {
        let (objects, seen) = (&self.objects, &mut self.seen);
        let latest_and = |seen: &[i64], more: i64| (acc(seen) + more).rem_euclid(MODULUS);
        match *instr {
            Instr::Meet(barrier) => seen.push(objects.barriers[barrier].wait().is_leader().into()),
            Instr::WaitOnce(once) => objects.onces[once].wait(),
            Instr::IsCompleted(once) => seen.push(objects.onces[once].is_completed().into()),
            Instr::SetOnce(once, more) => {
                objects.once_locks[once].set(latest_and(seen, more), seen);
            }
            Instr::GetOnce(once) => objects.once_locks[once].get(seen),
            Instr::Channel(i, room) => self.ends.make(i, objects.kinds, room),
            Instr::CloneSender(i) => self.ends.clone_sender(i),
            Instr::Send(i, more) => self.ends.send(i, latest_and(seen, more), seen),
            Instr::TrySend(i, more) => self.ends.try_send(i, latest_and(seen, more), seen),
            Instr::Receive(i, how) => self.ends.receive(i, how, seen),
            Instr::DropSender(i) => self.ends.drop_sender(i),
            Instr::DropReceiver(i) => self.ends.drop_receiver(i),
            Instr::Pointer(which, to) => {
                objects.pointers[which].perform(to, &mut self.kept, seen);
            }
            Instr::Park => thread::park(),
            Instr::ParkTimeout => thread::park_timeout(SHORT),
            Instr::Unpark(which) => objects.unpark(which),
            _ => self.within(instr),
        }
    }

    /// Does something while it has something.
    fn within(&mut self, instr: &Instr) {
        match instr {
            Instr::Read(lock, how, body) => {
                let lock = self.objects.rwlocks[*lock].clone();
                if let Some(_data) = lock.read(*how, &mut self.seen) {
                    self.block(0, body);
                }
            }
            Instr::Write(lock, how, more, body) => {
                let lock = self.objects.rwlocks[*lock].clone();
                if let Some(data) = lock.write(*how, &mut self.seen) {
                    self.change(data, *more, body);
                }
            }
            Instr::WriteThenRead(lock, more, body) => {
                let lock = self.objects.rwlocks[*lock].clone();
                let _data = lock.write_then_read(*more, &mut self.seen);
                self.block(0, body);
            }
            Instr::Look(data, body) => {
                let data = self.objects.unguarded[*data].clone();
                data.look(&mut |number| {
                    self.seen.push(number);
                    self.block(0, body);
                });
            }
            Instr::Touch(data, more, body) => {
                let data = self.objects.unguarded[*data].clone();
                data.touch(&mut |number| {
                    self.seen.push(number);
                    self.block(0, body);
                    (acc(&self.seen) + more).rem_euclid(MODULUS)
                });
            }
            Instr::CallOnce(once, body) => {
                let once = self.objects.onces[*once].clone();
                once.call_once(|| {
                    self.seen.push(1);
                    self.block(0, body);
                });
            }
            Instr::CallOnceForce(once, body) => {
                let once = self.objects.onces[*once].clone();
                once.call_once_force(|state| {
                    self.seen.push(state.is_poisoned().into());
                    self.block(0, body);
                });
            }
            Instr::GetOrInit(once, more, body) => {
                let once = self.objects.once_locks[*once].clone();
                let number = once.get_or_init(&mut || {
                    self.block(0, body);
                    (acc(&self.seen) + more).rem_euclid(MODULUS)
                });
                self.seen.push(number);
            }
            _ => self.compound(instr),
        }
    }

    /// These ends, which are another thread's from here on.
    pub(super) fn entrusted(&mut self, ends: &[End]) -> Ends {
        let mut entrusted = Ends::default();
        for end in ends {
            match *end {
                End::Sender(i) => entrusted.take_sender(i, &mut self.ends),
                End::Receiver(i) => entrusted.take_receiver(i, &mut self.ends),
            }
        }
        entrusted
    }
}
