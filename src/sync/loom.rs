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

mod atomic;
mod cell;
mod guarded;
mod lock;
mod stand_ins;
mod thread;

pub(crate) use super::parking::Run;
use super::parking::{Parked, wake};
use super::quiet;
pub(super) use super::quiet::is_unwinding;
use super::refusal;
pub(crate) use super::run::Over;
use super::run::State;
use super::scripts::MOST;
use super::stack::Stack;
pub(super) use super::unfollowed::{
    end_tells, gave, hands_back, is_kept, keeps, memory_of, past, publish, refuse, takes_in_hand,
    version,
};
use crate::supervisor;
use crate::sync::value::Value;
use crate::thousands;
use crate::trace::Place;
use crate::world::{Choice, Op, Outcome, ThreadId, ThreadOp};
pub(super) use atomic::{Atomic, name_of, with_pointers};
pub(super) use cell::Cell;
pub(super) use guarded::Guarded;
pub(super) use lock::Lock;
pub(super) use loom::sync::atomic as raw;
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::Acquire;
pub(super) use stand_ins::stand_in;
use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;
pub(super) use thread::{JoinHandle, spawn};

/// The bytes of the stack that loom gives the main thread, whatever it needs.
const MAIN_STACK: usize = 0x8000;

/// A thread that outlived its run.
struct Abandoned;

/// How often the threads of a run are unwound: one that catches it, and tries again for ever, has to come to
/// an end.
const MOST_UNWOUND: u32 = 100;

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

/// The same, of somebody who goes on.
pub(super) fn refuse_quietly(why: String) {
    with_run(|run| run.refuse(why));
}

/// The search must not be believed, and this is why.
pub(super) fn end_search(why: String) -> ! {
    with_run(|run| run.refuse(why));
    leave()
}

/// Runs a program as the main thread, unless the engine has seen enough.
pub(crate) fn main_thread(program: &(impl Fn() -> Value + ?Sized)) {
    if !with_run(Run::report) {
        resume_unwind(Box::new(Leave::Enough));
    }
    with_run(Run::begin);
    super::thread::forget_all();
    stand_ins::make_all();
    Stack::begin(MAIN_STACK);
    let keep = |result: super::thread::Result<Value>| {
        if let Ok(result) = result {
            with_run(|run| run.result = Some(result));
        }
    };
    if let Some(panic) = live(program, keep) {
        end(panic);
    }
}

/// Runs a thread's body to its end, has `keep` take what it returned or panicked, and says how it ended;
/// nothing if the run was over before.
fn live<T>(
    body: impl FnOnce() -> T,
    keep: impl FnOnce(super::thread::Result<T>),
) -> Option<Option<String>> {
    supervisor::moves(true);
    let mut panic = None;
    let stopped = || with_run(|run| run.state) == State::Over(Over::Stopped);
    let kept = catch_unwind(AssertUnwindSafe(|| match catch_unwind(AssertUnwindSafe(body)) {
        Err(payload) if stopped() => resume_unwind(payload),
        result => {
            panic = result.as_ref().err().map(|payload| quiet::message(&**payload));
            keep(result);
        }
    }));
    let kept = match with_run(|run| run.state) {
        State::Running => kept.and_then(|()| catch_unwind(super::thread::drop_locals)),
        _ => kept,
    };
    Stack::end();
    supervisor::moves(false);
    super::thread::forget();
    match (with_run(|run| run.state), kept) {
        (State::Over(Over::Stopped), Err(payload)) => resume_unwind(payload),
        // The program has caught what ends the search. No other thread may move any more: it may borrow what
        // was unwound.
        (State::Over(Over::Stopped), Ok(())) => leave(),
        (State::Over(_), _) => None,
        (_, Ok(())) => Some(panic),
        (_, Err(payload)) => {
            let why = panic.unwrap_or_else(|| quiet::message(&*payload));
            // It may panic in turn.
            std::mem::forget(payload);
            Some(Some(why))
        }
    }
}

