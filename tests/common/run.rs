//! Runs a random program over `tellers::sync`.

mod primitives;

use super::channel::Ends;
use super::child::{Child, Left, OnDrop, caught, detach, has_ended, join, on_drop};
use super::instr::{Instr, MODULUS, PAYLOAD};
use super::ledger::kinds;
use super::mutex::Held;
use super::objects::{Objects, Outside};
use super::pointers::Kept;
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};
use std::time::Duration;
use tellers::engine::Program;
use tellers::sync::{assume, checkpoint, choose, thread};

/// What a thread observed.
pub type Told = Vec<i64>;

/// The program whose main thread does this.
pub fn program(main: &[Instr]) -> Program<Told> {
    let main = main.to_vec();
    let outside = Outside::of(kinds(&main));
    Program::new(move || body_with(&main, outside.as_ref()))
}

/// What the main thread does.
pub fn body(main: &[Instr]) -> Told {
    body_with(main, None)
}

fn body_with(main: &[Instr], outside: Option<&Outside>) -> Told {
    let objects = Objects::new(kinds(main)).with(outside);
    let _spare = main.iter().any(Instr::makes).then(Objects::spare);
    Thread::new(objects).live(main)
}

/// The latest observation.
pub fn acc(seen: &[i64]) -> i64 {
    seen.last().copied().unwrap_or(0)
}

struct Thread {
    objects: Objects,
    seen: Told,
    children: Vec<Child>,
    ends: Ends,
    kept: Kept,
    /// Where it is in its instructions, rounds of bounded loops included.
    at: Vec<usize>,
}

impl Thread {
    fn new(objects: Objects) -> Self {
        let (ends, kept) = (Ends::default(), Kept::default());
        Self { objects, seen: vec![], children: vec![], ends, kept, at: vec![] }
    }

    fn live(mut self, instrs: &[Instr]) -> Told {
        self.block(0, instrs);
        self.seen
    }

    fn live_and_leave(mut self, instrs: &[Instr], dropped: &[Instr]) -> Left {
        self.block(0, instrs);
        let owned = self.dropping(dropped);
        (self.seen, Some(owned))
    }

    fn block(&mut self, which: usize, instrs: &[Instr]) {
        self.at.push(which);
        for (i, instr) in instrs.iter().enumerate() {
            self.at.push(i);
            self.step(instr);
            self.at.pop();
        }
        self.at.pop();
    }

    fn step(&mut self, instr: &Instr) {
        let (objects, seen) = (&mut self.objects, &mut self.seen);
        let (locks, cells, event) = (&objects.locks, &objects.cells, &objects.event);
        match *instr {
            Instr::Acquire(lock) => locks[lock].acquire(),
            Instr::AcquireTimeout(lock) => {
                seen.push(locks[lock].acquire_timeout(Duration::ZERO).into());
            }
            Instr::Release(lock) => seen.push(locks[lock].release().is_err().into()),
            Instr::Locked(lock) => seen.push(locks[lock].locked().into()),
            Instr::IsPoisoned(mutex) => seen.push(objects.mutexes[mutex].is_poisoned().into()),
            Instr::ClearPoison(mutex) => objects.mutexes[mutex].clear_poison(),
            Instr::Await(mutex, more) => {
                let mut data =
                    objects.mutexes[mutex].wait_at_most_twice(&objects.condvars[mutex], seen);
                data.leave((acc(seen) + more).rem_euclid(MODULUS));
            }
            Instr::AwaitTimeout(mutex, more) => {
                let mut data = objects.mutexes[mutex].wait_in_time(&objects.condvars[mutex], seen);
                data.leave((acc(seen) + more).rem_euclid(MODULUS));
            }
            Instr::NotifyOne(condvar) => objects.condvars[condvar].notify_one(),
            Instr::NotifyAll(condvar) => objects.condvars[condvar].notify_all(),
            Instr::Atomic(atomic, deed) => objects.atomics[atomic].perform(deed, seen),
            Instr::IsPanicking => seen.push(thread::panicking().into()),
            Instr::Load(cell) => seen.push(cells[cell].load()),
            Instr::Store(cell, more) => cells[cell].store((acc(seen) + more).rem_euclid(MODULUS)),
            Instr::Set => event.set(),
            Instr::Clear => event.clear(),
            Instr::IsSet => seen.push(event.is_set().into()),
            Instr::Wait => event.wait(),
            Instr::Take(permits) => objects.permits.acquire(permits),
            Instr::TryTake(permits) => seen.push(objects.permits.try_acquire(permits).into()),
            Instr::TakeTimeout(permits) => {
                seen.push(objects.permits.acquire_timeout(permits, Duration::ZERO).into());
            }
            Instr::Give(permits) => objects.permits.release(permits),
            Instr::Yield => thread::yield_now(),
            Instr::Choose(of) => seen.push(choose(of) as i64),
            Instr::Make(which) => objects.make(which),
            Instr::MakeEvent => objects.make_event(),
            Instr::Peek => seen.push(objects.peek()),
            Instr::Poke(more) => objects.poke((acc(seen) + more).rem_euclid(MODULUS)),
            Instr::Join => join(&mut self.children, seen),
            Instr::IsFinished => has_ended(&self.children, seen),
            Instr::Checkpoint => {
                self.kept = Kept::default();
                checkpoint((&self.at, &objects.made, self.ends.key(), seen));
            }
            Instr::AssumeNot(value) => assume(acc(seen) != value),
            Instr::PanicIf(value) => assert!(acc(seen) != value, "told to panic"),
            Instr::Throw if acc(seen) != 0 => panic_any(acc(seen) + PAYLOAD),
            Instr::Throw => {}
            _ => self.primitive(instr),
        }
    }

