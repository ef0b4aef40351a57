//! What a random program can do, by trying everything: the reference.
//!
//! Written for obviousness, and independent of the crate. A thread is a list of what it has yet to
//! do; a step does the first of it. What no other thread can notice is done at once.

use super::instr::{Instr, MODULUS, OBJECTS};
use super::outcome::{Main, Outcome, Wait};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Everything that a program can do.
#[derive(Debug)]
pub struct Reference {
    /// In how many interleavings it ends how; in 0, if there is no end to them or if they are not
    /// counted.
    pub outcomes: BTreeMap<Outcome, u128>,
    /// How many interleavings the program leaves out.
    pub left_out: u128,
    /// Whether the interleavings are counted: not if some thread may ask whether another one has ended.
    /// Where none does, nobody can tell when a thread ends, and it does so with its last operation.
    pub counted: bool,
    /// Whether some interleavings go on for ever.
    pub endless: bool,
    /// Whether the program can get where it goes on for ever whatever the schedule.
    pub hopeless: bool,
}

impl Reference {
    /// Every outcome.
    pub fn all(&self) -> BTreeSet<Outcome> {
        self.outcomes.keys().cloned().collect()
    }
}

/// A thread is named after its parent, and counted among its siblings.
type Name = Vec<usize>;

#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    threads: BTreeMap<Name, Thread>,
    cells: [i64; OBJECTS],
    locked: [bool; OBJECTS],
    raised: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Thread {
    /// What it has yet to do; the last comes first.
    todo: Vec<Todo>,
    seen: Vec<i64>,
    spawned: usize,
    /// The children that it has not joined yet.
    children: Vec<Name>,
    panic: Option<&'static str>,
    /// It has left the run out.
    cut: bool,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Todo {
    Do(Instr),
    /// Drop a guard of this lock.
    Drop(usize),
    /// Go round a loop so many times more, forgetting what was observed after the first so many.
    Round(Option<usize>, usize, Vec<Instr>),
    /// The end of a round.
    Until(Option<usize>, usize, Vec<Instr>),
    /// Come to an end.
    End,
}

/// Tries everything, unless there are more states than this. If it can matter, a thread that has done
/// all that it had to do ends in a step of its own, at any time after that.
pub fn reference(main: &[Instr], most: usize) -> Option<Reference> {
    let late = main.iter().any(Instr::asks_for_ends);
    let mut states = vec![State::new(main, late)];
    let mut known = HashMap::from([(states[0].clone(), 0)]);
    let mut next = Vec::new();
    while next.len() < states.len() {
        let mut targets = Vec::new();
        for state in states[next.len()].successors(late) {
            let target = *known.entry(state).or_insert_with_key(|state| {
                states.push(state.clone());
                states.len() - 1
            });
            targets.push(target);
        }
        next.push(targets);
        if states.len() > most {
            return None;
        }
    }
    Some(conclude(&states, &next, !late))
}

fn conclude(states: &[State], next: &[Vec<usize>], counted: bool) -> Reference {
    let names: BTreeSet<&Name> = states.iter().flat_map(|state| state.threads.keys()).collect();
    let number = |name: &Name| names.iter().position(|&other| other == name).expect("it was met");
    let paths = paths(next);
    let (endless, hopeless) = (paths.is_none(), hopeless(next));
    let paths = paths.filter(|_| counted);
    let count = |state: usize| paths.as_ref().map_or(0, |paths| paths[state]);
    let (mut outcomes, mut left_out) = (BTreeMap::new(), 0);
    for ended in (0..states.len()).filter(|&state| next[state].is_empty()) {
        match states[ended].threads.values().any(|thread| thread.cut) {
            true => left_out += count(ended),
            false => *outcomes.entry(states[ended].outcome(number)).or_insert(0) += count(ended),
        }
    }
    Reference { outcomes, left_out, counted, endless, hopeless }
}

/// In how many ways each state can be reached; nothing if some can be reached again.
fn paths(next: &[Vec<usize>]) -> Option<Vec<u128>> {
    let mut entries = vec![0; next.len()];
    next.iter().flatten().for_each(|&target| entries[target] += 1);
    let mut paths = vec![0_u128; next.len()];
    paths[0] = 1;
    let mut ready = if entries[0] == 0 { vec![0] } else { vec![] };
    let mut done = 0;
    while let Some(state) = ready.pop() {
        done += 1;
        for &target in &next[state] {
            paths[target] = paths[target].saturating_add(paths[state]);
            entries[target] -= 1;
            if entries[target] == 0 {
                ready.push(target);
            }
        }
    }
    (done == next.len()).then_some(paths)
}

/// Whether some state leads to no end.
fn hopeless(next: &[Vec<usize>]) -> bool {
    let mut ends: Vec<bool> = next.iter().map(Vec::is_empty).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for state in (0..next.len()).rev() {
            if !ends[state] && next[state].iter().any(|&target| ends[target]) {
                ends[state] = true;
                changed = true;
            }
        }
    }
    ends.contains(&false)
}

