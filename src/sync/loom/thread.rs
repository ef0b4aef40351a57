//! Threads, as loom starts them.

use super::{Leave, ask, end, give_up, in_loom, live, newest, perform, with_run};
use crate::sync::Name;
use crate::sync::begin::{Unbegun, unbound};
use crate::sync::object::Object;
use crate::sync::stack::{SIZE, Stack};
use crate::sync::thread::Result;
use crate::trace::{Maker, Place};
use crate::world::{Op, Outcome, ThreadId, ThreadOp, ThreadState};
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::Release;
use parking_lot::Mutex;
use std::sync::Arc;

#[derive(Debug)]
pub(in crate::sync) struct JoinHandle<T> {
    thread: Object<ThreadId>,
    ended: Arc<AtomicBool>,
    /// What it returned or panicked, once it has.
    returned: Arc<Mutex<Option<Result<T>>>>,
}

/// Starts a thread.
///
/// # Safety
/// What the body and its result borrow must be there until the body has been run, and for as long as any
/// thread of the run moves if it has not.
#[track_caller]
pub(in crate::sync) unsafe fn spawn<T, F>(body: F, name: Name, place: Place) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send,
    T: Send,
{
    let body = Unbegun::new(body);
    let thread = Object::<ThreadId>::new(Maker::Mover(name), place);
    let id = thread.id;
    let ended = Arc::new(AtomicBool::new(false));
    let handle = JoinHandle { thread, ended: Arc::clone(&ended), returned: Arc::default() };
    let returned = Unbegun::new(Arc::clone(&handle.returned));
    perform(Op::Thread(id, ThreadOp::Spawn), place, || Some(Outcome::Done));
    if !with_run(|run| run.state.is_over()) {
        let thread = move || {
            with_run(|run| run.current = id);
            Stack::begin(SIZE);
            let returned = returned.begin();
            // If nobody has a handle any more, the thread drops here what it returned, as in std.
            if let Some(panic) = live(body.begin(), move |result| *returned.lock() = Some(result)) {
                in_loom(|| ended.swap(true, Release));
                end(panic);
            }
        };
        // SAFETY: loom runs it while threads of the run move. When a thread has left loom by a panic, loom forgets
        // the stacks of the others, and drops the bodies that have not begun, which does nothing.
        start(unsafe { unbound(thread) });
    }
    handle
}

/// Starts one of loom's threads, if it has any left.
fn start(thread: Box<dyn FnOnce() + Send>) {
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
    pub(in crate::sync) fn id(&self) -> ThreadId {
        self.thread.id
    }

    #[track_caller]
    pub(in crate::sync) fn join(self, place: Place) -> Result<T> {
        self.wait(place);
        self.take().unwrap_or_else(|| Err(Box::new("the run ended before the thread did")))
    }

    /// What it returned or panicked, once it has, for the first who asks.
    pub(in crate::sync) fn take(&self) -> Option<Result<T>> {
        self.returned.lock().take()
    }

    /// Waits for the thread to end.
    #[track_caller]
    pub(in crate::sync) fn wait(&self, place: Place) {
        let op = Op::Thread(self.thread.id(place), ThreadOp::Join);
        perform(op, place, || {
            // A look before the end would be one more access to reorder, and never of any use.
            let ended = with_run(|run| run.world.enabled(run.current, op));
            ended.then(|| newest(&self.ended)).map(|_| Outcome::Done)
        });
    }

    #[track_caller]
    pub(in crate::sync) fn is_finished(&self, place: Place) -> bool {
        ask(Op::Thread(self.thread.id(place), ThreadOp::IsFinished), place, &self.ended)
    }
}
