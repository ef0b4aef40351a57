//! How a random program ended, as the engines and the reference tell it.

use super::instr::OBJECTS;
use super::run::Told;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tellers::engine::{Conclusion, Ending, Report};
use tellers::world::{
    BarrierOp, ChannelOp, CondvarOp, EventOp, LockOp, MutexOp, Op, ParkerOp, RwLockOp, SemaphoreOp,
    ThreadOp, UnsafeCellOp,
};

/// How a program ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    pub main: Main,
    /// The threads that panicked, and what they said.
    pub panics: Vec<(usize, String)>,
    pub cells: Vec<i64>,
    pub locked: Vec<bool>,
}

/// What became of the main thread.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Main {
    Returned(Told),
    Panicked,
    /// These threads wait for ever.
    Stuck(Vec<(usize, Wait)>),
    /// These threads have come to data races, and are about to write, or to read.
    Raced(Vec<(usize, bool)>),
}

/// What a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    Lock(usize),
    Mutex(usize),
    Condvar(usize),
    Event,
    Permits,
    Thread(usize),
    Reading,
    Writing,
    /// Others at a barrier.
    Others,
    Once,
    /// Room in a channel.
    Room,
    /// Somebody who receives.
    Receiver,
    Sender,
    Unparked,
}

/// Every outcome of a report.
pub fn outcomes(report: &Report<Told>) -> BTreeSet<Outcome> {
    report.outcomes.keys().map(Outcome::of).collect()
}

/// Every outcome of a report, and in how many runs or interleavings it came about. Endings in which threads wait with
/// different values are one outcome.
pub fn counted(report: &Report<Told>) -> BTreeMap<Outcome, u128> {
    let mut counted = BTreeMap::new();
    for (ending, seen) in &report.outcomes {
        *counted.entry(Outcome::of(ending)).or_insert(0) += u128::from(seen.runs);
    }
    counted
}

/// The same, with the threads that are mentioned numbered without gaps, and so the objects, unless there
/// are none but those that every program has. An engine numbers all that it has met; it may have met some
/// that no interleaving makes, or only those left out.
pub fn ranked(outcomes: &BTreeMap<Outcome, u128>) -> BTreeMap<Outcome, u128> {
    let mut ranks = BTreeMap::new();
    let used = Used::by(outcomes.keys());
    let mut outcomes: Vec<_> = outcomes.iter().map(|(o, &count)| (used.of(o), count)).collect();
    for (outcome, _) in &mut outcomes {
        ranks.extend(outcome.threads().map(|&mut thread| (thread, 0)));
    }
    ranks.values_mut().enumerate().for_each(|(i, rank)| *rank = i);
    for (outcome, _) in &mut outcomes {
        outcome.threads().for_each(|thread| *thread = ranks[thread]);
    }
    outcomes.into_iter().collect()
}

/// Every outcome in words, with objects numbered in the same way.
pub fn lines(outcomes: &BTreeSet<Outcome>) -> Vec<String> {
    let used = Used::by(outcomes);
    outcomes.iter().map(|outcome| used.of(outcome).to_string()).collect()
}

/// Every outcome without the numbers of the threads, and of objects that not every program has: an engine
/// that samples may not have met them all.
pub fn nameless(outcomes: &BTreeSet<Outcome>) -> BTreeSet<Outcome> {
    outcomes.iter().cloned().map(Outcome::nameless).collect()
}

/// The cells and locks that are not in all outcomes as if nobody had made them, and the mutexes for which, or for
/// whose condition variables, somebody waits.
struct Used {
    cells: Vec<usize>,
    locks: Vec<usize>,
    mutexes: Vec<usize>,
}

