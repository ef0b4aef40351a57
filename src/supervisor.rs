//! Keeps what is checked from ending the process that checks it.
//!
//! Checked code may do what no Rust program recovers from: overflow its stack, panic in a destructor
//! while it is being unwound, be refused memory, or block for ever outside of
//! [`sync`](crate::sync). So a search has an OS thread of its own, and whoever asked for it waits. A
//! signal that would end the process leaves that thread where it is, for ever: nothing that it holds is
//! freed, and a lock of the whole process that it holds (of the allocator, of the output) stays taken.
//! One that does not come back is left behind as well, and stops at its next operation; on real threads
//! the others go on until theirs. Until then it is refused memory as if it were still waited for.
//!
//! What this cannot hold back: a call of [`std::process::exit`], memory that other code corrupts, and
//! what is done on threads that are not [`sync`](crate::sync)'s. [`Apart`](crate::Apart) can.

/// Runs a test in a process of its own, since memory is the whole process's.
#[cfg(all(test, target_os = "linux"))]
macro_rules! apart {
    ($test:literal, $body:expr) => {
        let apart = $crate::Apart::new(concat!("supervisor::", $test)).run($body);
        apart.expect("the process lives");
    };
}

mod crash;
mod lookout;
mod member;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(unix)]
mod signals;
mod start;
mod ward;

pub(crate) use crash::Crash;
pub(crate) use member::{Membership, ward};
pub(crate) use start::start;
pub(crate) use ward::{moves, note, note_panic, note_thread};
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) use {member::keep, ward::pass};

use crash::Cause;
use lookout::Lookout;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a thread may do without an operation before it is given up. Operations take microseconds,
/// and the lesson's timeouts a millisecond; the rest is for a machine that has much else to do.
pub(crate) const STUCK_AFTER: Duration = Duration::from_secs(10);

/// How often a search is looked at.
const TICK: Duration = Duration::from_millis(20);

/// The bytes of the stack of a search's own thread: as many as a main thread has as a rule.
const STACK: usize = 8 << 20;

/// What a search may do before it is given up.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    /// How long checked code may do without an operation.
    pub(crate) stuck_after: Duration,
    /// The bytes that it may take, and what it checks.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "memory is not looked at"))]
    pub(crate) bytes: usize,
}

/// Does some work on a thread of its own, and waits for it. Work that is part of other work is done
/// where it is.
///
/// # Errors
/// If it crashed. What it came to is there if it crashed in no more than the destructor of a thread
/// local.
pub(crate) fn supervised<T: Send + 'static>(
    allowance: Allowance,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, (Crash, Option<T>)> {
    if ward().is_some() {
        return Ok(work());
    }
    #[cfg(unix)]
    signals::install();
    let asker = Membership::of_a_new_search();
    let worker = Membership::another(asker.ward());
    let (done, results) = channel();
    let worker = start_named(move || {
        worker.enter();
        // Dropped when the thread has come to its end.
        member::keep(done.clone());
        moves(false);
        let result = catch_unwind(AssertUnwindSafe(work));
        moves(true);
        // Nobody waits any more for work that was given up.
        let _ = done.send(result);
    });
    let worker = worker.map_err(|error| (Cause::NotStarted(error).before_it_began(), None))?;
    let (mut result, mut lookout) = (None, None);
    let look = || lookout.get_or_insert_with(|| Lookout::new(asker.ward(), allowance)).look();
    let ended = wait(&results, |it| result = Some(it), look);
    if ended.is_ok() {
        worker.join().unwrap_or_else(|payload| resume_unwind(payload));
    }
    #[cfg(target_os = "linux")]
    if let Some(lookout) = lookout {
        lookout.end(asker);
    }
    let result = result.map(|it| it.unwrap_or_else(|payload| resume_unwind(payload)));
    match (ended, result) {
        (Ok(()), Some(result)) => Ok(result),
        (Ok(()), None) => unreachable!("a search's own thread sends what it has"),
        (Err(crash), result) => Err((crash, result)),
    }
}

/// Waits until nothing is left of a search's own thread, and looks at it now and then; `take` is given
/// what it sends before.
fn wait<T>(
    results: &Receiver<T>,
    mut take: impl FnMut(T),
    mut look: impl FnMut() -> Result<(), Crash>,
) -> Result<(), Crash> {
    loop {
        match results.recv_timeout(TICK) {
            Ok(result) => take(result),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(crash) = look() {
                    // It may have been sent since.
                    results.try_iter().for_each(take);
                    return Err(crash);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
    }
}

/// What panics there has the name of whoever asked.
fn start_named(work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let mut builder = thread::Builder::new().stack_size(STACK);
    if let Some(name) = thread::current().name() {
        builder = builder.name(name.into());
    }
    start(builder, work)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    const MIB: usize = 1 << 20;

    /// Whether nobody refused the hoarder any memory.
    static HAD_ALL: AtomicBool = AtomicBool::new(false);

    fn take(bytes: usize) -> Vec<u8> {
        std::hint::black_box(vec![1; bytes])
    }

    fn allowance(stuck_after: Duration) -> Allowance {
        Allowance { stuck_after, bytes: 64 * MIB }
    }

    fn next_search_has_some() {
        let next = supervised(allowance(STUCK_AFTER), || take(32 * MIB).len());
        assert_eq!(next.expect("it is modest"), 32 * MIB);
    }

    #[test]
    fn who_takes_memory_without_end_is_refused_more_and_the_next_search_has_some() {
        apart!(
            "tests::who_takes_memory_without_end_is_refused_more_and_the_next_search_has_some",
            || {
                let hoarder = || -> () {
                    let mut hoard = Vec::new();
                    loop {
                        hoard.push(take(MIB));
                    }
                };
                let (crash, _) =
                    supervised(allowance(STUCK_AFTER), hoarder).expect_err("there is an end");
                assert!(crash.to_string().starts_with("by a lack of memory: "), "{crash}");
                next_search_has_some();
            }
        );
    }

    #[test]
    fn who_takes_memory_only_after_it_was_given_up_is_refused_more_too() {
        apart!("tests::who_takes_memory_only_after_it_was_given_up_is_refused_more_too", || {
            let (is_given_up, begins) = channel();
            let (tells, told) = channel();
            let hoarder = move || {
                moves(true);
                begins.recv().expect("it is said");
                let ward = ward().expect("it is part of a search");
                tells.send(ward).expect("somebody listens");
                // An end, should nobody refuse it any.
                let hoard: Vec<_> = (0..1 << 10).map(|_| take(MIB)).collect();
                HAD_ALL.store(!hoard.is_empty(), Ordering::SeqCst);
            };
            let given_up = supervised(allowance(TICK), hoarder);
            let (crash, _) = given_up.expect_err("it waits");
            assert!(crash.to_string().starts_with("by a thread that blocks or loops"), "{crash}");
            is_given_up.send(()).expect("it waits");
            let ward = told.recv().expect("it goes on");
            while ward.stopped() == 0 {
                thread::yield_now();
            }
            assert!(!HAD_ALL.load(Ordering::SeqCst), "nobody refused it any");
            next_search_has_some();
        });
    }
}
