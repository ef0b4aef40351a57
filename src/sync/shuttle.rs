//! The backend on shuttle: operations mean what [`World`](crate::world::World) says, and one
//! operation is one scheduling point.
//!
//! A thread announces its operation and switches out. Whoever schedules looks at the announcements,
//! and lets only threads go on whose operation is enabled in the world, so an operation takes
//! effect as soon as its thread is back. Shuttle itself never sees a thread block.

mod run;

use super::quiet;
pub(super) use super::quiet::is_unwinding;
pub(crate) use super::run::Over;
use super::run::{State, abandon, after_the_end, outside};
use super::stack::{SIZE, Stack};
use crate::supervisor;
use crate::trace::{Kind, Place};
use crate::world::{CellId, EventId, LockId, Op, Outcome, ThreadId};
pub(crate) use run::{Guide, Run};
use std::borrow::Cow;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

type Name = Option<Cow<'static, str>>;

thread_local! {
    static RUN: RefCell<Run> = RefCell::new(Run::default());
}

/// Looks at the run under way, or at the one before.
pub(crate) fn with_run<T>(f: impl FnOnce(&mut Run) -> T) -> T {
    RUN.with_borrow_mut(f)
}

/// The closure to hand to shuttle: runs a program as the main thread.
pub(crate) fn main_thread<R: 'static>(program: &(impl Fn() -> R + ?Sized)) {
    if let Some(result) = live(program)
        && let Ok(result) = result
    {
        with_run(|run| run.result = Some(Box::new(result)));
    }
}

/// Runs a thread's body to its end and notes how it ended; nothing if the run was over before.
///
/// When a run is over, whoever schedules lets every thread that is left go on, one after the other.
/// Each is unwound from its operation to here, and ends: so shuttle keeps its stack for the next
/// run, and what the thread owned is dropped.
fn live<T>(body: impl FnOnce() -> T) -> Option<super::thread::Result<T>> {
    let is_over = || with_run(|run| run.is_over());
    if is_over() {
        return None;
    }
    Stack::begin(SIZE);
    supervisor::moves(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    Stack::end();
    supervisor::moves(false);
    if is_over() {
        return None;
    }
    let panic = result.as_ref().err().map(|payload| quiet::message(&**payload));
    with_run(|run| run.leave(panic, size_of::<T>() == 0));
    Some(result)
}

fn perform(op: Op, place: Place) -> Outcome {
    Stack::check(place);
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
            let outcome = with_run(|run| (!run.is_over()).then(|| run.take_effect(op)));
            outcome.unwrap_or_else(|| after_the_end(op))
        }
        Err(State::Idle) => outside(),
        Err(_) => after_the_end(op),
    }
}

/// Whoever schedules says when a thread ends that has come to its end, or lets it go without.
fn linger() {
    if !with_run(|run| run.is_over()) {
        scheduling_point();
        supervisor::moves(false);
    }
}

/// Lets the scheduler choose, by the one of shuttle's scheduling points that hints at nothing: our
/// schedulers look themselves at what a thread has come to.
fn scheduling_point() {
    quiet::while_others_move(|| shuttle::thread::sleep(Duration::ZERO));
}

fn register(kind: Kind, name: Name, place: Place) -> usize {
    with_run(|run| {
        if run.state == State::Idle {
            outside();
        }
        run.tape.register(kind, run.current, name, place)
    })
}

pub(super) fn checkpoint(key: Vec<u8>) {
    with_run(|run| {
        let thread = run.current;
        if let Some(guide) = &mut run.guide {
            guide.checkpoint(thread, key);
        }
    });
}

pub(super) fn cut() {
    match with_run(|run| run.cut()) {
        State::Idle => outside(),
        State::Over(_) => abandon(),
        State::Running => {
            scheduling_point();
            abandon();
        }
    }
}

pub(super) fn sleep(_: Duration, place: Place) {
    yield_now(place);
}

pub(super) fn yield_now(place: Place) {
    perform(Op::Yield, place);
}

#[derive(Debug)]
pub(super) struct Lock(LockId);

impl Lock {
    pub(super) fn new(name: Name, place: Place) -> Self {
        Self(LockId::new(register(Kind::Lock, name, place)))
    }

    pub(super) fn acquire(&self, place: Place) {
        perform(Op::Acquire(self.0), place);
    }

    pub(super) fn acquire_timeout(&self, _: Duration, place: Place) -> bool {
        perform(Op::AcquireTimeout(self.0), place) == Outcome::Acquired
    }

    pub(super) fn release(&self, place: Place) -> bool {
        perform(Op::Release(self.0), place) == Outcome::Done
    }

    pub(super) fn locked(&self, place: Place) -> bool {
        perform(Op::Locked(self.0), place) == Outcome::Is(true)
    }
}

#[derive(Debug)]
pub(super) struct Cell(CellId);

impl Cell {
    pub(super) fn new(value: i64, name: Name, place: Place) -> Self {
        let id = CellId::new(register(Kind::Cell, name, place));
        with_run(|run| {
            run.world.create_cell(id, value);
            run.tape.create_cell(id, value);
            let thread = run.current;
            if let Some(guide) = &mut run.guide {
                guide.created(thread, id, value);
            }
        });
        Self(id)
    }

    pub(super) fn load(&self, place: Place) -> i64 {
        match perform(Op::Load(self.0), place) {
            Outcome::Value(value) => value,
            other => unreachable!("a load answers with a value, not {other:?}"),
        }
    }

    pub(super) fn store(&self, value: i64, place: Place) {
        perform(Op::Store(self.0, value), place);
    }
}

#[derive(Debug)]
pub(super) struct Event(EventId);

impl Event {
    pub(super) fn new(name: Name, place: Place) -> Self {
        Self(EventId::new(register(Kind::Event, name, place)))
    }

    pub(super) fn set(&self, place: Place) {
        perform(Op::Set(self.0), place);
    }

    pub(super) fn clear(&self, place: Place) {
        perform(Op::Clear(self.0), place);
    }

    pub(super) fn is_set(&self, place: Place) -> bool {
        perform(Op::IsSet(self.0), place) == Outcome::Is(true)
    }

    pub(super) fn wait(&self, place: Place) {
        perform(Op::Wait(self.0), place);
    }
}

#[derive(Debug)]
pub(super) struct JoinHandle<T> {
    thread: ThreadId,
    result: Arc<Mutex<Option<super::thread::Result<T>>>>,
}

pub(super) fn spawn<T, F>(body: F, name: Name, place: Place) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let thread = ThreadId::new(register(Kind::Thread, name, place));
    let result = Arc::new(Mutex::new(None));
    let handle = JoinHandle { thread, result: Arc::clone(&result) };
    perform(Op::Spawn(thread), place);
    if with_run(|run| run.is_over()) {
        return handle;
    }
    with_run(|run| run.tasks.push(thread));
    let task = shuttle::thread::spawn(move || {
        if let Some(ended) = live(body) {
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
            linger();
        }
    });
    // A dropped handle would let the run end without the thread.
    with_run(|run| run.handles.push(task));
    handle
}

impl<T> JoinHandle<T> {
    pub(super) fn join(self, place: Place) -> super::thread::Result<T> {
        perform(Op::Join(self.thread), place);
        let mut result = self.result.lock().unwrap_or_else(PoisonError::into_inner);
        result.take().unwrap_or_else(|| Err(Box::new("the run ended before the thread did")))
    }

    pub(super) fn is_finished(&self, place: Place) -> bool {
        perform(Op::IsFinished(self.thread), place) == Outcome::Is(true)
    }
}
