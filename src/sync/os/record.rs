//! One run of a program on real threads, and what is written down of it.

use super::member::Recorded;
use super::run::{Over, Run};
use crate::sync::refusal::{Mark, Refusal};
use crate::sync::thread::Result;
use crate::trace::Tape;
use crate::world::World;
use std::sync::Arc;
use std::time::Duration;

/// What is left of a run.
pub(crate) struct Record<R> {
    pub(crate) world: World,
    pub(crate) tape: Tape,
    /// Nothing if every thread has ended.
    pub(crate) over: Option<Over>,
    /// What the main thread returned, if it did.
    pub(crate) result: Option<R>,
}

/// Runs a program once; the tape knows the names from earlier runs.
pub(crate) fn record<R: Send + 'static>(
    body: Arc<dyn Fn() -> R + Send + Sync>,
    tape: Tape,
    seed: u64,
    stuck_after: Duration,
    refusal: &Refusal,
) -> Record<R> {
    let mark = Mark::new(refusal);
    let run = Arc::new(Run::new(tape, seed, mark.clone()));
    let main = Recorded::main(Arc::clone(&run));
    // SAFETY: they borrow nothing.
    let (main, returned) = unsafe { main.start(move || body()) };
    let (world, tape, over, all_end) = run.close(stuck_after);
    // Whoever is left behind may be the main thread.
    if all_end {
        let _ = main.join();
    }
    let result = returned.lock().take().and_then(result_of);
    drop(run);
    refusal.ended(&mark);
    Record { world, tape, over, result }
}

/// What a thread returned, if it did. Nobody drops what it panicked with: that may panic in turn.
fn result_of<R>(returned: Result<R>) -> Option<R> {
    returned.map_err(std::mem::forget).ok()
}
