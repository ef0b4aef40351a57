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
//!
//! Loom remembers one latest access of each atomic. A load hides the loads before it: if the same
//! thread then stores, loom sees no race of that store with the other loads, and never tries it
//! before them (loom 0.7.3: `load` against `load; store` is never seen to read what was stored). So
//! a load of a cell first passes a turnstile, an atomic that makes loom try loads in every order.
//! (See <https://github.com/tokio-rs/loom/issues/166> and 392.) It is left open in a search with
//! bounded preemptions, which proves nothing anyway, and finds a failure the sooner.

use super::quiet;
pub(crate) use super::run::Over;
use super::run::{Abandoned, State, after_the_end, outside};
use crate::trace::{Kind, Place, Tape};
use crate::world::{CellId, EventId, Finish, LockId, Op, Outcome, ThreadId, ThreadState, World};
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use loom::sync::atomic::{AtomicBool, AtomicI64};
use loom::thread::Thread;
use std::any::Any;
use std::borrow::Cow;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

type Name = Option<Cow<'static, str>>;
type Watch = Box<dyn FnMut(&mut Run, Over) -> bool>;

thread_local! {
    static RUN: RefCell<Run> = RefCell::new(Run::default());
}

/// The run under way on this OS thread.
#[derive(Default)]
pub(crate) struct Run {
    /// What the threads share; the newest value of everything.
    pub(crate) world: World,
    /// What has happened.
    pub(crate) tape: Tape,
    /// How often a thread that could have gone on lost its turn.
    pub(crate) preemptions: u32,
    state: State,
    current: ThreadId,
    /// Who performed the latest operation.
    last: ThreadId,
    parked: Vec<Parked>,
    result: Option<Box<dyn Any>>,
    watch: Option<Watch>,
    /// Whether loom must miss nothing.
    thorough: bool,
}

/// A thread that waits.
struct Parked {
    /// For this to be possible; for nothing, if it was cut off.
    wish: Option<Op>,
    thread: Thread,
}

/// How loom is to search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// The most preemptions in a run, if they are bounded.
    pub(crate) preemptions: Option<usize>,
    /// The most choices in a run.
    pub(crate) max_branches: usize,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Search {
    /// Loom has nothing left to explore.
    Complete,
    /// The engine has seen enough.
    Stopped,
    /// Loom cannot go on, and this is why.
    GaveUp(String),
}

/// Unwinds out of loom when the engine has seen enough.
struct Enough;

/// Unwinds out of loom when the program is too large for it.
struct TooLarge(String);

/// Has loom explore a program. `watch` sees each run when it has ended, and says whether to go on.
///
/// Every setting that an environment variable of loom's could change is set here.
pub(crate) fn explore<R: 'static>(
    settings: Settings,
    program: Arc<dyn Fn() -> R + Send + Sync>,
    watch: impl FnMut(&mut Run, Over) -> bool + 'static,
) -> Search {
    let (watch, thorough) = (Some(Box::new(watch) as Watch), settings.preemptions.is_none());
    with_run(|run| *run = Run { watch, thorough, ..Run::default() });
    let builder = builder(settings);
    let explored = catch_unwind(AssertUnwindSafe(|| builder.check(move || main_thread(&*program))));
    let mut run = with_run(std::mem::take);
    match explored {
        Ok(()) => {
            run.report();
            Search::Complete
        }
        Err(payload) if payload.is::<Enough>() => Search::Stopped,
        Err(payload) => Search::GaveUp(complaint(payload, settings)),
    }
}

fn complaint(payload: Box<dyn Any + Send>, settings: Settings) -> String {
    match payload.downcast::<TooLarge>() {
        Ok(large) => large.0,
        Err(payload) => match quiet::text(&*payload) {
            text if text.starts_with("Model exceeded maximum number of branches") => {
                format!("a run has more than {} choices", settings.max_branches)
            }
            text => text,
        },
    }
}

/// The coroutines that loom runs its threads on install a panic hook when they are first used.
pub(crate) fn install_looms_hook() {
    builder(Settings { preemptions: None, max_branches: 10 }).check(|| ());
}

fn builder(settings: Settings) -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_threads = loom::MAX_THREADS;
    builder.max_branches = settings.max_branches;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.preemption_bound = settings.preemptions;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = usize::MAX;
    builder.location = false;
    builder.log = false;
    builder
}

fn with_run<T>(f: impl FnOnce(&mut Run) -> T) -> T {
    RUN.with_borrow_mut(f)
}

impl Run {
    /// What the checked closure returned.
    pub(crate) fn take_result(&mut self) -> Option<Box<dyn Any>> {
        self.result.take()
    }

    /// Shows the run before to the engine, and says whether to go on.
    fn report(&mut self) -> bool {
        let Some(over) = self.state.close() else { return true };
        let Some(mut watch) = self.watch.take() else { return true };
        let go_on = watch(self, over);
        self.watch = Some(watch);
        go_on
    }

    fn begin(&mut self) {
        self.world = World::new();
        self.tape.begin();
        self.preemptions = 0;
        self.state = State::Running;
        self.current = ThreadId::MAIN;
        self.last = ThreadId::MAIN;
        self.parked.clear();
        self.result = None;
    }

    fn announce(&mut self, op: Op, place: Place) -> State {
        if self.state == State::Running {
            self.tape.announce(self.current, op, place);
        }
        self.state
    }

