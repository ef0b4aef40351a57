//! The OS threads that belong to a run, and what they make.

use super::run::{Abandoned, Run};
use super::{Mutex, Name, noise};
use crate::supervisor::{Search, keep};
use crate::sync::quiet::{message, quietly};
use crate::sync::refusal::Stray;
use crate::sync::stack::{SIZE, Stack};
use crate::sync::thread::{Result, drop_locals};
use crate::trace::{Maker, Place};
use crate::world::{Id, Outcome, Primitive, ThreadId, ThreadOp, World};
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::thread::Builder;
use std::time::Instant;

thread_local! {
    static HERE: RefCell<Option<Here>> = const { RefCell::new(None) };
}

type Here = (Arc<Run>, ThreadId);

/// The run and the thread of it that call this, if a run does; none does where this OS thread comes to its end.
pub(super) fn here() -> Option<Here> {
    HERE.try_with(|here| here.borrow().clone()).ok().flatten()
}

/// Whether a run is under way on this OS thread.
#[inline]
pub(in crate::sync) fn is_checking() -> bool {
    HERE.try_with(|here| here.borrow().is_some()).unwrap_or(false)
}

/// An OS thread's part in a run; whoever waits for the run waits until it is dropped.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) run: Arc<Run>,
    pub(super) thread: ThreadId,
}

impl Member {
    /// Runs a thread's body to its end, has `keep_result` take what it returned or panicked, and notes how
    /// it ended. The thread leaves when nothing is left of it.
    fn live<T>(self, body: impl FnOnce() -> T, keep_result: impl FnOnce(Result<T>)) {
        let (run, thread) = (Arc::clone(&self.run), self.thread);
        keep(self);
        HERE.set(Some((Arc::clone(&run), thread)));
        noise::begin(run.seed_of(thread));
        Stack::begin(SIZE);
        quietly(|| (), || end_of(&run, thread, body, keep_result));
        HERE.set(None);
    }
}

/// Runs a thread's body to its end, has `keep` take what it returned or panicked, and notes how it ended.
fn end_of<T>(run: &Run, thread: ThreadId, body: impl FnOnce() -> T, keep: impl FnOnce(Result<T>)) {
    let mut panic = None;
    let kept = catch_unwind(AssertUnwindSafe(|| {
        if run.is_over() {
            return drop(body);
        }
        let result = catch_unwind(AssertUnwindSafe(body));
        panic = result.as_ref().err().map(|payload| message(&**payload));
        keep(result);
    }));
    let kept = kept.and_then(|()| if run.is_over() { Ok(()) } else { catch_unwind(drop_locals) });
    if let Err(payload) = kept {
        panic.get_or_insert_with(|| message(&*payload));
        // It may panic in turn.
        std::mem::forget(payload);
    }
    run.end(thread, panic);
}

impl Drop for Member {
    fn drop(&mut self) {
        self.run.leave();
    }
}

/// What a thread returned or panicked, once it has.
pub(super) type Returned<T> = Arc<Mutex<Option<Result<T>>>>;

/// What a run knows a primitive by.
#[derive(Debug)]
pub(in crate::sync) struct Recorded<I> {
    pub(super) run: Arc<Run>,
    pub(super) id: I,
    name: Name,
    place: Place,
}

impl<I: Id> Recorded<I> {
    /// Registers what is being made or come to, if a run does that.
    pub(super) fn new(maker: Maker, place: Place) -> Option<Self> {
        let (run, mover) = here()?;
        let name = maker.name();
        let index = run.register(I::KIND, mover, maker, place)?;
        Some(Self { run, id: I::new(index), name, place })
    }

    /// The thread that calls this, of the run that the primitive belongs to.
    fn user(&self, place: Place) -> ThreadId {
        match here() {
            Some((run, thread)) if Arc::ptr_eq(&run, &self.run) => thread,
            other => self.refuse(other.map(|(run, _)| run), place),
        }
    }

