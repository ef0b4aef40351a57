//! The OS threads that belong to a run, and what they make.

use super::run::{Abandoned, Run};
use super::{Name, noise, start};
use crate::supervisor::{Membership, keep};
use crate::sync::quiet::{message, quietly};
use crate::sync::stack::{SIZE, Stack};
use crate::sync::thread::Result;
use crate::trace::{Kind, Place};
use crate::world::{Op, Outcome, ThreadId, World};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread::Builder;
use std::time::Instant;

thread_local! {
    static HERE: RefCell<Option<Here>> = const { RefCell::new(None) };
}

type Here = (Arc<Run>, ThreadId);

/// The run and the thread of it that call this, if a run does.
pub(super) fn here() -> Option<Here> {
    HERE.with_borrow(Clone::clone)
}

/// The thread of this run that calls this.
pub(super) fn member_of(run: &Run) -> ThreadId {
    HERE.with_borrow(|here| match here {
        Some((own, thread)) if std::ptr::eq(&**own, run) => *thread,
        _ => panic!("a primitive of a checked program is used outside of it"),
    })
}

/// An OS thread's part in a run; whoever waits for the run waits until it is dropped.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) run: Arc<Run>,
    pub(super) thread: ThreadId,
}

impl Member {
    /// Runs a thread's body to its end, and notes how it ended. The thread leaves when nothing is left of
    /// it.
    fn live<T>(self, body: impl FnOnce() -> T) -> T {
        let (run, thread) = (Arc::clone(&self.run), self.thread);
        keep(self);
        HERE.set(Some((Arc::clone(&run), thread)));
        noise::begin(run.seed_of(thread));
        Stack::begin(SIZE);
        let result = quietly(|| (), || outcome(&run, thread, body));
        HERE.set(None);
        result.unwrap_or_else(|payload| resume_unwind(payload))
    }
}

fn outcome<T>(run: &Run, thread: ThreadId, body: impl FnOnce() -> T) -> Result<T> {
    if run.is_over() {
        return Err(Box::new(Abandoned));
    }
    let result = catch_unwind(AssertUnwindSafe(body));
    let panic = result.as_ref().err().map(|payload| message(&**payload));
    run.end(thread, panic);
    result
}

impl Drop for Member {
    fn drop(&mut self) {
        self.run.leave();
    }
}

/// What a run knows a primitive by.
#[derive(Debug)]
pub(super) struct Recorded<I> {
    pub(super) run: Arc<Run>,
    pub(super) id: I,
}

impl<I: Copy> Recorded<I> {
    /// Registers what is being made, if a run makes it.
    pub(super) fn new(kind: Kind, id: fn(usize) -> I, name: Name, place: Place) -> Option<Self> {
        let (run, maker) = here()?;
        let index = run.register(kind, maker, name, place);
        Some(Self { run, id: id(index) })
    }

    /// Performs an operation on the record.
    #[cold]
    pub(super) fn perform(
        &self,
        op: impl FnOnce(I) -> Op,
        place: Place,
        act: impl FnMut(&World) -> Option<Outcome>,
    ) -> Outcome {
        self.run.perform(op(self.id), place, act)
    }

    /// The same, asking `act` once more at the deadline.
    pub(super) fn perform_until(
        &self,
        deadline: Option<Instant>,
        op: impl FnOnce(I) -> Op,
        place: Place,
        act: impl FnMut(&World) -> Option<Outcome>,
    ) -> Outcome {
        self.run.perform_until(deadline, op(self.id), place, act)
    }
}

impl Recorded<ThreadId> {
    /// Starts the thread in fact.
    pub(super) fn start<T, F>(&self, name: Name, body: F) -> std::thread::JoinHandle<T>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        let member = self.run.admit(self.id);
        let membership = Membership::of_this_search();
        start(Builder::new().stack_size(SIZE), name, move || {
            if let Some(membership) = membership {
                membership.enter();
            }
            member.live(body)
        })
    }

    /// Waits until the thread has ended; says no if the run was over before.
    pub(super) fn join(&self, place: Place) -> bool {
        let joined = |world: &World| world.thread(self.id).finish().map(Outcome::Joined);
        matches!(self.perform(Op::Join, place, joined), Outcome::Joined(_))
    }

    pub(super) fn is_finished(&self, place: Place) -> bool {
        let ended = |world: &World| world.thread(self.id).finish().is_some();
        let ended = |world: &World| Some(Outcome::Is(ended(world)));
        self.perform(Op::IsFinished, place, ended) == Outcome::Is(true)
    }
}
