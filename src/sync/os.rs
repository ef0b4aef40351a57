//! The backend on OS threads, and what production code links: parking_lot and std.
//!
//! A primitive that a checked program makes also belongs to a recording: its operations are then
//! put in one order and written down. One that is made anywhere else has no recording, and looks no
//! further than that. Checks of several programs at once do not disturb each other.

mod member;
mod noise;
mod record;
mod run;
mod thread;
mod word;

use super::Name;
use super::checkpoint::Promise;
use super::meant::act;
use super::outside::{self, StandIn};
use super::pointers::Pointers;
pub(super) use super::unfollowed::{
    end_tells, gave, hands_back, is_kept, keeps, memory_of, past, publish, refuse, takes_in_hand,
    version,
};
use crate::trace::{Maker, Place};
use crate::world::{
    CellId, CellOp, Choice, DataId, LockId, LockOp, Op, Outcome, Primitive, ThreadId, World,
};
pub(super) use member::is_checking;
use member::{Recorded, here};
use parking_lot::{Condvar, Mutex, MutexGuard};
pub(crate) use record::{Record, record};
pub(crate) use run::{MAX_STEPS, Over};
pub(super) use std::sync::atomic as raw;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
pub(super) use thread::{JoinHandle, spawn};
use word::Word;

/// One weak compare-exchange of so many fails that could succeed.
const UNLUCKY: u32 = 4;

/// The thread of the run that this is.
pub(super) fn current() -> ThreadId {
    here().map_or(ThreadId::MAIN, |(_, thread)| thread)
}

/// Looks at the pointers of the run, for the thread that this is.
pub(super) fn with_pointers<T>(f: impl FnOnce(&mut Pointers, ThreadId, &str) -> T) -> T {
    match here() {
        Some((run, thread)) => run.with_pointers(thread, f),
        None => f(&mut Pointers::default(), ThreadId::MAIN, ""),
    }
}

/// The name that a pointer has.
pub(super) fn name_of(pointer: *mut ()) -> DataId {
    here().map_or(DataId::NONE, |(run, _)| run.name_of(pointer))
}

/// What stands for something in the run under way, which is made if nothing does; in none of them, for itself.
pub(super) fn stand_in(number: u32, find: impl FnOnce() -> outside::Recipe) -> StandIn {
    match here() {
        Some((run, _)) => run.stand_in(number, || find()()),
        None => find()(),
    }
}

/// The search must not be believed, and this is why; whoever is to blame goes on.
pub(super) fn refuse_quietly(why: String) {
    if let Some((run, _)) = here() {
        run.refuse(why);
    }
}

/// The search must not be believed, and this is why.
pub(super) fn end_search(why: String) -> ! {
    refuse_quietly(why);
    std::panic::resume_unwind(Box::new(run::Abandoned))
}

/// Promises are for the engine that explores without running the program.
pub(super) fn checkpoint(_: Promise) {}

/// Whoever ends wakes the thread that asks.
pub(super) fn let_others_end() -> bool {
    std::thread::park();
    true
}

pub(super) fn is_unwinding() -> bool {
    std::thread::panicking()
}

/// A real run cannot be undone, so it goes on.
pub(super) fn cut() {}

pub(super) fn sleep(duration: Duration, place: Place) {
    yield_now(place);
    std::thread::sleep(duration);
}

pub(super) fn yield_now(place: Place) {
    if let Some((run, thread)) = here() {
        run.perform(thread, Op::Yield, place, |_| Some(Outcome::Done));
    }
    std::thread::yield_now();
}

/// One of so many, drawn from the seed of the noise.
pub(super) fn choose(of: u32, place: Place) -> Outcome {
    let Some((run, thread)) = here() else { panic!("{}", super::refusal::used_outside(place)) };
    let taken = noise::below(of);
    let op = Op::Choose(Choice { of, taken: Some(taken) });
    run.perform(thread, op, place, |_| Some(Outcome::Value(taken.into())))
}

/// Whether a weak compare-exchange is to fail, by the seed of the noise: many a machine never has one fail.
pub(super) fn is_unlucky() -> bool {
    noise::below(UNLUCKY) == UNLUCKY - 1
}

#[derive(Debug)]
pub(super) struct Lock {
    word: Word,
    recorded: Option<Recorded<LockId>>,
}

impl Lock {
    pub(super) fn new(name: Name, place: Place) -> Self {
        let recorded = Recorded::new(Maker::Mover(name), place);
        Self { word: Word::default(), recorded }
    }

    #[inline]
    pub(super) fn acquire(&self, place: Place) {
        match &self.recorded {
            None => self.word.acquire(),
            Some(recorded) => {
                recorded.perform(LockOp::Acquire, place, |_| {
                    self.word.try_acquire().then_some(Outcome::Done)
                });
            }
        }
    }

    pub(super) fn acquire_timeout(&self, timeout: Duration, place: Place) -> bool {
        let deadline = Instant::now().checked_add(timeout);
        let Some(recorded) = &self.recorded else { return self.word.acquire_until(deadline) };
        let outcome = recorded.perform_until(deadline, LockOp::AcquireTimeout, place, |_| {
            if self.word.try_acquire() {
                return Some(Outcome::Acquired);
            }
            deadline.is_some_and(|end| Instant::now() >= end).then_some(Outcome::TimedOut)
        });
        outcome == Outcome::Acquired
    }

    #[inline]
    pub(super) fn release(&self, place: Place) -> bool {
        match &self.recorded {
            None => self.word.release(),
            Some(recorded) => {
                let release = |_: &World| Some(done_or_not_held(self.word.release()));
                recorded.perform(LockOp::Release, place, release) == Outcome::Done
            }
        }
    }

