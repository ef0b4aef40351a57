//! What all threads are at and what they share, and what one step makes of it.

mod choice;
mod doubt;
mod over;

use super::super::instr::{Instr, MODULUS, OBJECTS};
use super::super::ledger::{kind_of_rwlock, kinds};
use super::super::outcome::{Main, Outcome, Wait};
use super::atomic::Atomic;
use super::mutex::{Await, Mutex};
use super::panic::Panic;
use super::primitives::{self, Primitives};
use super::thread::{Objects, Thread, Todo, block, whole};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// A thread is named after its parent, and counted among its siblings; an object after its maker, and
/// counted among what that one made. The main thread is its own first child.
pub(super) type Name = Vec<usize>;

const MAIN: Name = Vec::new();

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    threads: BTreeMap<Name, Thread>,
    cells: BTreeMap<Name, i64>,
    held: BTreeSet<Name>,
    mutexes: BTreeMap<Name, Mutex>,
    /// The threads that wait for the condition variable of which mutex.
    waiting: BTreeSet<(Name, Name)>,
    /// Those that wait no more, because they were notified.
    notified: BTreeSet<Name>,
    atomics: BTreeMap<Name, Atomic>,
    /// What a step leaves as it is costs nothing.
    primitives: Rc<Primitives>,
    raised: BTreeSet<Name>,
    permits: u32,
    /// What is shared without an operation.
    slot: i64,
}

/// All threads and cells that there are in any state.
pub(super) struct Whole<'a> {
    threads: BTreeSet<&'a Name>,
    cells: BTreeSet<&'a Name>,
}

impl<'a> Whole<'a> {
    pub(super) fn of(states: &'a [State]) -> Self {
        Self {
            threads: states.iter().flat_map(|state| state.threads.keys()).collect(),
            cells: states.iter().flat_map(|state| state.cells.keys()).collect(),
        }
    }

    fn thread(&self, name: &Name) -> usize {
        self.threads.iter().position(|&other| other == name).expect("it was met")
    }

    fn lock(&self, name: &Name) -> usize {
        self.cells.iter().position(|&other| other == name).expect("it was made with a cell")
    }
}

impl State {
    pub(super) fn new(main: &[Instr], late: bool) -> Self {
        let mut state = Self {
            threads: BTreeMap::new(),
            cells: BTreeMap::new(),
            held: BTreeSet::new(),
            mutexes: BTreeMap::new(),
            waiting: BTreeSet::new(),
            notified: BTreeSet::new(),
            atomics: BTreeMap::new(),
            primitives: Rc::default(),
            raised: BTreeSet::new(),
            permits: 1,
            slot: 0,
        };
        let kinds = kinds(main);
        let spare = usize::from(main.iter().any(Instr::makes));
        state.cells.extend((0..OBJECTS + spare).map(|i| (vec![i], 0)));
        state.mutexes.extend((0..OBJECTS).map(|i| (vec![i], Mutex::new(kinds + i, 0))));
        state.mutexes.extend((0..spare).map(|i| (vec![OBJECTS + i], Mutex::new(0, 0))));
        state.atomics.extend((0..OBJECTS).map(|i| (vec![i], Atomic::new(kinds + i, 0))));
        let primitives = Rc::make_mut(&mut state.primitives);
        (0..OBJECTS).for_each(|i| primitives.make(&vec![i], i, kind_of_rwlock(kinds, i), 0));
        let objects = Objects::new(kinds);
        let mut thread = Thread::new(MAIN, objects, late, whole(main));
        (thread.spawned, thread.made, thread.made_events) = (1, OBJECTS + spare, 1);
        state.settle(thread);
        state
    }

    /// Whether a panic has not come to the end of what it unwinds.
    pub(super) fn is_unwinding(&self) -> bool {
        self.threads.values().any(|thread| thread.panic.is_some() && !thread.todo.is_empty())
    }

    /// What can come next by a step that is sure to be taken some time.
    pub(super) fn successors(&self) -> Vec<Self> {
        match self.is_left_out() || self.is_raced() {
            true => Vec::new(),
            false => self.threads.values().flat_map(|thread| self.steps(thread)).collect(),
        }
    }

    fn has_ended(&self, name: &Name) -> bool {
        self.threads[name].todo.is_empty()
    }

    /// A thread does what nobody else can notice, up to the next operation.
    fn settle(&mut self, mut thread: Thread) {
        let Self { cells, mutexes, atomics, primitives, slot, .. } = self;
        thread.settle(cells, mutexes, atomics, primitives, slot);
        self.threads.insert(thread.name.clone(), thread);
    }

    fn mutex(&mut self, name: &Name) -> &mut Mutex {
        self.mutexes.get_mut(name).expect("somebody has made it")
    }