impl Used {
    fn by<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let (mut cells, mut locks, mut mutexes) =
            <(BTreeSet<_>, BTreeSet<_>, BTreeSet<_>)>::default();
        for outcome in outcomes {
            let all = !outcome.makes();
            cells.extend(used(&outcome.cells, |&value| all || value != 0));
            locks.extend(used(&outcome.locked, |&held| all || held));
            match all {
                true => mutexes.extend(0..OBJECTS),
                false => mutexes.extend(outcome.clone().mutexes().map(|mutex| *mutex)),
            }
        }
        let [cells, locks, mutexes] =
            [cells, locks, mutexes].map(|used| used.into_iter().collect());
        Self { cells, locks, mutexes }
    }

    fn of(&self, outcome: &Outcome) -> Outcome {
        let mut outcome = outcome.clone();
        let rank = |of: &[usize], it| of.iter().position(|&used| used == it).expect("it is held");
        outcome.locks().for_each(|lock| *lock = rank(&self.locks, *lock));
        outcome.mutexes().for_each(|mutex| *mutex = rank(&self.mutexes, *mutex));
        outcome.cells = self.cells.iter().map(|&cell| outcome.cells[cell]).collect();
        outcome.locked = self.locks.iter().map(|&lock| outcome.locked[lock]).collect();
        outcome
    }
}

fn used<T>(items: &[T], wanted: impl Fn(&T) -> bool) -> impl Iterator<Item = usize> {
    items.iter().enumerate().filter(move |(_, item)| wanted(item)).map(|(i, _)| i)
}

impl Outcome {
    fn of(ending: &Ending<Told>) -> Self {
        let main = match &ending.conclusion {
            Conclusion::Returned(told) => Main::Returned(told.clone()),
            Conclusion::Panicked => Main::Panicked,
            Conclusion::Deadlocked(waits) => {
                Main::Stuck(waits.iter().map(|&(thread, op)| (thread.index(), wait(op))).collect())
            }
            Conclusion::Raced(racing) => Main::Raced(
                racing.iter().map(|&(thread, op)| (thread.index(), writes(op))).collect(),
            ),
        };
        // The place where a thread panicked is part of the message, and none of the reference's.
        let message = |text: &str| text.split(" (").next().unwrap_or_default().to_owned();
        let panics = ending.panics.iter().map(|(thread, text)| (thread.index(), message(text)));
        let (cells, locked) = (ending.cells.clone(), ending.locked.clone());
        Self { main, panics: panics.collect(), cells, locked }
    }

    pub fn is_raced(&self) -> bool {
        matches!(self.main, Main::Raced(_))
    }

    fn nameless(mut self) -> Self {
        self.threads().for_each(|thread| *thread = 0);
        if self.makes() {
            self.locks().for_each(|lock| *lock = 0);
            self.mutexes().for_each(|mutex| *mutex = 0);
            self.cells.retain(|&value| value != 0);
            self.cells.sort_unstable();
            self.locked.retain(|&held| held);
        }
        self.panics.sort_unstable();
        match &mut self.main {
            Main::Stuck(waits) => waits.sort_unstable(),
            Main::Raced(racing) => racing.sort_unstable(),
            Main::Returned(_) | Main::Panicked => {}
        }
        self
    }

    /// Whether the program may make objects that not every program has.
    fn makes(&self) -> bool {
        self.locked.len() > OBJECTS
    }

    /// Every lock that somebody waits for.
    fn locks(&mut self) -> impl Iterator<Item = &mut usize> {
        self.waits().iter_mut().filter_map(|(_, wait)| match wait {
            Wait::Lock(lock) => Some(lock),
            _ => None,
        })
    }

    /// Every mutex for which, or for whose condition variable, somebody waits.
    fn mutexes(&mut self) -> impl Iterator<Item = &mut usize> {
        self.waits().iter_mut().filter_map(|(_, wait)| match wait {
            Wait::Mutex(mutex) | Wait::Condvar(mutex) => Some(mutex),
            _ => None,
        })
    }

    fn waits(&mut self) -> &mut [(usize, Wait)] {
        match &mut self.main {
            Main::Stuck(waits) => waits,
            Main::Returned(_) | Main::Panicked | Main::Raced(_) => &mut [],
        }
    }