impl State {
    fn new(main: &[Instr], late: bool) -> Self {
        let (threads, cells, locked) = (BTreeMap::new(), [0; OBJECTS], [false; OBJECTS]);
        let mut state = Self { threads, cells, locked, raised: false };
        state.start(vec![0], main, late);
        state
    }

    fn start(&mut self, name: Name, instrs: &[Instr], late: bool) {
        let mut todo = if late { vec![Todo::End] } else { vec![] };
        todo.extend(block(instrs));
        let (seen, children) = (vec![], vec![]);
        let mut thread = Thread { todo, seen, spawned: 0, children, panic: None, cut: false };
        thread.settle();
        self.threads.insert(name, thread);
    }

    fn successors(&self, late: bool) -> Vec<Self> {
        match self.threads.values().any(|thread| thread.cut) {
            true => Vec::new(),
            false => self.threads.keys().filter_map(|name| self.step(name, late)).collect(),
        }
    }

    fn has_ended(&self, name: &Name) -> bool {
        self.threads[name].todo.is_empty()
    }

    /// What comes of a thread's next step; nothing if it waits, or has ended.
    fn step(&self, name: &Name, late: bool) -> Option<Self> {
        let mut after = self.clone();
        let mut thread = after.threads[name].clone();
        match thread.todo.pop()? {
            Todo::End => {}
            Todo::Drop(lock) if std::mem::take(&mut after.locked[lock]) => {}
            Todo::Drop(_) => thread.panic("release unlocked lock"),
            Todo::Do(Instr::Acquire(lock)) if self.locked[lock] => return None,
            Todo::Do(Instr::Acquire(lock)) => after.locked[lock] = true,
            Todo::Do(Instr::AcquireTimeout(lock)) => {
                thread.seen.push((!self.locked[lock]).into());
                after.locked[lock] = true;
            }
            Todo::Do(Instr::Release(lock)) => {
                thread.seen.push((!self.locked[lock]).into());
                after.locked[lock] = false;
            }
            Todo::Do(Instr::Locked(lock)) => thread.seen.push(self.locked[lock].into()),
            Todo::Do(Instr::Load(cell)) => thread.seen.push(self.cells[cell]),
            Todo::Do(Instr::Store(cell, more)) => {
                after.cells[cell] = (thread.acc() + more).rem_euclid(MODULUS);
            }
            Todo::Do(Instr::Set) => after.raised = true,
            Todo::Do(Instr::Clear) => after.raised = false,
            Todo::Do(Instr::IsSet) => thread.seen.push(self.raised.into()),
            Todo::Do(Instr::Wait) if !self.raised => return None,
            Todo::Do(Instr::Wait | Instr::Yield) => {}
            Todo::Do(Instr::Spawn(instrs)) => {
                let child = [&name[..], &[thread.spawned]].concat();
                thread.spawned += 1;
                thread.children.push(child.clone());
                after.start(child, &instrs, late);
            }
            Todo::Do(Instr::Join) => {
                let child = thread.children.pop().expect("a join without a child is silent");
                if !self.has_ended(&child) {
                    return None;
                }
                let child = &self.threads[&child];
                match child.panic {
                    Some(_) => thread.seen.push(-1),
                    None => {
                        thread.seen.push(child.seen.len() as i64);
                        thread.seen.extend(&child.seen);
                    }
                }
            }
            Todo::Do(Instr::IsFinished) => {
                let child = thread.children.last().expect("a question without a child is silent");
                thread.seen.push(self.has_ended(child).into());
            }
            Todo::Do(_) | Todo::Round(..) | Todo::Until(..) => unreachable!("it is silent"),
        }
        thread.settle();
        after.threads.insert(name.clone(), thread);
        Some(after)
    }