    pub(super) fn locked(&self, place: Place) -> bool {
        let Some(recorded) = &self.recorded else { return self.word.is_held() };
        let ask = |_: &World| Some(Outcome::Is(self.word.is_held()));
        recorded.perform(LockOp::Locked, place, ask) == Outcome::Is(true)
    }
}

fn done_or_not_held(released: bool) -> Outcome {
    if released { Outcome::Done } else { Outcome::NotHeld }
}

/// Both operations are relaxed: a cell orders nothing but itself, as little as an unlocked variable
/// would. Whoever reads under a lock sees what was written under it, by the lock's own ordering.
#[derive(Debug)]
pub(super) struct Cell {
    value: AtomicI64,
    recorded: Option<Recorded<CellId>>,
}

impl Cell {
    pub(super) fn new(value: i64, name: Name, place: Place) -> Self {
        let recorded = Recorded::beginning(value, Maker::Mover(name), place);
        Self { value: AtomicI64::new(value), recorded }
    }

    #[inline]
    pub(super) fn load(&self, place: Place) -> i64 {
        let load = || self.value.load(Ordering::Relaxed);
        let Some(recorded) = &self.recorded else { return load() };
        match recorded.perform(CellOp::Load, place, |_| Some(Outcome::Value(load()))) {
            Outcome::Value(value) => value,
            other => unreachable!("a load answers with a value, not {other:?}"),
        }
    }

    #[inline]
    pub(super) fn store(&self, value: i64, place: Place) {
        let store = || self.value.store(value, Ordering::Relaxed);
        let Some(recorded) = &self.recorded else { return store() };
        recorded.perform(CellOp::Store(value), place, |_| {
            store();
            Some(Outcome::Done)
        });
    }
}

/// An atomic that belongs to a run.
pub(super) struct Atomic<P, R> {
    real: R,
    /// Nothing if its run was over.
    recorded: Option<Recorded<P>>,
}

impl<P: Primitive, R> Atomic<P, R> {
    pub(super) fn new(
        first: P::State,
        real: impl FnOnce() -> R,
        maker: Maker,
        place: Place,
    ) -> Self {
        let recorded = Recorded::beginning(first, maker, place);
        Self { real: real(), recorded }
    }

    /// What `act` does with it, and says that it answers.
    pub(super) fn perform(&self, op: P::Op, place: Place, act: impl Fn(&R) -> Outcome) -> Outcome {
        let Some(recorded) = &self.recorded else { return act(&self.real) };
        recorded.perform(op, place, |_| Some(act(&self.real)))
    }
}

pub(super) fn fence(order: Ordering) {
    raw::fence(order);
}

/// A primitive that has no more to it than what the world knows: its state behind a mutex, and a way to wait
/// for what it is to be.
#[derive(Debug)]
pub(super) struct Guarded<P: Primitive> {
    state: Mutex<P::State>,
    changed: Condvar,
    recorded: Option<Recorded<P>>,
}

impl<P: Primitive> Guarded<P> {
    pub(super) fn new(first: P::State, maker: Maker, place: Place) -> Self {
        let recorded = Recorded::beginning(first, maker, place);
        Self { state: Mutex::new(first), changed: Condvar::new(), recorded }
    }

    /// Performs an operation as soon as it is enabled, and says what it answered; that it has timed out, if it
    /// can and nothing else comes of it within this time.
    pub(super) fn perform(&self, deed: P::Op, place: Place, within: Option<Duration>) -> Outcome {
        self.perform_and(deed, place, within, drop)
    }

    /// The same, and what changes with it outside of the world: nobody comes between.
    pub(super) fn perform_and(
        &self,
        deed: P::Op,
        place: Place,
        within: Option<Duration>,
        also: impl FnOnce(Outcome),
    ) -> Outcome {
        let mut also = Some(also);
        let mut done = |outcome| also.take().into_iter().for_each(|also| also(outcome));
        let outcome = self.perform_with(deed, place, within, &mut done);
        // Nobody was asked if the run was over.
        done(outcome);
        outcome
    }

    /// Whether it belongs to the run that drops a part of it.
    pub(super) fn is_dropped_here(&self, place: Place) -> bool {
        self.recorded.as_ref().is_none_or(|recorded| recorded.is_dropped_here(place))
    }

    fn perform_with(
        &self,
        deed: P::Op,
        place: Place,
        within: Option<Duration>,
        mut done: impl FnMut(Outcome),
    ) -> Outcome {
        let deadline = within.and_then(|within| Instant::now().checked_add(within));
        let is_late = || deadline.is_some_and(|end| Instant::now() >= end);
        let thread = here().map_or(ThreadId::MAIN, |(_, thread)| thread);
        let mut act = |state: &mut P::State| {
            act::<P>(state, thread, deed, is_late()).inspect(|&outcome| done(outcome))
        };
        if let Some(recorded) = &self.recorded {
            let act = |_: &World| act(&mut self.state.lock());
            return recorded.perform_until(deadline, deed, place, act);
        }
        let mut state = self.state.lock();
        loop {
            if let Some(outcome) = act(&mut state) {
                self.changed.notify_all();
                return outcome;
            }
            match deadline {
                None => self.changed.wait(&mut state),
                Some(end) => drop(self.changed.wait_until(&mut state, end)),
            }
        }
    }
}

/// Refuses a search that begins inside of another one.
pub(crate) fn refuse_inside_of_a_run(place: Option<Place>) {
    if here().is_some() {
        end_search(super::refusal::inside_of_a_run(place));
    }
}
