//! The backend on shuttle: operations mean what [`World`] says, and one operation is one scheduling
//! point.
//!
//! A thread announces its operation and switches out. Whoever schedules looks at the announcements,
//! and lets only threads go on whose operation is enabled in the world, so an operation takes
//! effect as soon as its thread is back. Shuttle itself never sees a thread block.

use super::quiet;
pub(super) use super::quiet::is_unwinding;
pub(crate) use super::run::Over;
use super::run::{State, abandon, after_the_end, outside};
use super::stack::{SIZE, Stack};
use crate::supervisor;
use crate::trace::{Kind, Names, Place, Tape};
use crate::world::{CellId, EventId, Finish, LockId, Op, Outcome, ThreadId, World};
use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

type Name = Option<Cow<'static, str>>;

thread_local! {
    static RUN: RefCell<Run> = RefCell::new(Run::default());
}

/// The run under way on this OS thread.
#[derive(Default)]
pub(crate) struct Run {
    /// What the threads share.
    pub(crate) world: World,
    /// What has happened.
    pub(crate) tape: Tape,
    /// Watches and steers the threads one by one; none in the sampling and enumerating engines.
    pub(crate) guide: Option<Box<dyn Guide>>,
    state: State,
    /// The threads by shuttle's task numbers.
    tasks: Vec<ThreadId>,
    current: ThreadId,
    handles: Vec<shuttle::thread::JoinHandle<()>>,
    result: Option<Box<dyn Any>>,
}

/// Follows each thread through a run: what it makes, comes to, is told, and how it ends.
pub(crate) trait Guide {
    /// A cell was made.
    fn created(&mut self, thread: ThreadId, cell: CellId, initial: i64);
    /// The thread has made a promise.
    fn checkpoint(&mut self, thread: ThreadId, key: Vec<u8>);
    /// The thread has come to an operation. Whether it may go on at once: no scheduler is asked.
    fn announced(&mut self, world: &World, thread: ThreadId, op: Op, place: Place) -> bool;
    /// Performs the operation.
    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome;
    /// The thread has cut the run off. Whether the run is to end at once.
    fn cut(&mut self, thread: ThreadId) -> bool;
    /// The thread has come to its end; `returns_nothing` if every value that it could return is the
    /// same.
    fn left(&mut self, thread: ThreadId, panic: Option<&str>, returns_nothing: bool) -> Finish;
}

/// Looks at the run under way, or at the one before.
pub(crate) fn with_run<T>(f: impl FnOnce(&mut Run) -> T) -> T {
    RUN.with_borrow_mut(f)
}

impl Run {
    /// Forgets the program before; `names` are those of the next, as far as they are known.
    pub(crate) fn forget(&mut self, names: Names) {
        *self = Self { tape: Tape::new(names), ..Self::default() };
    }

    /// Forgets the run before, but not what everything is called.
    pub(crate) fn begin(&mut self) {
        self.world = World::new();
        self.tape.begin();
        self.state = State::Running;
        self.tasks.clear();
        self.tasks.push(ThreadId::MAIN);
        self.current = ThreadId::MAIN;
        self.handles.clear();
        self.result = None;
    }

    /// Ends the run, unless it has ended.
    pub(crate) fn stop(&mut self, over: Over) {
        self.state.stop(over);
    }

    /// Closes the books on a run, and says why it ended; nothing if there was none.
    pub(crate) fn close(&mut self) -> Option<Over> {
        self.state.close()
    }

    /// Whether the run is over.
    pub(crate) fn is_over(&self) -> bool {
        self.state.is_over()
    }

    /// What the checked closure returned.
    pub(crate) fn take_result(&mut self) -> Option<Box<dyn Any>> {
        self.result.take()
    }

    /// The thread of one of shuttle's tasks.
    pub(crate) fn thread_of(&self, task: usize) -> ThreadId {
        self.tasks[task]
    }

    /// The thread moves next.
    pub(crate) fn choose(&mut self, thread: ThreadId) {
        self.current = thread;
    }

    /// The thread has come to an operation: what it answers, if the thread may go on at once.
    fn arrive(&mut self, op: Op, place: Place) -> Option<Outcome> {
        let thread = self.current;
        self.tape.announce(thread, op, place);
        let guide = self.guide.as_mut()?;
        guide.announced(&self.world, thread, op, place).then(|| self.take_effect(op))
    }

    fn take_effect(&mut self, op: Op) -> Outcome {
        let thread = self.current;
        if self.world.contended(op) {
            self.tape.contend(thread);
        }
        let outcome = match &mut self.guide {
            Some(guide) => guide.perform(&mut self.world, thread, op),
            None => self.world.apply(thread, op),
        };
        self.tape.complete(thread, outcome);
        outcome
    }

    /// Cuts the run off, if it is under way; how far it had come.
    fn cut(&mut self) -> State {
        let (state, thread) = (self.state, self.current);
        if self.guide.as_mut().is_none_or(|guide| state != State::Running || guide.cut(thread)) {
            self.stop(Over::Cut);
        }
        state
    }

    /// Whether a thread has nothing left to do but to end.
    pub(crate) fn has_left(&self, thread: ThreadId) -> bool {
        self.world.thread(thread).finish().is_some()
    }

    /// A thread that has nothing else left to do ends.
    pub(crate) fn end(&mut self, thread: ThreadId) {
        match &mut self.guide {
            Some(guide) => guide.perform(&mut self.world, thread, Op::End),
            None => self.world.apply(thread, Op::End),
        };
        self.tape.end(thread);
    }

    fn leave(&mut self, panic: Option<String>, returns_nothing: bool) {
        let thread = self.current;
        let finish = match &mut self.guide {
            Some(guide) => guide.left(thread, panic.as_deref(), returns_nothing),
            None => Finish { panicked: panic.is_some(), token: 0 },
        };
        self.world.leave(thread, finish);
        self.tape.leave(thread, finish, panic);
    }
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
            scheduling_point(op);
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
        scheduling_point(Op::End);
        supervisor::moves(false);
    }
}

/// Lets the scheduler choose. Sleeping is shuttle's plain scheduling point; a yield also hints that
/// another thread should go first.
fn scheduling_point(op: Op) {
    quiet::while_others_move(|| match op {
        Op::Yield => shuttle::thread::yield_now(),
        _ => shuttle::thread::sleep(Duration::ZERO),
    });
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
            scheduling_point(Op::Yield);
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
