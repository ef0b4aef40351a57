//! Runs a random program over `tellers::sync`.

use super::instr::{Instr, MODULUS, OBJECTS};
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::Program;
use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};

/// What a thread observed.
pub type Told = Vec<i64>;

/// The program whose main thread does this.
pub fn program(main: &[Instr]) -> Program<Told> {
    let main = main.to_vec();
    Program::new(move || body(&main))
}

/// What the main thread does.
pub fn body(main: &[Instr]) -> Told {
    Thread::new(&Arc::new(Shared::new())).live(main)
}

/// The latest observation.
pub fn acc(seen: &[i64]) -> i64 {
    seen.last().copied().unwrap_or(0)
}

/// Joins the latest child.
pub fn join(children: &mut Vec<thread::JoinHandle<Told>>, seen: &mut Told) {
    match children.pop().map(thread::JoinHandle::join) {
        None => {}
        Some(Err(_)) => seen.push(-1),
        Some(Ok(told)) => {
            seen.push(told.len() as i64);
            seen.extend(told);
        }
    }
}

/// Asks whether the latest child has ended.
pub fn has_ended(children: &[thread::JoinHandle<Told>], seen: &mut Told) {
    seen.extend(children.last().map(|child| i64::from(child.is_finished())));
}

struct Shared {
    locks: [Lock; OBJECTS],
    cells: [Cell; OBJECTS],
    event: Event,
}

impl Shared {
    fn new() -> Self {
        Self {
            locks: std::array::from_fn(|i| Lock::named(format!("lock{i}"))),
            cells: std::array::from_fn(|i| Cell::named(format!("cell{i}"), 0)),
            event: Event::named("event"),
        }
    }
}

struct Thread {
    shared: Arc<Shared>,
    seen: Told,
    children: Vec<thread::JoinHandle<Told>>,
    /// Where it is in its instructions, rounds of bounded loops included.
    at: Vec<usize>,
}

impl Thread {
    fn new(shared: &Arc<Shared>) -> Self {
        Self { shared: Arc::clone(shared), seen: vec![], children: vec![], at: vec![] }
    }

    fn live(mut self, instrs: &[Instr]) -> Told {
        self.block(0, instrs);
        self.seen
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
        let shared = Arc::clone(&self.shared);
        let (locks, cells, event) = (&shared.locks, &shared.cells, &shared.event);
        let seen = &mut self.seen;
        match *instr {
            Instr::Acquire(lock) => locks[lock].acquire(),
            Instr::AcquireTimeout(lock) => {
                seen.push(locks[lock].acquire_timeout(Duration::ZERO).into());
            }
            Instr::Release(lock) => seen.push(locks[lock].release().is_err().into()),
            Instr::Locked(lock) => seen.push(locks[lock].locked().into()),
            Instr::Guarded(lock, ref body) => {
                let _held = locks[lock].guard();
                self.block(0, body);
            }
            Instr::Load(cell) => seen.push(cells[cell].load()),
            Instr::Store(cell, more) => cells[cell].store((acc(seen) + more).rem_euclid(MODULUS)),
            Instr::Set => event.set(),
            Instr::Clear => event.clear(),
            Instr::IsSet => seen.push(event.is_set().into()),
            Instr::Wait => event.wait(),
            Instr::Yield => thread::yield_now(),
            Instr::Spawn(ref instrs) => {
                let (child, instrs) = (Self::new(&shared), instrs.clone());
                self.children.push(thread::spawn(move || child.live(&instrs)));
            }
            Instr::Join => join(&mut self.children, seen),
            Instr::IsFinished => has_ended(&self.children, seen),
            Instr::Checkpoint => checkpoint((&self.at, seen)),
            Instr::AssumeNot(value) => assume(acc(seen) != value),
            Instr::PanicIf(value) => assert!(acc(seen) != value, "told to panic"),
            Instr::If(ref yes, ref no) => match acc(seen) {
                0 => self.block(0, no),
                _ => self.block(1, yes),
            },
            Instr::Retry(times, ref body) => self.retry(times, body),
        }
    }

    fn retry(&mut self, times: Option<usize>, body: &[Instr]) {
        let start = self.seen.len();
        let mut rounds = 0;
        while times != Some(rounds) {
            self.seen.truncate(start);
            checkpoint((&self.at, times.map(|_| rounds), &self.seen));
            self.block(times.map_or(0, |_| rounds), body);
            if acc(&self.seen) != 0 {
                break;
            }
            rounds += 1;
        }
    }
}
