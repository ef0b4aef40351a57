//! Waits for what is checked, and has it say last words if it ends the process.
//!
//! Checked code may block for ever outside of [`sync`](crate::sync). So a search has an OS thread of its
//! own, and whoever asked for it waits. One that does not come back is left behind, and stops at its next
//! operation.
//!
//! Checked code may also do what no Rust program recovers from: overflow its stack, abort, or panic in a
//! destructor while it is being unwound. That ends the process, as it does anywhere else, and with it all
//! other tests in it; a line on the terminal says whose work it was. [`Apart`](crate::Apart) keeps the
//! others alive.

mod crash;
#[cfg(unix)]
mod last_words;
mod search;

pub(crate) use crash::Crash;
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) use search::is_searching;
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) use search::keep;
#[cfg(any(loom, feature = "shuttle"))]
pub(crate) use search::lose;
#[cfg(all(not(loom), feature = "shuttle"))]
pub(crate) use search::note_left;
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) use search::stop;
pub(crate) use search::{Search, moves, note, note_thread};

use crate::trace::Place;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a thread may do without an operation before it is given up. Operations take microseconds,
/// and the lesson's timeouts a millisecond; the rest is for a machine that has much else to do.
pub(crate) const STUCK_AFTER: Duration = Duration::from_secs(10);

/// How often a search is looked at in that time. Looks are counted, so that a process that was stopped for
/// a while is not taken for one that is stuck.
const LOOKS: u32 = 500;

/// The bytes of the stack of a search's own thread: as many as a main thread has as a rule.
const STACK: usize = 8 << 20;

/// Does some work for the check of a program on a thread of its own, and waits for it. Work that is part of
/// other work is done where it is.
///
/// # Errors
/// If it came to no operation for so long.
pub(crate) fn supervised<T: Send + 'static>(
    program: Place,
    stuck_after: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Crash> {
    if Search::here().is_some() {
        return Ok(work());
    }
    #[cfg(unix)]
    last_words::prepare();
    let search = Arc::new(Search::of(program));
    let theirs = Arc::clone(&search);
    let (done, results) = channel();
    let worker = start_named(move || {
        theirs.enter();
        // Dropped when the thread has come to its end.
        search::keep(done.clone());
        moves(false);
        let result = catch_unwind(AssertUnwindSafe(work));
        moves(true);
        // Nobody waits any more for work that was given up.
        let _ = done.send(result);
    });
    let worker = worker.map_err(Crash::NotStarted)?;
    let result = wait(&results, &search, stuck_after)?;
    worker.join().and(result).or_else(|payload| resume_unwind(payload))
}

/// What a search's own thread has sent, once nothing is left of that.
fn wait<T>(results: &Receiver<T>, search: &Search, stuck_after: Duration) -> Result<T, Crash> {
    let (mut result, mut pulse, mut looks) = (None, search.pulse(), 0);
    while looks < LOOKS {
        match results.recv_timeout(stuck_after / LOOKS) {
            Ok(sent) => result = Some(sent),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(why) = search.lost() {
                    search.give_up();
                    return Err(Crash::Lost(why));
                }
                let before = std::mem::replace(&mut pulse, search.pulse());
                let is_still = pulse == before && pulse.is_of_the_model();
                looks = if is_still { looks + 1 } else { 0 };
            }
            Err(RecvTimeoutError::Disconnected) => {
                return Ok(result.expect("a search's own thread sends what it has"));
            }
        }
    }
    search.give_up();
    Err(Crash::Stuck { time: stuck_after, after: format!("{}{}", search.after(), search.left()) })
}

/// What panics there has the name of whoever asked.
fn start_named(work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let mut builder = thread::Builder::new().stack_size(STACK);
    if let Some(name) = thread::current().name() {
        builder = builder.name(name.into());
    }
    builder.spawn(work)
}
