//! What one thread is at, and what it does that no other one can notice.

use super::super::instr::{Instr, MODULUS, OBJECTS, PAYLOAD, To};
use super::atomic::Atomic;
use super::ends::Ends;
use super::later::Later;
use super::mutex::{Await, Mutex};
use super::panic::Panic;
use super::pointers::Nodes;
use super::primitives::Primitives;
use super::state::Name;
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Thread {
    pub(super) name: Name,
    /// What it has yet to do; the last comes first.
    pub(super) todo: Vec<Todo>,
    pub(super) seen: Vec<i64>,
    pub(super) objects: Objects,
    /// How many threads, locks and so on, events, and channels it has made.
    pub(super) spawned: usize,
    pub(super) made: usize,
    pub(super) made_events: usize,
    made_channels: usize,
    /// The children that it has not joined yet.
    pub(super) children: Vec<Name>,
    /// The ends of channels that it has.
    pub(super) ends: Ends,
    pub(super) nodes: Nodes,
    /// How it panicked, if nobody has caught that.
    pub(super) panic: Option<Panic>,
    /// The value that it has returned.
    returned: Option<Owned>,
    /// It has left the run out.
    pub(super) cut: bool,
}

/// Which objects a thread has: of each number one of each kind, and an event.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Objects {
    pub(super) places: [Name; OBJECTS],
    pub(super) event: Name,
    /// The type of the first atomic.
    kinds: usize,
    /// The threads that it knows, other than itself.
    pub(super) known: Vec<Name>,
}

impl Objects {
    pub(super) fn new(kinds: usize) -> Self {
        let places = std::array::from_fn(|i| vec![i]);
        Self { places, event: vec![0], kinds, known: vec![] }
    }
}