    /// A thread takes a mutex to do this with its data, unless it is held.
    fn lock(&mut self, thread: &mut Thread, name: &Name, more: i64, body: &[Instr]) -> bool {
        if !self.mutex(name).take() {
            return false;
        }
        thread.seen.push(self.mutex(name).begin());
        thread.todo.push(Todo::Unlock(name.clone(), thread.panic.is_some()));
        thread.todo.push(Todo::Leave(name.clone(), more));
        thread.todo.extend(block(body));
        true
    }

    fn notify(&mut self, waiter: (Name, Name)) {
        self.waiting.remove(&waiter);
        self.notified.insert(waiter.1);
    }

    /// Who waits for the condition variable of this mutex.
    fn waiters(&self, mutex: &Name) -> Vec<(Name, Name)> {
        self.waiting.iter().filter(|(of, _)| of == mutex).cloned().collect()
    }

    /// All that can come of a thread's next step.
    fn steps(&self, thread: &Thread) -> Vec<Self> {
        if let Some(Todo::Do(Instr::Choose(of))) = thread.todo.last() {
            return (0..*of).map(|one| self.chosen(thread, one as i64)).collect();
        }
        let waiters = match thread.todo.last() {
            Some(Todo::Do(Instr::NotifyOne(which))) => self.waiters(&thread.objects.places[*which]),
            _ => vec![],
        };
        let notified = |waiter| {
            let mut state = self.clone();
            state.notify(waiter);
            state.step(thread)
        };
        match waiters.is_empty() {
            true => self.step(thread).into_iter().collect(),
            false => waiters.into_iter().filter_map(notified).collect(),
        }
    }

    /// What comes of a thread's next step; nothing if it waits, or has ended. Who it notifies was picked.
    fn step(&self, thread: &Thread) -> Option<Self> {
        let (mut after, mut thread, mut started) = (self.clone(), thread.clone(), None);
        let objects = thread.objects.clone();
        let place = |which: usize| &objects.places[which];
        match thread.todo.pop()? {
            Todo::End => {}
            Todo::Release(lock) => {
                if !after.held.remove(&lock) && thread.panic.is_none() {
                    thread.panic(Panic::Message("release unlocked lock"));
                }
            }
            Todo::Acquire(lock) => {
                if !after.held.insert(lock) {
                    return None;
                }
            }
            Todo::Do(Instr::Acquire(lock)) => {
                if !after.held.insert(place(lock).clone()) {
                    return None;
                }
            }
            Todo::Do(Instr::AcquireTimeout(lock)) => {
                thread.seen.push(after.held.insert(place(lock).clone()).into());
            }
            Todo::Do(Instr::Release(lock)) => {
                thread.seen.push((!after.held.remove(place(lock))).into());
            }
            Todo::Do(Instr::Locked(lock)) => {
                thread.seen.push(self.held.contains(place(lock)).into());
            }
            Todo::Do(Instr::With(mutex, more, body)) => {
                if !after.lock(&mut thread, place(mutex), more, &body) {
                    return None;
                }
            }
            Todo::Do(Instr::TryWith(mutex, more, body)) => {
                if !after.lock(&mut thread, place(mutex), more, &body) {
                    thread.seen.push(-1);
                }
            }
            Todo::Do(wait @ (Instr::Await(which, more) | Instr::AwaitTimeout(which, more))) => {
                let mutex = place(which).clone();
                if !after.mutex(&mutex).take() {
                    return None;
                }
                let is_timed = matches!(wait, Instr::AwaitTimeout(..));
                thread.todo.push(Todo::Look(Await {
                    mutex,
                    is_timed,
                    more,
                    waits: 2,
                    is_late: false,
                }));
            }
            Todo::Enlist(wait) => {
                after.waiting.insert((wait.mutex.clone(), thread.name.clone()));
                thread.todo.push(Todo::GiveBack(wait));
            }
            Todo::GiveBack(wait) => {
                after.mutex(&wait.mutex).give_back(false);
                thread.todo.push(Todo::Wake(wait));
            }
            Todo::Wake(wait) => {
                let is_late = !after.notified.remove(&thread.name);
                if is_late && !wait.is_timed {
                    return None;
                }
                after.waiting.remove(&(wait.mutex.clone(), thread.name.clone()));
                thread.todo.push(Todo::Retake(Await { is_late, ..wait }));
            }
            Todo::Retake(wait) => {
                let mutex = after.mutex(&wait.mutex);
                if !mutex.take() {
                    return None;
                }
                match mutex.is_poisoned() {
                    true => {
                        let is_late = wait.is_late;
                        thread.end_wait(wait, is_late, mutex.begin());
                    }
                    false => thread.todo.push(Todo::Look(wait)),
                }
            }
            Todo::Do(Instr::NotifyOne(_)) => {}
            Todo::Do(Instr::NotifyAll(which)) => {
                after.waiters(place(which)).into_iter().for_each(|waiter| after.notify(waiter));
            }
            Todo::Do(Instr::Atomic(which, deed)) => {
                let acc = thread.acc();
                let atomic = after.atomics.get_mut(place(which)).expect("somebody has made it");
                thread.seen.extend(atomic.perform(deed, acc));
            }
            Todo::Unlock(mutex, since_before) => {
                after.mutex(&mutex).give_back(thread.panic.is_some() && !since_before);
            }
            Todo::Do(Instr::IsPoisoned(mutex)) => {
                thread.seen.push(after.mutex(place(mutex)).is_poisoned().into());
            }
            Todo::Do(Instr::ClearPoison(mutex)) => after.mutex(place(mutex)).clear_poison(),
            Todo::Do(Instr::Load(cell)) => thread.seen.push(self.cells[place(cell)]),
            Todo::Do(Instr::Store(cell, more)) => {
                let value = (thread.acc() + more).rem_euclid(MODULUS);
                after.cells.insert(place(cell).clone(), value);
            }
            Todo::Do(Instr::Set) => {
                after.raised.insert(objects.event);
            }
            Todo::Do(Instr::Clear) => {
                after.raised.remove(&objects.event);
            }
            Todo::Do(Instr::IsSet) => thread.seen.push(self.raised.contains(&objects.event).into()),
            Todo::Do(Instr::Wait) if !self.raised.contains(&objects.event) => return None,
            Todo::Do(Instr::Take(permits)) if self.permits < permits => return None,
            Todo::Do(Instr::Take(permits)) => after.permits -= permits,
            Todo::Do(Instr::TryTake(permits) | Instr::TakeTimeout(permits)) => {
                let are_there = permits <= self.permits;
                after.permits -= if are_there { permits } else { 0 };
                thread.seen.push(are_there.into());
            }
            Todo::Do(Instr::Give(permits)) => after.permits += permits,
            Todo::Do(Instr::Wait | Instr::Yield) => {}
            Todo::Do(start) if start.child().is_some() => started = Some(thread.start(start)),
            Todo::Do(Instr::Join) => {
                let child = thread.children.pop().expect("a join without a child is silent");
                if !self.has_ended(&child) {
                    return None;
                }
                thread.join(&self.threads[&child]);
            }
            Todo::Do(Instr::IsFinished) => {
                let child = thread.children.last().expect("a question without a child is silent");
                thread.seen.push(self.has_ended(child).into());
            }
            other => Rc::make_mut(&mut after.primitives).step(&mut thread, other)?,
        }
        after.settle(thread);
        started.into_iter().for_each(|child| after.settle(child));
        Some(after)
    }