    /// Whether it belongs to the run that drops a part of it. Nobody panics who drops, but a search that does
    /// not see all of that must not be believed.
    pub(super) fn is_dropped_here(&self, place: Place) -> bool {
        let name = self.name.as_deref();
        let stray = Stray { kind: I::KIND, name, made: self.place, used: place };
        match here() {
            Some((run, _)) if Arc::ptr_eq(&run, &self.run) => return true,
            Some((run, _)) => run.refuse(stray.in_another_run()),
            None => self.run.mark.refuse(format!("because {}", stray.outside())),
        }
        false
    }

    #[cold]
    fn refuse(&self, user: Option<Arc<Run>>, place: Place) -> ! {
        let name = self.name.as_deref();
        let stray = Stray { kind: I::KIND, name, made: self.place, used: place };
        match user {
            None => {
                let why = stray.outside();
                self.run.mark.refuse(format!("because {why}"));
                panic!("{why}");
            }
            Some(run) => run.refuse(stray.in_another_run()),
        }
        resume_unwind(Box::new(Abandoned))
    }

    /// Performs an operation on the record.
    #[cold]
    pub(super) fn perform(
        &self,
        deed: I::Op,
        place: Place,
        act: impl FnMut(&World) -> Option<Outcome>,
    ) -> Outcome {
        self.run.perform(self.user(place), self.id.op(deed), place, act)
    }

    /// The same, asking `act` once more at the deadline.
    pub(super) fn perform_until(
        &self,
        deadline: Option<Instant>,
        deed: I::Op,
        place: Place,
        act: impl FnMut(&World) -> Option<Outcome>,
    ) -> Outcome {
        self.run.perform_until(deadline, (self.user(place), self.id.op(deed)), place, act)
    }
}

impl<P: Primitive> Recorded<P> {
    /// The same, with this first state. What a thread has whoever comes to it begins by itself.
    pub(super) fn beginning(first: P::State, maker: Maker, place: Place) -> Option<Self> {
        let begins = !matches!(maker, Maker::Of(_));
        let recorded = Self::new(maker, place)?;
        if begins {
            recorded.run.create(recorded.id, first);
        }
        Some(recorded)
    }
}

impl Recorded<ThreadId> {
    /// The main thread.
    pub(super) fn main(run: Arc<Run>) -> Self {
        Self { run, id: ThreadId::MAIN, name: Some("main".into()), place: Place::caller() }
    }

    /// Starts the thread in fact. If nobody waits for what it returns, it drops that itself.
    ///
    /// # Safety
    /// What the body and its result borrow must be there until both are dropped.
    pub(super) unsafe fn start<T, F>(&self, body: F) -> (std::thread::JoinHandle<()>, Returned<T>)
    where
        F: FnOnce() -> T + Send,
        T: Send,
    {
        self.run.admit();
        let member = Member { run: Arc::clone(&self.run), thread: self.id };
        let search = Search::here();
        let returned = Returned::default();
        let theirs = Arc::clone(&returned);
        let body = move || {
            if let Some(search) = search {
                search.enter();
            }
            member.live(body, move |result| *theirs.lock() = Some(result));
        };
        // SAFETY: the caller's.
        let thread = unsafe { start(Builder::new().stack_size(SIZE), self.name.clone(), body) };
        (thread, returned)
    }

    /// Waits until the thread has ended; says no if the run was over before.
    pub(super) fn join(&self, place: Place) -> bool {
        let joined = |world: &World| world.thread(self.id).finish().map(Outcome::Joined);
        matches!(self.perform(ThreadOp::Join, place, joined), Outcome::Joined(_))
    }

    pub(super) fn is_finished(&self, place: Place) -> bool {
        let ended = |world: &World| world.thread(self.id).finish().is_some();
        let ended = |world: &World| Some(Outcome::Is(ended(world)));
        self.perform(ThreadOp::IsFinished, place, ended) == Outcome::Is(true)
    }
}

/// # Safety
/// What the body and its result borrow must be there until both are dropped.
pub(super) unsafe fn start<T, F>(
    mut builder: Builder,
    name: Name,
    body: F,
) -> std::thread::JoinHandle<T>
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    if let Some(name) = name {
        builder = builder.name(name.into_owned());
    }
    // SAFETY: the caller's.
    let thread = unsafe { builder.spawn_unchecked(body) };
    thread.unwrap_or_else(|error| panic!("failed to start a thread: {error}"))
}
