//! The backend on loom: an operation is an access to one of loom's atomics, and loom decides who
//! moves and what a load may see.
//!
//! Whatever blocks does so here: a thread that cannot go on parks, and the operation that it waits
//! for wakes it. So loom's partial-order reduction sees every try at a held lock (an unlock of its
//! own mutex is none of its accesses), and a deadlock is known before loom would abort for it.
//!
//! The world is kept in step. Every access to a lock, an event or the end of a thread is a
//! read-modify-write; those of one object have one order for all, so the world and loom agree. Only
//! what a cell is read to contain can be older than the world. (Two stores that nothing orders may
//! reach memory in either order: a later load can then see the one that is the older in the world.)

pub(crate) use super::parking::Run;
use super::parking::{Parked, wake};
use super::quiet;
pub(super) use super::quiet::is_unwinding;
pub(crate) use super::run::Over;
use super::run::{State, abandon, after_the_end, outside};
use super::stack::{SIZE, Stack};
use crate::supervisor;
use crate::trace::{Kind, Place};
use crate::world::{CellId, EventId, LockId, Op, Outcome, ThreadId, ThreadState};
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use loom::sync::atomic::{AtomicBool, AtomicI64};
use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The bytes of the stack that loom gives the main thread, whatever it needs.
const MAIN_STACK: usize = 0x8000;

type Name = Option<Cow<'static, str>>;

thread_local! {
    static RUN: RefCell<Run> = RefCell::new(Run::default());
}

/// Unwinds out of loom.
pub(crate) enum Leave {
    /// The engine has seen enough.
    Enough,
    /// The program is too large for loom, and this is why.
    TooLarge(String),
}

/// Looks at the run under way.
pub(crate) fn with_run<T>(f: impl FnOnce(&mut Run) -> T) -> T {
    RUN.with_borrow_mut(f)
}

/// Runs a program as the main thread, unless the engine has seen enough.
pub(crate) fn main_thread<R: 'static>(program: &(impl Fn() -> R + ?Sized)) {
    if !with_run(Run::report) {
        resume_unwind(Box::new(Leave::Enough));
    }
    with_run(Run::begin);
    Stack::begin(MAIN_STACK);
    if let Some(result) = live(program) {
        let panic = result.as_ref().err().map(|payload| quiet::message(&**payload));
        with_run(|run| run.result = result.ok().map(|result| Box::new(result) as _));
        end(panic);
    }
}

/// Runs a thread's body to its end, and says how it ended; nothing if the run was over before.
fn live<T>(body: impl FnOnce() -> T) -> Option<super::thread::Result<T>> {
    supervisor::moves(true);
    let result = catch_unwind(AssertUnwindSafe(body));
    Stack::end();
    supervisor::moves(false);
    match (with_run(|run| run.state), result) {
        (State::Over(Over::Stopped), Err(payload)) => resume_unwind(payload),
        (State::Over(_), _) => None,
        (_, result) => Some(result),
    }
}

/// Notes that the current thread has ended, and wakes whom that concerns.
fn end(panic: Option<String>) {
    let (joiners, left) = with_run(|run| {
        run.leave(panic);
        (run.granted(Op::Join(run.current)), run.settle())
    });
    wake(joiners);
    wake(left);
    supervisor::moves(false);
}

/// Steps into loom, where other threads may move before `f` does. Whatever panics there is loom.
fn in_loom<T>(f: impl FnOnce() -> T) -> T {
    let thread = with_run(|run| run.current);
    match catch_unwind(AssertUnwindSafe(|| quiet::while_others_move(f))) {
        Ok(value) => {
            with_run(|run| run.current = thread);
            value
        }
        Err(payload) => give_up(payload),
    }
}

/// Ends the search.
fn give_up(why: Box<dyn Any + Send>) -> ! {
    with_run(|run| run.state.stop(Over::Stopped));
    resume_unwind(why)
}