    fn outcome(&self, number: impl Fn(&Name) -> usize) -> Outcome {
        let wait = |(name, thread): (&Name, &Thread)| {
            let wait = match thread.todo.last()? {
                Todo::Do(Instr::Acquire(lock)) => Wait::Lock(*lock),
                Todo::Do(Instr::Join) => Wait::Thread(number(thread.children.last()?)),
                _ => Wait::Event,
            };
            Some((number(name), wait))
        };
        let main = &self.threads[&vec![0]];
        let main = match self.threads.values().all(|thread| thread.todo.is_empty()) {
            false => Main::Stuck(self.threads.iter().filter_map(wait).collect()),
            true if main.panic.is_some() => Main::Panicked,
            true => Main::Returned(main.seen.clone()),
        };
        let panic = |(name, thread): (&Name, &Thread)| Some((number(name), thread.panic?.into()));
        let panics = self.threads.iter().filter_map(panic).collect();
        Outcome { main, panics, cells: self.cells.into(), locked: self.locked.into() }
    }
}

fn block(instrs: &[Instr]) -> impl Iterator<Item = Todo> {
    instrs.iter().rev().cloned().map(Todo::Do)
}

impl Thread {
    fn acc(&self) -> i64 {
        self.seen.last().copied().unwrap_or(0)
    }

    /// Nothing is left to do but to drop the guards. The first panic is the one that counts.
    fn panic(&mut self, message: &'static str) {
        self.todo.retain(|todo| matches!(todo, Todo::Drop(_) | Todo::End));
        self.panic.get_or_insert(message);
    }

    /// Does what nobody else can notice, up to the next operation.
    fn settle(&mut self) {
        while let Some(todo) = self.todo.pop() {
            match todo {
                Todo::Do(Instr::Checkpoint) => {}
                Todo::Do(Instr::Join | Instr::IsFinished) if self.children.is_empty() => {}
                Todo::Do(Instr::AssumeNot(value)) => self.cut |= self.acc() == value,
                Todo::Do(Instr::PanicIf(value)) if self.acc() == value => {
                    self.panic("told to panic");
                }
                Todo::Do(Instr::PanicIf(_)) => {}
                Todo::Do(Instr::If(yes, no)) => {
                    self.todo.extend(block(if self.acc() == 0 { &no } else { &yes }));
                }
                Todo::Do(Instr::Guarded(lock, body)) => {
                    self.todo.push(Todo::Drop(lock));
                    self.todo.extend(block(&body));
                    self.todo.push(Todo::Do(Instr::Acquire(lock)));
                }
                Todo::Do(Instr::Retry(times, body)) => {
                    self.todo.push(Todo::Round(times, self.seen.len(), body));
                }
                Todo::Round(Some(0), ..) => {}
                Todo::Round(times, start, body) => {
                    self.seen.truncate(start);
                    let left = times.map(|times| times - 1);
                    self.todo.push(Todo::Until(left, start, body.clone()));
                    self.todo.extend(block(&body));
                }
                Todo::Until(..) if self.acc() != 0 => {}
                Todo::Until(left, start, body) => self.todo.push(Todo::Round(left, start, body)),
                operation => return self.todo.push(operation),
            }
            if self.cut {
                return;
            }
        }
    }
}