/// Notes that the current thread has ended, and wakes whom that concerns.
fn end(panic: Option<String>) {
    let (joiners, left) = with_run(|run| {
        run.leave(panic);
        (run.granted(Op::Thread(run.current, ThreadOp::Join)), run.settle())
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
#[track_caller]
fn perform(op: Op, place: Place, mut access: impl FnMut() -> Option<Outcome>) -> Outcome {
    Stack::check(place);
    match with_run(|run| run.announce(op, place)) {
        State::Running => {}
        State::Over(_) => return after_the_end(op),
        State::Idle => refusal::outside(refusal::used_outside(place)),
    }
    loop {
        let answer = in_loom(&mut access);
        if let State::Over(_) = with_run(|run| run.state) {
            return after_the_end(op);
        }
        if let Some(answer) = answer {
            let (outcome, granted) = with_run(|run| (run.take_effect(op, answer), run.granted(op)));
            wake(granted);
            return outcome;
        }
        if let Some(left) = with_run(|run| run.race(op)) {
            wake(left);
            return after_the_end(op);
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
        let unpark = Box::new(move || thread.unpark());
        run.park(Parked { thread: run.current, wish, unpark });
        run.settle()
    });
    if left.is_empty() {
        in_loom(loom::thread::park);
    } else {
        wake(left);
    }
    with_run(|run| run.state)
}

/// What a destructor is told while the stack of an abandoned thread is unwound.
fn after_the_end(op: Op) -> Outcome {
    abandon();
    with_run(|run| run.after_the_end(op))
}

/// Unwinds a thread that outlived its run, unless it is being unwound, or has caught that too often.
fn abandon() {
    if !is_unwinding() && with_run(|run| run.is_unwound_again(MOST_UNWOUND)) {
        quiet::unwind(Box::new(Abandoned));
    }
}

/// What is made after the end is no object of the run.
pub(super) fn index_after_the_end() -> usize {
    abandon();
    with_run(|run| run.epilogue().number())
}

/// Ends a search that must not be believed.
pub(super) fn leave() -> ! {
    resume_unwind(Box::new(Leave::Enough))
}

/// Refuses a search that begins inside of another one.
pub(crate) fn refuse_inside_of_a_run(place: Option<Place>) {
    if with_run(|run| run.state) == State::Idle {
        return;
    }
    with_run(|run| run.refuse(refusal::inside_of_a_run(place)));
    leave()
}

pub(super) fn checkpoint(_: super::checkpoint::Promise) {}

/// Lets threads of a run that is over come to their ends, and says whether to ask again: they never move any
/// more once the search is stopped.
pub(super) fn let_others_end() -> bool {
    if with_run(|run| run.state) == State::Over(Over::Stopped) {
        return false;
    }
    if catch_unwind(|| in_loom(loom::thread::yield_now)).is_err() {
        supervisor::lose(
            "by a thread that others borrow from, and for which loom does not let them end",
        );
    }
    true
}

pub(super) fn cut() {
    if with_run(|run| run.state) == State::Running {
        park(None);
    }
    abandon();
}

#[track_caller]
pub(super) fn sleep(_: Duration, place: Place) {
    yield_now(place);
}

/// No scheduling point: loom's own yield keeps the thread from going on at once, and so hides what
/// happens when it does.
#[track_caller]
pub(super) fn yield_now(place: Place) {
    perform(Op::Yield, place, || Some(Outcome::Done));
}

pub(super) fn fence(order: std::sync::atomic::Ordering) {
    in_loom(|| raw::fence(order));
}

/// One of so many, as the script says. What is no operation of loom's is no scheduling point.
#[track_caller]
pub(super) fn choose(of: u32, place: Place) -> Outcome {
    let taken = with_run(|run| run.choices.choose(run.current, of));
    let Some(taken) = taken else {
        give_up(Box::new(Leave::TooLarge(format!(
            "a thread makes more than {} choices",
            thousands(MOST)
        ))))
    };
    let op = Op::Choose(Choice { of, taken: Some(taken) });
    perform(op, place, || Some(Outcome::Value(taken.into())))
}

/// Loom has nothing fail spuriously.
pub(super) fn is_unlucky() -> bool {
    false
}

/// Reads a flag as a read-modify-write does: never an old value.
fn newest(flag: &AtomicBool) -> bool {
    flag.fetch_or(false, Acquire)
}

/// Performs a question.
#[track_caller]
fn ask(op: Op, place: Place, flag: &AtomicBool) -> bool {
    perform(op, place, || Some(Outcome::Is(newest(flag)))) == Outcome::Is(true)
}