/// Performs an operation: `access` does it in loom and says what it answers, or that it must wait.
fn perform(op: Op, place: Place, access: impl Fn() -> Option<Outcome>) -> Outcome {
    Stack::check(place);
    match with_run(|run| run.announce(op, place)) {
        State::Running => {}
        State::Over(_) => return after_the_end(op),
        State::Idle => outside(),
    }
    loop {
        if let Some(answer) = in_loom(&access) {
            return with_run(|run| run.take_effect(op, answer));
        }
        if let State::Over(_) = park(Some(op)) {
            return after_the_end(op);
        }
    }
}

/// Waits for the wish to be granted, or for the end of the run.
fn park(wish: Option<Op>) -> State {
    let thread = loom::thread::current();
    let left = with_run(|run| {
        run.park(Parked { wish, unpark: Box::new(move || thread.unpark()) });
        run.settle()
    });
    if left.is_empty() {
        in_loom(loom::thread::park);
    } else {
        wake(left);
    }
    with_run(|run| run.state)
}

/// Performs an operation that may let others go on.
fn perform_for(wish: Op, op: Op, place: Place, access: impl Fn() -> Outcome) -> Outcome {
    let outcome = perform(op, place, || Some(access()));
    wake(with_run(|run| run.granted(wish)));
    outcome
}

fn register(kind: Kind, name: Name, place: Place) -> usize {
    with_run(|run| {
        if run.state == State::Idle {
            outside();
        }
        run.tape.register(kind, run.current, name, place)
    })
}

pub(super) fn checkpoint(_: Vec<u8>) {}

pub(super) fn cut() {
    if with_run(|run| run.state) == State::Running {
        park(None);
    }
    abandon();
}

pub(super) fn sleep(_: Duration, place: Place) {
    yield_now(place);
}

/// No scheduling point: loom's own yield keeps the thread from going on at once, and so hides what
/// happens when it does.
pub(super) fn yield_now(place: Place) {
    perform(Op::Yield, place, || Some(Outcome::Done));
}

/// Reads a flag as a read-modify-write does: never an old value.
fn newest(flag: &AtomicBool) -> bool {
    flag.fetch_or(false, Acquire)
}

/// Performs a question.
fn ask(op: Op, place: Place, flag: &AtomicBool) -> bool {
    perform(op, place, || Some(Outcome::Is(newest(flag)))) == Outcome::Is(true)
}

#[derive(Debug)]
pub(super) struct Lock {
    id: LockId,
    held: AtomicBool,
}

impl Lock {
    pub(super) fn new(name: Name, place: Place) -> Self {
        Self { id: LockId::new(register(Kind::Lock, name, place)), held: AtomicBool::new(false) }
    }

    pub(super) fn acquire(&self, place: Place) {
        perform(Op::Acquire(self.id), place, || self.take().then_some(Outcome::Done));
    }

    pub(super) fn acquire_timeout(&self, _: Duration, place: Place) -> bool {
        let access = || Some(if self.take() { Outcome::Acquired } else { Outcome::TimedOut });
        perform(Op::AcquireTimeout(self.id), place, access) == Outcome::Acquired
    }

    pub(super) fn release(&self, place: Place) -> bool {
        perform_for(Op::Acquire(self.id), Op::Release(self.id), place, || {
            if self.held.swap(false, Release) { Outcome::Done } else { Outcome::NotHeld }
        }) == Outcome::Done
    }

    pub(super) fn locked(&self, place: Place) -> bool {
        ask(Op::Locked(self.id), place, &self.held)
    }

    fn take(&self) -> bool {
        self.held.compare_exchange(false, true, Acquire, Relaxed).is_ok()
    }
}

#[derive(Debug)]
pub(super) struct Cell {
    id: CellId,
    value: AtomicI64,
    /// Passed before a load, so that loom sees every race of loads.
    turnstile: AtomicBool,
}

impl Cell {
    pub(super) fn new(value: i64, name: Name, place: Place) -> Self {
        let id = CellId::new(register(Kind::Cell, name, place));
        with_run(|run| {
            run.world.create_cell(id, value);
            run.tape.create_cell(id, value);
        });
        Self { id, value: AtomicI64::new(value), turnstile: AtomicBool::new(false) }
    }