    /// Every thread that is mentioned.
    fn threads(&mut self) -> impl Iterator<Item = &mut usize> {
        let (waits, racing) = match &mut self.main {
            Main::Stuck(waits) => (&mut waits[..], &mut [][..]),
            Main::Raced(racing) => (&mut [][..], &mut racing[..]),
            Main::Returned(_) | Main::Panicked => (&mut [][..], &mut [][..]),
        };
        let waits = waits.iter_mut().flat_map(|(thread, wait)| match wait {
            Wait::Thread(other) => vec![thread, other],
            _ => vec![thread],
        });
        let racing = racing.iter_mut().map(|(thread, _)| thread);
        self.panics.iter_mut().map(|(thread, _)| thread).chain(waits).chain(racing)
    }
}

fn writes(op: Op) -> bool {
    match op {
        Op::UnsafeCell(_, UnsafeCellOp::BeginRead) => false,
        Op::UnsafeCell(_, UnsafeCellOp::BeginWrite) => true,
        other => panic!("nobody races who would {other:?}"),
    }
}

fn wait(op: Op) -> Wait {
    match op {
        Op::Lock(lock, LockOp::Acquire) => Wait::Lock(lock.index()),
        Op::Mutex(mutex, MutexOp::Lock) => Wait::Mutex(mutex.index()),
        Op::Condvar(condvar, CondvarOp::Wake) => Wait::Condvar(condvar.index()),
        Op::Event(_, EventOp::Wait) => Wait::Event,
        Op::Semaphore(_, SemaphoreOp::Acquire(_)) => Wait::Permits,
        Op::Thread(thread, ThreadOp::Join) => Wait::Thread(thread.index()),
        Op::RwLock(_, RwLockOp::Read) => Wait::Reading,
        Op::RwLock(_, RwLockOp::TakeWrite) => Wait::Writing,
        Op::Barrier(_, BarrierOp::Leave) => Wait::Others,
        Op::Once(..) => Wait::Once,
        Op::Channel(_, ChannelOp::Send(_)) => Wait::Room,
        Op::Channel(_, ChannelOp::HandOver) => Wait::Receiver,
        Op::Channel(_, ChannelOp::Receive) => Wait::Sender,
        Op::Parker(_, ParkerOp::Park) => Wait::Unparked,
        other => panic!("nobody waits to {other:?}"),
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.main {
            Main::Returned(told) => write!(f, "returned {told:?}")?,
            Main::Panicked => f.write_str("panicked")?,
            Main::Raced(racing) => write!(f, "raced: {racing:?}")?,
            Main::Stuck(waits) => {
                f.write_str("stuck")?;
                for (thread, wait) in waits {
                    match wait {
                        Wait::Lock(lock) => write!(f, "; {thread} waits for lock {lock}")?,
                        Wait::Mutex(mutex) => write!(f, "; {thread} waits for mutex {mutex}")?,
                        Wait::Condvar(condvar) => {
                            write!(f, "; {thread} waits for condvar {condvar}")?;
                        }
                        Wait::Event => write!(f, "; {thread} waits for the event")?,
                        Wait::Permits => write!(f, "; {thread} waits for permits")?,
                        Wait::Thread(other) => write!(f, "; {thread} waits for thread {other}")?,
                        Wait::Reading => write!(f, "; {thread} waits to read")?,
                        Wait::Writing => write!(f, "; {thread} waits to write")?,
                        Wait::Others => write!(f, "; {thread} waits for others at a barrier")?,
                        Wait::Once => write!(f, "; {thread} waits for what is done once")?,
                        Wait::Room => write!(f, "; {thread} waits for room")?,
                        Wait::Receiver => write!(f, "; {thread} waits for a receiver")?,
                        Wait::Sender => write!(f, "; {thread} waits for a sender")?,
                        Wait::Unparked => write!(f, "; {thread} waits to be unparked")?,
                    }
                }
            }
        }
        write!(f, "; cells {:?}; locked {:?}", self.cells, self.locked)?;
        self.panics.iter().try_for_each(|(thread, text)| write!(f, "; {thread} panicked: {text}"))
    }
}
