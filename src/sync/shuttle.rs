//! The backend on shuttle: operations mean what [`World`](crate::world::World) says, and one
//! operation is one scheduling point.
//!
//! A thread announces its operation and switches out. Whoever schedules looks at the announcements,
//! and lets only threads go on whose operation is enabled in the world, so an operation takes
//! effect as soon as its thread is back. Shuttle itself never sees a thread block.

mod doubtful;
mod guide;
mod meant;
mod memory;
mod run;
mod thread;

use super::Name;
use super::checkpoint::Promise;
use super::object::Object;
use super::outside::{self, StandIn};
use super::pointers::Pointers;
use super::quiet;
pub(super) use super::quiet::is_unwinding;
use super::refusal::{self, LOST};
pub(crate) use super::run::Over;
use super::run::State;
use super::stack::Stack;
use crate::supervisor;
use crate::trace::{Maker, Place};
use crate::world::{CellId, CellOp, Choice, DataId, Id, LockId, LockOp, Op, Outcome, ThreadId};
pub(crate) use doubtful::Doubtful;
pub(crate) use guide::Guide;
pub(super) use meant::{Atomic, Guarded};
pub(super) use memory::{gave, is_kept, keeps, memory_of, publish};
pub(crate) use run::Run;
use std::cell::RefCell;
use std::sync::Arc;
pub(super) use std::sync::atomic as raw;
use std::sync::atomic::Ordering;
use std::time::Duration;
pub(crate) use thread::main_thread;
pub(super) use thread::{JoinHandle, spawn};

thread_local! {
    static RUN: RefCell<Run> = RefCell::new(Run::default());
}

/// Looks at the run under way, or at the one before.
#[inline]
pub(crate) fn with_run<T>(f: impl FnOnce(&mut Run) -> T) -> T {
    RUN.with_borrow_mut(f)
}

/// Whether a run is under way, or being left; none is where this OS thread comes to its end, or between two runs.
#[inline]
pub(super) fn is_checking() -> bool {
    let is_under_way =
        |run: &RefCell<Run>| run.try_borrow().is_ok_and(|run| run.state != State::Idle);
    State::is_possible() && RUN.try_with(is_under_way).unwrap_or(false)
}

/// The thread that moves.
pub(super) fn current() -> ThreadId {
    with_run(|run| run.current)
}

/// Which data those are that the thread that moves leaves just now, of all that nobody can tell by their value.
pub(super) fn version() -> DataId {
    with_run(|run| run.guide.as_mut().map(|guide| guide.writes(run.current)));
    past()
}

/// As what the thread that moves leaves, just now, all that others reach by what it hands on.
pub(super) fn past() -> DataId {
    with_run(|run| run.past())
}

/// The thread that moves has such data in hand, and will leave them.
pub(super) fn takes_in_hand() {
    with_run(|run| run.guide.as_mut().map(|guide| guide.takes_in_hand(run.current)));
}

/// It has them in hand no more.
pub(super) fn hands_back() {
    with_run(|run| run.guide.as_mut().map(|guide| guide.hands_back(run.current)));
}

/// The program does what nobody who follows its threads could know of.
pub(super) fn refuse(why: impl FnOnce() -> String) {
    end_search(why());
}

/// Looks at the pointers of the run, for the thread that moves.
pub(super) fn with_pointers<T>(f: impl FnOnce(&mut Pointers, ThreadId, &str) -> T) -> T {
    with_run(|run| {
        let called = run.tape.names().thread(run.current);
        f(&mut run.memory.pointers, run.current, called)
    })
}

/// The world is asked, and not the real thing.
pub(super) fn name_of(_: *mut ()) -> DataId {
    DataId::NONE
}

/// What stands for something in the run under way, which is made if nothing does.
pub(super) fn stand_in(number: u32, find: impl FnOnce() -> outside::Recipe) -> StandIn {
    if let Some(known) = with_run(|run| run.stand_ins.get(&number).cloned()) {
        return known;
    }
    let made = find()();
    with_run(|run| {
        outside::uses(number, &run.mark);
        run.stand_ins.insert(number, Arc::clone(&made));
    });
    made
}

/// The same, of somebody who goes on.
pub(super) fn refuse_quietly(why: String) {
    with_run(|run| run.refuse(why));
}

/// The search must not be believed, and this is why.
pub(super) fn end_search(why: String) -> ! {
    with_run(|run| run.refuse(why));
    leave()
}

#[track_caller]
fn perform(op: Op, place: Place) -> Outcome {
    Stack::check(place);
    perform_anywhere(op, place)
}

/// The same, of one who must not panic, however deep the stack is.
#[track_caller]
fn perform_anywhere(op: Op, place: Place) -> Outcome {
    let answer = with_run(|run| match run.state {
        State::Running => Ok(run.arrive(op, place)),
        state => Err(state),
    });
    match answer {
        Ok(Some(outcome)) => {
            supervisor::moves(true);
            outcome
        }
        Ok(None) => {
            scheduling_point();
            with_run(|run| run.go_on(op)).unwrap_or_else(|| leave())
        }
        Err(State::Over(_)) => with_run(|run| run.go_on(op)).unwrap_or_else(|| leave()),
        Err(_) => outside(place),
    }
}