    pub(super) fn load(&self, place: Place) -> i64 {
        let access = || {
            if with_run(|run| run.thorough) {
                self.turnstile.swap(true, Relaxed);
            }
            Some(Outcome::Value(self.value.load(Relaxed)))
        };
        match perform(Op::Load(self.id), place, access) {
            Outcome::Value(value) => value,
            other => unreachable!("a load answers with a value, not {other:?}"),
        }
    }

    pub(super) fn store(&self, value: i64, place: Place) {
        perform(Op::Store(self.id, value), place, || {
            self.value.store(value, Relaxed);
            Some(Outcome::Done)
        });
    }
}

#[derive(Debug)]
pub(super) struct Event {
    id: EventId,
    raised: AtomicBool,
}

impl Event {
    pub(super) fn new(name: Name, place: Place) -> Self {
        Self {
            id: EventId::new(register(Kind::Event, name, place)),
            raised: AtomicBool::new(false),
        }
    }

    pub(super) fn set(&self, place: Place) {
        perform_for(Op::Wait(self.id), Op::Set(self.id), place, || {
            self.raised.swap(true, Release);
            Outcome::Done
        });
    }

    pub(super) fn clear(&self, place: Place) {
        perform(Op::Clear(self.id), place, || {
            self.raised.swap(false, Release);
            Some(Outcome::Done)
        });
    }

    pub(super) fn is_set(&self, place: Place) -> bool {
        ask(Op::IsSet(self.id), place, &self.raised)
    }

    pub(super) fn wait(&self, place: Place) {
        perform(Op::Wait(self.id), place, || newest(&self.raised).then_some(Outcome::Done));
    }
}

#[derive(Debug)]
pub(super) struct JoinHandle<T> {
    thread: ThreadId,
    shared: Arc<Shared<T>>,
}

/// What a thread leaves to those who join it.
#[derive(Debug)]
struct Shared<T> {
    ended: AtomicBool,
    result: Mutex<Option<super::thread::Result<T>>>,
}

pub(super) fn spawn<T, F>(body: F, name: Name, place: Place) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let thread = ThreadId::new(register(Kind::Thread, name, place));
    let shared = Arc::new(Shared { ended: AtomicBool::new(false), result: Mutex::new(None) });
    let handle = JoinHandle { thread, shared: Arc::clone(&shared) };
    perform(Op::Spawn(thread), place, || Some(Outcome::Done));
    if !with_run(|run| run.state.is_over()) {
        start(move || {
            with_run(|run| run.current = thread);
            Stack::begin(SIZE);
            if let Some(result) = live(body) {
                let panic = result.as_ref().err().map(|payload| quiet::message(&**payload));
                *shared.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                in_loom(|| shared.ended.swap(true, Release));
                end(panic);
            }
        });
    }
    handle
}

/// Starts one of loom's threads, if it has any left.
fn start(thread: impl FnOnce() + Send + 'static) {
    let exists = |state: &&ThreadState| **state != ThreadState::Absent;
    if with_run(|run| run.world.threads.iter().filter(exists).count()) > loom::MAX_THREADS {
        let most = format!("loom follows no more than {} threads", loom::MAX_THREADS);
        give_up(Box::new(Leave::TooLarge(most)));
    }
    let builder = loom::thread::Builder::new().stack_size(SIZE / size_of::<usize>());
    if let Err(error) = builder.spawn(thread) {
        give_up(Box::new(Leave::TooLarge(format!("a thread cannot be started: {error}"))));
    }
}

impl<T> JoinHandle<T> {
    pub(super) fn join(self, place: Place) -> super::thread::Result<T> {
        let op = Op::Join(self.thread);
        perform(op, place, || {
            // A look before the end would be one more access to reorder, and never of any use.
            let ended = with_run(|run| run.world.enabled(op));
            ended.then(|| newest(&self.shared.ended)).map(|_| Outcome::Done)
        });
        let mut result = self.shared.result.lock().unwrap_or_else(PoisonError::into_inner);
        result.take().unwrap_or_else(|| Err(Box::new("the run ended before the thread did")))
    }

    pub(super) fn is_finished(&self, place: Place) -> bool {
        ask(Op::IsFinished(self.thread), place, &self.shared.ended)
    }
}