    /// An operation has taken effect in loom, with this answer: tells the world, and says what to
    /// note.
    fn take_effect(&mut self, op: Op, answer: Outcome) -> Outcome {
        let thread = self.current;
        self.note_switch(thread);
        if self.world.contended(op) {
            self.tape.contend(thread);
        }
        let outcome = match self.world.apply(thread, op) {
            Outcome::Value(_) | Outcome::Is(_) => answer,
            known => known,
        };
        self.tape.complete(thread, outcome);
        outcome
    }

    fn note_wait(&mut self, wish: Option<Op>) {
        if wish.is_some_and(|op| self.world.contended(op)) {
            self.tape.contend(self.current);
        }
    }

    fn note_switch(&mut self, thread: ThreadId) {
        let last = std::mem::replace(&mut self.last, thread);
        let could_go_on = self.tape.pending(last).is_some_and(|op| self.world.enabled(op));
        self.preemptions += u32::from(last != thread && could_go_on);
    }

    /// The threads that have waited for this.
    fn granted(&mut self, wish: Op) -> Vec<Parked> {
        self.parked.extract_if(.., |parked| parked.wish == Some(wish)).collect()
    }

    fn end(&mut self, panic: Option<String>) {
        let finish = Finish { panicked: panic.is_some(), token: 0 };
        self.world.finish(self.current, finish);
        self.tape.end(self.current, finish, panic);
    }

    /// Ends the run if no thread that has not ended can move; the threads that are left.
    ///
    /// A thread that was cut off does not end the run for the others: loom sees only the races of
    /// operations that it has come to, and would miss what they could have done before.
    fn settle(&mut self) -> Vec<Parked> {
        let unended = |state: &&ThreadState| **state == ThreadState::Running;
        if self.parked.len() < self.world.threads.iter().filter(unended).count() {
            return Vec::new();
        }
        self.state.stop(if self.parked.iter().any(|parked| parked.wish.is_none()) {
            Over::Cut
        } else if self.parked.is_empty() {
            Over::Finished
        } else {
            Over::Deadlocked
        });
        std::mem::take(&mut self.parked)
    }
}

/// Runs a program as the main thread, unless the engine has seen enough.
fn main_thread<R: 'static>(program: &(impl Fn() -> R + ?Sized)) {
    if !with_run(Run::report) {
        resume_unwind(Box::new(Enough));
    }
    with_run(Run::begin);
    if let Some(result) = live(program) {
        let panic = message_of(&result);
        with_run(|run| run.result = result.ok().map(|result| Box::new(result) as _));
        end(panic);
    }
}

/// Runs a thread's body to its end, and says how it ended; nothing if the run was over before.
fn live<T>(body: impl FnOnce() -> T) -> Option<super::thread::Result<T>> {
    let result = catch_unwind(AssertUnwindSafe(body));
    match (with_run(|run| run.state), result) {
        (State::Over(Over::Stopped), Err(payload)) => resume_unwind(payload),
        (State::Over(_), _) => None,
        (_, result) => Some(result),
    }
}

fn message_of<T>(result: &super::thread::Result<T>) -> Option<String> {
    result.as_ref().err().map(|payload| quiet::message(&**payload))
}

/// Notes that the current thread has ended, and wakes whom that concerns.
fn end(panic: Option<String>) {
    let (joiners, left) = with_run(|run| {
        run.end(panic);
        (run.granted(Op::Join(run.current)), run.settle())
    });
    wake(joiners);
    wake(left);
}

fn wake(threads: Vec<Parked>) {
    for parked in threads {
        parked.thread.unpark();
    }
}

/// Steps into loom, where other threads may move before `f` does. Whatever panics there is loom.
fn in_loom<T>(f: impl FnOnce() -> T) -> T {
    let thread = with_run(|run| run.current);
    let result = catch_unwind(AssertUnwindSafe(|| quiet::keeping_place(f)));
    match result {
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
        run.note_wait(wish);
        run.parked.push(Parked { wish, thread });
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
    resume_unwind(Box::new(Abandoned));
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

/// Reads a flag for a thread that will not wait for it.
fn glance(flag: &AtomicBool) -> Outcome {
    let thorough = with_run(|run| run.thorough);
    Outcome::Is(if thorough { newest(flag) } else { flag.load(Acquire) })
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
        let access = || Some(glance(&self.held));
        perform(Op::Locked(self.id), place, access) == Outcome::Is(true)
    }

    fn take(&self) -> bool {
        self.held.compare_exchange(false, true, Acquire, Relaxed).is_ok()
    }
}

#[derive(Debug)]
pub(super) struct Cell {
    id: CellId,
    value: AtomicI64,
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
        let access = || Some(glance(&self.raised));
        perform(Op::IsSet(self.id), place, access) == Outcome::Is(true)
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
            if let Some(result) = live(body) {
                let panic = message_of(&result);
                *shared.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
                in_loom(|| shared.ended.swap(true, Release));
                end(panic);
            }
        });
    }
    handle
}

/// Starts one of loom's threads, if it has any left.
fn start(thread: impl FnOnce() + 'static) {
    let exists = |state: &&ThreadState| **state != ThreadState::Absent;
    if with_run(|run| run.world.threads.iter().filter(exists).count()) > loom::MAX_THREADS {
        let most = format!("loom follows no more than {} threads", loom::MAX_THREADS);
        give_up(Box::new(TooLarge(most)));
    }
    loom::thread::spawn(thread);
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
        let access = || Some(glance(&self.shared.ended));
        perform(Op::IsFinished(self.thread), place, access) == Outcome::Is(true)
    }
}