    fn compound(&mut self, instr: &Instr) {
        match instr {
            Instr::Spawn(body) => {
                let child = self.spawn(vec![], Ends::default(), body, &[]);
                self.children.push(Child::new(child));
            }
            Instr::Entrust(ends, body) => {
                let ends = self.entrusted(ends);
                let child = self.spawn(vec![], ends, body, &[]);
                self.children.push(Child::new(child));
            }
            Instr::Hand(body) => {
                let handed = self.children.pop().into_iter().collect();
                let child = self.spawn(handed, Ends::default(), body, &[]);
                self.children.push(Child::new(child));
            }
            Instr::Owner(dropped, body) => {
                let child = self.spawn(vec![], Ends::default(), body, dropped);
                self.children.push(Child::owner(child));
            }
            Instr::Detached(dropped, body) => {
                detach(self.spawn(vec![], Ends::default(), body, dropped));
            }
            Instr::Guarded(lock, body) => {
                let lock = self.objects.locks[*lock].clone();
                let _held = lock.guard();
                self.block(0, body);
            }
            Instr::With(mutex, more, body) => {
                let mutex = self.objects.mutexes[*mutex].clone();
                let data = mutex.lock(&mut self.seen);
                self.change(data, *more, body);
            }
            Instr::TryWith(mutex, more, body) => {
                let mutex = self.objects.mutexes[*mutex].clone();
                if let Some(data) = mutex.try_lock(&mut self.seen) {
                    self.change(data, *more, body);
                }
            }
            Instr::Keeping(dropped, body) => {
                let _kept = self.dropping(dropped);
                self.block(0, body);
            }
            Instr::Catch(body) => {
                let depth = self.at.len();
                let result = catch_unwind(AssertUnwindSafe(|| self.block(0, body)));
                self.at.truncate(depth);
                self.seen.push(caught(result));
            }
            Instr::If(yes, no) => match acc(&self.seen) {
                0 => self.block(0, no),
                _ => self.block(1, yes),
            },
            Instr::Retry(times, body) => self.retry(*times, body),
            simple => unreachable!("{simple:?} is one step"),
        }
    }

    fn change(&mut self, mut data: Box<dyn Held + '_>, more: i64, body: &[Instr]) {
        self.block(0, body);
        data.leave((acc(&self.seen) + more).rem_euclid(MODULUS));
    }

    fn spawn(
        &mut self,
        handed: Vec<Child>,
        ends: Ends,
        body: &[Instr],
        dropped: &[Instr],
    ) -> thread::JoinHandle<Left> {
        let mut child = Self::new(self.objects.inherited());
        (child.children, child.ends) = (handed, ends);
        let (body, dropped) = (body.to_vec(), dropped.to_vec());
        self.objects.met(thread::spawn(move || match &dropped[..] {
            [] => (child.live(&body), None),
            dropped => child.live_and_leave(&body, dropped),
        }))
    }

    /// A value whose destructor does this.
    fn dropping(&self, dropped: &[Instr]) -> OnDrop {
        let (objects, dropped) = (self.objects.clone(), dropped.to_vec());
        on_drop(move || drop(Self::new(objects).live(&dropped)))
    }

    fn retry(&mut self, times: Option<usize>, body: &[Instr]) {
        let start = self.seen.len();
        let mut rounds = 0;
        while times != Some(rounds) {
            self.seen.truncate(start);
            self.kept = Kept::default();
            let round = times.map(|_| rounds);
            checkpoint((&self.at, round, &self.objects.made, self.ends.key(), &self.seen));
            self.block(times.map_or(0, |_| rounds), body);
            if acc(&self.seen) != 0 {
                break;
            }
            rounds += 1;
        }
    }
}