impl<I: Id> Object<I> {
    #[track_caller]
    fn perform(&self, deed: I::Op, place: Place) -> Outcome {
        self.check(place);
        let op = self.id.op(deed);
        memory::access(std::ptr::from_ref(self).cast(), place);
        if !op.gives_back() {
            memory::panic_if_freed_twice(place);
        }
        perform(op, place)
    }
}

#[cold]
#[track_caller]
fn outside(place: Place) -> ! {
    refusal::outside(refusal::used_outside(place))
}

/// Refuses a search that begins inside of another one.
pub(crate) fn refuse_inside_of_a_run(place: Option<Place>) {
    if with_run(|run| run.state) == State::Idle {
        return;
    }
    with_run(|run| run.refuse(refusal::inside_of_a_run(place)));
    leave()
}

/// Leaves the run here: nothing is unwound, and nothing that the thread owns is dropped. The run is over,
/// so whoever schedules lets it go no further, and shuttle forgets its stack.
///
/// A panic that unwinds the thread is an exception: shuttle would go on with it, and std has counted it. So the
/// whole search ends, and its OS thread with it.
pub(super) fn leave() -> ! {
    if quiet::is_unwinding() {
        supervisor::lose(LOST);
    }
    with_run(Run::note_unwound);
    loop {
        scheduling_point();
    }
}

/// Only a thread that a panic unwinds makes anything any more.
pub(super) fn index_after_the_end() -> usize {
    if !quiet::is_unwinding() {
        leave();
    }
    with_run(|run| run.epilogue().number())
}

/// How the thread that moves ends tells who waits for it more than that it does.
pub(super) fn end_tells() {
    with_run(|run| {
        if !run.telling.contains(&run.current) {
            run.telling.push(run.current);
        }
    });
}

/// A thread that must not go on before others have ended, and could not wait for them, goes no further; whether
/// it may ask again.
pub(super) fn let_others_end() -> bool {
    leave()
}

/// Lets the scheduler choose, by the one of shuttle's scheduling points that hints at nothing: our
/// schedulers look themselves at what a thread has come to.
fn scheduling_point() {
    let moves = memory::moves(false);
    quiet::while_others_move(|| shuttle::thread::sleep(Duration::ZERO));
    memory::moves(moves);
}

#[track_caller]
pub(super) fn checkpoint(promise: Promise) {
    if with_run(|run| run.state) == State::Idle {
        outside(Place::caller());
    }
    with_run(|run| {
        let thread = run.current;
        if let Some(guide) = &mut run.guide {
            let named = run.memory.pointers.named_by(thread);
            guide.checkpoint(thread, promise, (run.tape.made_by(thread), named));
        }
    });
}

#[track_caller]
pub(super) fn cut() {
    match with_run(Run::cut) {
        State::Idle => outside(Place::caller()),
        State::Running | State::Over(_) => leave(),
    }
}

#[track_caller]
pub(super) fn sleep(_: Duration, place: Place) {
    yield_now(place);
}

#[track_caller]
pub(super) fn yield_now(place: Place) {
    perform(Op::Yield, place);
}

/// One of so many, as whoever schedules decides.
#[track_caller]
pub(super) fn choose(of: u32, place: Place) -> Outcome {
    perform(Op::Choose(Choice { of, taken: None }), place)
}

#[derive(Debug)]
pub(super) struct Lock(Object<LockId>);

impl Lock {
    #[track_caller]
    pub(super) fn new(name: Name, place: Place) -> Self {
        Self(Object::new(Maker::Mover(name), place))
    }

    #[track_caller]
    pub(super) fn acquire(&self, place: Place) {
        self.0.perform(LockOp::Acquire, place);
    }

    #[track_caller]
    pub(super) fn acquire_timeout(&self, _: Duration, place: Place) -> bool {
        self.0.perform(LockOp::AcquireTimeout, place) == Outcome::Acquired
    }

    #[track_caller]
    pub(super) fn release(&self, place: Place) -> bool {
        self.0.perform(LockOp::Release, place) == Outcome::Done
    }

    #[track_caller]
    pub(super) fn locked(&self, place: Place) -> bool {
        self.0.perform(LockOp::Locked, place) == Outcome::Is(true)
    }
}

#[derive(Debug)]
pub(super) struct Cell(Object<CellId>);

impl Cell {
    #[track_caller]
    pub(super) fn new(value: i64, name: Name, place: Place) -> Self {
        Self(Object::beginning(value, Maker::Mover(name), place))
    }

    #[track_caller]
    pub(super) fn load(&self, place: Place) -> i64 {
        match self.0.perform(CellOp::Load, place) {
            Outcome::Value(value) => value,
            other => unreachable!("a load answers with a value, not {other:?}"),
        }
    }

    #[track_caller]
    pub(super) fn store(&self, value: i64, place: Place) {
        self.0.perform(CellOp::Store(value), place);
    }
}

/// The world is asked, and not the real thing.
pub(super) fn is_unlucky() -> bool {
    false
}

/// Every operation is sequentially consistent.
pub(super) fn fence(_: Ordering) {}
