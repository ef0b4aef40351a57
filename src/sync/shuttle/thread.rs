//! Threads are shuttle's tasks, each on a stack of its own.

use super::{memory, scheduling_point, with_run};
use crate::supervisor;
use crate::sync::Name;
use crate::sync::begin::{Unbegun, unbound};
use crate::sync::object::Object;
use crate::sync::quiet;
use crate::sync::stack::{SIZE, Stack};
use crate::sync::thread::{Result, drop_locals, forget, forget_all};
use crate::sync::value::Value;
use crate::trace::{Maker, Place};
use crate::world::{Outcome, ThreadId, ThreadOp};
use parking_lot::Mutex;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The closure to hand to shuttle: runs a program as the main thread.
pub(crate) fn main_thread(program: &(impl Fn() -> Value + ?Sized)) {
    let keep = |result: Result<Value>| {
        let tells = result.as_ref().is_ok_and(|value| size_of_val(&*value.0) > 0);
        with_run(|run| run.result = result.map_err(std::mem::forget).ok());
        tells
    };
    forget_all();
    live(program, keep);
}

/// What a thread returned or panicked, once it has.
type Returned<T> = Arc<Mutex<Option<Result<T>>>>;

#[derive(Debug)]
pub(in crate::sync) struct JoinHandle<T> {
    thread: Object<ThreadId>,
    returned: Returned<T>,
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
    let handle = JoinHandle { thread, returned: Returned::default() };
    let returned = Unbegun::new(Arc::clone(&handle.returned));
    handle.thread.perform(ThreadOp::Spawn, place);
    with_run(|run| run.tasks.push(handle.thread.id));
    let task = move || {
        let returned = returned.begin();
        // If nobody has a handle any more, the thread drops here what it returned, as in std.
        live(body.begin(), move |result| {
            *returned.lock() = Some(result);
            size_of::<T>() > 0
        });
        linger();
    };
    // SAFETY: shuttle runs it while threads of the run move. A run that is left is stopped: shuttle lets a panic
    // that unwinds a thread come to its end, drops the bodies that have not begun, which does nothing, and then
    // forgets all stacks.
    let task = shuttle::thread::spawn(unsafe { unbound(task) });
    // A dropped handle would let the run end without the thread.
    with_run(|run| run.handles.push(task));
    handle
}

impl<T> JoinHandle<T> {
    pub(in crate::sync) fn id(&self) -> ThreadId {
        self.thread.id
    }

    #[track_caller]
    pub(in crate::sync) fn join(self, place: Place) -> Result<T> {
        self.wait(place);
        let result = self.take();
        result.unwrap_or_else(|| unreachable!("a thread has returned before it can be joined"))
    }

    /// Waits for the thread to end.
    #[track_caller]
    pub(in crate::sync) fn wait(&self, place: Place) {
        self.thread.perform(ThreadOp::Join, place);
    }

    /// What it returned or panicked, once it has, for the first who asks.
    pub(in crate::sync) fn take(&self) -> Option<Result<T>> {
        self.returned.lock().take()
    }

    #[track_caller]
    pub(in crate::sync) fn is_finished(&self, place: Place) -> bool {
        self.thread.perform(ThreadOp::IsFinished, place) == Outcome::Is(true)
    }
}

/// Runs a thread's body to its end, has `keep` take what it returned or panicked and say whether that tells
/// more than that it did, and notes how it ended. What `keep` drops is dropped by the thread.
fn live<T>(body: impl FnOnce() -> T, keep: impl FnOnce(Result<T>) -> bool) {
    Stack::begin(SIZE);
    supervisor::moves(true);
    memory::moves(true);
    let (mut panic, mut tells) = (None, true);
    let kept = catch_unwind(AssertUnwindSafe(|| {
        let result = catch_unwind(AssertUnwindSafe(|| {
            let value = body();
            memory::panic_if_freed_twice(place_of_current());
            value
        }));
        panic = result.as_ref().err().map(|payload| quiet::message(&**payload));
        tells = keep(result);
    }));
    let kept = kept.and_then(|()| {
        catch_unwind(|| {
            drop_locals();
            memory::panic_if_freed_twice(place_of_current());
        })
    });
    if let Err(payload) = kept {
        panic.get_or_insert_with(|| quiet::message(&*payload));
        // It may panic in turn.
        std::mem::forget(payload);
    }
    Stack::end();
    memory::moves(false);
    supervisor::moves(false);
    forget();
    with_run(|run| run.leave(panic, !tells));
}

/// Where the thread that moves was made.
fn place_of_current() -> Place {
    with_run(|run| run.tape.names().threads()[run.current.index()].place)
}

/// Whoever schedules says when a thread ends that has come to its end, or lets it go without.
fn linger() {
    scheduling_point();
    supervisor::moves(false);
}