    pub(super) fn outcome(&self, whole: &Whole<'_>) -> Outcome {
        let wait = |thread: &Thread| {
            let wait = match thread.todo.last()? {
                Todo::Acquire(lock) => Wait::Lock(whole.lock(lock)),
                Todo::Do(Instr::Acquire(lock)) => {
                    Wait::Lock(whole.lock(&thread.objects.places[*lock]))
                }
                Todo::Do(
                    Instr::With(mutex, ..) | Instr::Await(mutex, _) | Instr::AwaitTimeout(mutex, _),
                ) => Wait::Mutex(whole.lock(&thread.objects.places[*mutex])),
                Todo::Retake(wait) => Wait::Mutex(whole.lock(&wait.mutex)),
                Todo::Wake(wait) => Wait::Condvar(whole.lock(&wait.mutex)),
                Todo::Do(Instr::Join) => Wait::Thread(whole.thread(thread.children.last()?)),
                Todo::Do(Instr::Take(_)) => Wait::Permits,
                Todo::Do(Instr::Wait) => Wait::Event,
                other => primitives::awaited(other),
            };
            Some((whole.thread(&thread.name), wait))
        };
        let main = &self.threads[&MAIN];
        let main = match self.threads.keys().all(|name| self.has_ended(name)) {
            _ if self.is_raced() => self.race(whole),
            false => Main::Stuck(self.threads.values().filter_map(wait).collect()),
            true if main.panic.is_some() => Main::Panicked,
            true => Main::Returned(main.seen.clone()),
        };
        let is_over = |thread: &&Thread| matches!(thread.todo.last(), None | Some(Todo::End));
        let ended = self.threads.values().filter(is_over);
        let panic = |thread: &Thread| {
            Some((whole.thread(&thread.name), thread.panic.as_ref()?.message().to_owned()))
        };
        let cell = |name: &&Name| self.cells.get(*name).copied().unwrap_or(0);
        let locked = |name: &&Name| self.held.contains(*name);
        Outcome {
            main,
            panics: ended.filter_map(panic).collect(),
            cells: whole.cells.iter().map(cell).collect(),
            locked: whole.cells.iter().map(locked).collect(),
        }
    }
}