/// A value whose destructor does this, with these objects.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Owned {
    objects: Objects,
    body: Vec<Instr>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Todo {
    Do(Instr),
    /// Take this lock for a guard.
    Acquire(Name),
    /// Drop a guard of this lock.
    Release(Name),
    /// Leave the latest observation plus this in this mutex, which it holds.
    Leave(Name, i64),
    /// Drop a guard of this mutex, that it has had since it was being unwound, or was not.
    Unlock(Name, bool),
    /// Look at the data, and end the wait or go on with it: be one of those that wait, give back the mutex, go
    /// on, and take it again.
    Look(Await),
    Enlist(Await),
    GiveBack(Await),
    Wake(Await),
    Retake(Await),
    /// Drop a value.
    Drop(Owned),
    /// The end of a destructor, after which the thread has again observed this, and has these objects and ends.
    Dropped(Vec<i64>, Objects, Ends),
    /// The end of a block that is to be caught.
    Caught,
    /// Go round a loop so many times more, forgetting what was observed after the first so many.
    Round(Option<usize>, usize, Vec<Instr>),
    /// The end of a round.
    Until(Option<usize>, usize, Vec<Instr>),
    /// Return a value whose destructor does this; to nobody, if nobody has the handle.
    Return(Vec<Instr>, Handle),
    /// What is to be done about std's primitives.
    Later(Later),
    /// Come to an end.
    End,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Handle {
    Kept,
    Dropped,
}

pub(super) fn block(instrs: &[Instr]) -> Vec<Todo> {
    instrs.iter().rev().cloned().map(Todo::Do).collect()
}

/// What a thread does, and that it drops what it has in the end.
pub(super) fn whole(instrs: &[Instr]) -> Vec<Todo> {
    let mut todo = block(instrs);
    todo.insert(0, Todo::Later(Later::DropEnds));
    todo
}

impl Thread {
    pub(super) fn new(name: Name, objects: Objects, late: bool, body: Vec<Todo>) -> Self {
        let mut todo = if late { vec![Todo::End] } else { vec![] };
        todo.extend(body);
        Self {
            name,
            todo,
            seen: vec![],
            objects,
            spawned: 0,
            made: 0,
            made_events: 0,
            made_channels: 0,
            children: vec![],
            ends: Ends::default(),
            nodes: Nodes::default(),
            panic: None,
            returned: None,
            cut: false,
        }
    }

    pub(super) fn acc(&self) -> i64 {
        self.seen.last().copied().unwrap_or(0)
    }

    /// The thread that it starts.
    pub(super) fn start(&mut self, instr: Instr) -> Self {
        let late = self.todo.first() == Some(&Todo::End);
        let name = [&self.name[..], &[self.spawned]].concat();
        self.spawned += 1;
        let (first, body) = match &instr {
            Instr::Owner(dropped, body) => (Some((dropped, Handle::Kept)), body),
            Instr::Detached(dropped, body) => (Some((dropped, Handle::Dropped)), body),
            Instr::Spawn(body) | Instr::Hand(body) | Instr::Entrust(_, body) => (None, body),
            other => unreachable!("{other:?} starts no thread"),
        };
        let last = first.map(|(dropped, handle)| Todo::Return(dropped.clone(), handle));
        let todo = last.into_iter().chain(whole(body)).collect();
        let mut child = Self::new(name, self.objects.clone(), late, todo);
        child.objects.known.push(self.name.clone());
        self.objects.known.push(child.name.clone());
        if let Instr::Hand(_) = instr {
            child.children.extend(self.children.pop());
        }
        if let Instr::Entrust(ends, _) = &instr {
            child.ends = self.ends.split_off(ends);
        }
        if !matches!(instr, Instr::Detached(..)) {
            self.children.push(child.name.clone());
        }
        child
    }

    pub(super) fn later(&mut self, later: Later) {
        self.todo.push(Todo::Later(later));
    }

    /// Learns how another thread ended, and drops what that one returned.
    pub(super) fn join(&mut self, other: &Self) {
        match &other.panic {
            Some(panic) => self.seen.push(panic.told()),
            None => {
                self.seen.push(other.seen.len() as i64);
                self.seen.extend(&other.seen);
            }
        }
        self.todo.extend(other.returned.clone().map(Todo::Drop));
    }

    /// Nothing is left to do, up to where it is caught, but to drop what there is. What is dropped
    /// meanwhile does not panic again.
    pub(super) fn panic(&mut self, panic: Panic) {
        let caught = self.todo.iter().rposition(|todo| *todo == Todo::Caught).unwrap_or(0);
        let unwound = self.todo.split_off(caught);
        self.todo.extend(unwound.into_iter().filter_map(|todo| match todo {
            Todo::Release(_) | Todo::Unlock(..) | Todo::Drop(_) | Todo::Dropped(..) => Some(todo),
            Todo::Caught | Todo::End => Some(todo),
            Todo::Later(later) => later.unwound().map(Todo::Later),
            Todo::Do(_) | Todo::Acquire(_) | Todo::Round(..) | Todo::Until(..) => None,
            Todo::Look(_) | Todo::Enlist(_) | Todo::GiveBack(_) | Todo::Wake(_) => None,
            Todo::Retake(_) | Todo::Leave(..) | Todo::Return(..) => None,
        }));
        self.panic = Some(panic);
    }

    /// Does what nobody else can notice, up to the next operation.
    pub(super) fn settle(
        &mut self,
        cells: &mut BTreeMap<Name, i64>,
        mutexes: &mut BTreeMap<Name, Mutex>,
        atomics: &mut BTreeMap<Name, Atomic>,
        primitives: &mut Rc<Primitives>,
        slot: &mut i64,
    ) {
        while let Some(todo) = self.todo.pop() {
            match todo {
                Todo::Do(Instr::Checkpoint) => self.nodes.kept = None,
                Todo::Do(Instr::Pointer(which, To::Free)) if self.nodes.kept.is_none() => {
                    self.todo.push(Todo::Do(Instr::Pointer(which, To::Follow)));
                }
                Todo::Do(Instr::Join | Instr::IsFinished) if self.children.is_empty() => {}
                Todo::Do(Instr::AssumeNot(value)) => self.cut |= self.acc() == value,
                Todo::Do(Instr::PanicIf(value)) if self.acc() == value => {
                    self.panic(Panic::Message("told to panic"));
                }
                Todo::Do(Instr::PanicIf(_)) => {}
                Todo::Do(Instr::Throw) if self.acc() == 0 => {}
                Todo::Do(Instr::Throw) => self.panic(Panic::Payload(self.acc() + PAYLOAD)),
                Todo::Do(Instr::Make(which)) => {
                    let name = [&self.name[..], &[self.made]].concat();
                    self.made += 1;
                    cells.insert(name.clone(), 1);
                    let kind = self.objects.kinds + OBJECTS + which;
                    mutexes.insert(name.clone(), Mutex::new(kind, 1));
                    atomics.insert(name.clone(), Atomic::new(kind, 1));
                    Rc::make_mut(primitives).make(&name, which, kind, 1);
                    self.objects.places[which] = name;
                }
                Todo::Do(Instr::MakeEvent) => {
                    self.objects.event = [&self.name[..], &[self.made_events]].concat();
                    self.made_events += 1;
                }
                Todo::Do(
                    Instr::CloneSender(i)
                    | Instr::Send(i, _)
                    | Instr::TrySend(i, _)
                    | Instr::DropSender(i),
                ) if self.ends.senders[i].is_empty() => {}
                Todo::Do(Instr::Receive(i, _) | Instr::DropReceiver(i))
                    if self.ends.receivers[i].is_empty() => {}
                Todo::Do(Instr::Channel(i, room)) => {
                    let name = [&self.name[..], &[self.made_channels]].concat();
                    self.made_channels += 1;
                    self.ends.senders[i].push(name.clone());
                    self.ends.receivers[i].push(name.clone());
                    Rc::make_mut(primitives).make_channel(name, room);
                }
                Todo::Later(Later::DropEnds) if self.ends.is_empty() => {}
                Todo::Later(Later::LeaveUnguarded(data, more)) => {
                    let number = (self.acc() + more).rem_euclid(MODULUS);
                    Rc::make_mut(primitives).leave_unguarded(&data, number);
                }
                Todo::Later(Later::Leave(lock, more)) => {
                    let number = (self.acc() + more).rem_euclid(MODULUS);
                    Rc::make_mut(primitives).leave(&lock, number);
                }
                Todo::Do(Instr::Peek) => self.seen.push(*slot),
                Todo::Do(Instr::Poke(more)) => *slot = (self.acc() + more).rem_euclid(MODULUS),
                Todo::Do(Instr::If(yes, no)) => {
                    self.todo.extend(block(if self.acc() == 0 { &no } else { &yes }));
                }
                Todo::Do(Instr::Guarded(lock, body)) => {
                    let lock = &self.objects.places[lock];
                    self.todo.push(Todo::Release(lock.clone()));
                    self.todo.extend(block(&body));
                    self.todo.push(Todo::Acquire(lock.clone()));
                }
                Todo::Do(Instr::IsPanicking) => self.seen.push(self.panic.is_some().into()),
                Todo::Leave(mutex, more) => {
                    let value = (self.acc() + more).rem_euclid(MODULUS);
                    mutexes.get_mut(&mutex).expect("it is held").leave(value);
                }
                Todo::Look(wait) => {
                    let mutex = mutexes.get_mut(&wait.mutex).expect("it is held");
                    let goes_on = mutex.data() == 0 && wait.waits > 0;
                    match goes_on && !wait.is_late {
                        true => {
                            self.todo.push(Todo::Enlist(Await { waits: wait.waits - 1, ..wait }))
                        }
                        false => self.end_wait(wait, goes_on, mutex.open()),
                    }
                }
                Todo::Do(Instr::Keeping(dropped, body)) => {
                    self.todo.push(Todo::Drop(self.owned(dropped)));
                    self.todo.extend(block(&body));
                }
                Todo::Do(Instr::Catch(body)) => {
                    self.todo.push(Todo::Caught);
                    self.todo.extend(block(&body));
                }
                Todo::Caught => {
                    let panic = self.panic.take();
                    self.seen.push(panic.map_or(0, |panic| panic.told()));
                }
                Todo::Drop(owned) => {
                    let seen = std::mem::take(&mut self.seen);
                    let objects = std::mem::replace(&mut self.objects, owned.objects);
                    let ends = std::mem::take(&mut self.ends);
                    self.todo.push(Todo::Dropped(seen, objects, ends));
                    self.todo.extend(whole(&owned.body));
                }
                Todo::Dropped(seen, objects, ends) => {
                    (self.seen, self.objects, self.ends) = (seen, objects, ends);
                }
                Todo::Return(dropped, Handle::Kept) => self.returned = Some(self.owned(dropped)),
                Todo::Return(dropped, Handle::Dropped) => {
                    self.todo.push(Todo::Drop(self.owned(dropped)));
                }
                Todo::Do(Instr::Retry(times, body)) => {
                    self.todo.push(Todo::Round(times, self.seen.len(), body));
                }
                Todo::Round(Some(0), ..) => {}
                Todo::Round(times, start, body) => {
                    self.seen.truncate(start);
                    self.nodes.kept = None;
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

    /// A wait comes to its end, too late or not, and observes this.
    pub(super) fn end_wait(&mut self, wait: Await, is_late: bool, data: i64) {
        self.seen.extend(wait.is_timed.then_some(i64::from(is_late)));
        self.seen.push(data);
        self.todo.push(Todo::Unlock(wait.mutex.clone(), self.panic.is_some()));
        self.todo.push(Todo::Leave(wait.mutex, wait.more));
    }

    fn owned(&self, body: Vec<Instr>) -> Owned {
        Owned { objects: self.objects.clone(), body }
    }
}
