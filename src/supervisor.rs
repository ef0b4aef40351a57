//! Keeps what is checked from ending the process that checks it.
//!
//! Checked code may do what no Rust program recovers from: overflow its stack, panic in a destructor
//! while it is being unwound, be refused memory, or block for ever outside of
//! [`sync`](crate::sync). So a search has an OS thread of its own, and whoever asked for it waits. A
//! signal that would end the process leaves that thread where it is, for ever: nothing that it holds is
//! freed, and a lock of the whole process that it holds (of the allocator, of the output) stays taken.
//! One that does not come back is left behind as well, and stops at its next operation; on real threads
//! the others go on until theirs.
//!
//! What this cannot hold back: a call of [`std::process::exit`], memory that other code corrupts, and
//! what is done on threads that are not [`sync`](crate::sync)'s. [`Apart`](crate::Apart) can.

mod crash;
mod member;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(unix)]
mod signals;
mod ward;

pub(crate) use crash::Crash;
pub(crate) use member::{Membership, ward};
pub(crate) use ward::{moves, note, note_panic, note_thread};
#[cfg(all(not(loom), not(feature = "shuttle")))]
pub(crate) use {member::keep, ward::stop_if_given_up};

use crash::Cause;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use ward::{Pulse, Ward};

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
    let worker = start(move || {
        worker.enter();
        // Dropped when the thread has come to its end.
        member::keep(done.clone());
        let result = catch_unwind(AssertUnwindSafe(work));
        moves(true);
        // Nobody waits any more for work that was given up.
        let _ = done.send(result);
    });
    let worker = worker.map_err(|error| (Cause::NotStarted(error).before_it_began(), None))?;
    let mut result = None;
    let ended = wait(asker.ward(), allowance, &results, |it| result = Some(it));
    if ended.is_ok() {
        worker.join().unwrap_or_else(|payload| resume_unwind(payload));
    }
    let result = result.map(|it| it.unwrap_or_else(|payload| resume_unwind(payload)));
    match (ended, result) {
        (Ok(()), Some(result)) => Ok(result),
        (Ok(()), None) => unreachable!("a search's own thread sends what it has"),
        (Err(crash), result) => Err((crash, result)),
    }
}

/// Waits until nothing is left of a search's own thread; `take` is given what it sends before.
fn wait<T>(
    ward: &'static Ward,
    allowance: Allowance,
    results: &Receiver<T>,
    mut take: impl FnMut(T),
) -> Result<(), Crash> {
    let mut lookout = None;
    loop {
        match results.recv_timeout(TICK) {
            Ok(result) => take(result),
            Err(RecvTimeoutError::Timeout) => {
                let lookout = lookout.get_or_insert_with(|| Lookout::new(ward, allowance));
                if let Err(crash) = lookout.look() {
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
fn start(work: impl FnOnce() + Send + 'static) -> io::Result<JoinHandle<()>> {
    let mut builder = thread::Builder::new().stack_size(STACK);
    if let Some(name) = thread::current().name() {
        builder = builder.name(name.into());
    }
    builder.spawn(work)
}

/// Looks at a search now and then.
struct Lookout {
    ward: &'static Ward,
    allowance: Allowance,
    pulse: Pulse,
    /// For how many looks the pulse has been the same.
    looks: u32,
    #[cfg(target_os = "linux")]
    memory: memory::Share,
}

impl Lookout {
    fn new(ward: &'static Ward, allowance: Allowance) -> Self {
        Self {
            ward,
            allowance,
            pulse: ward.pulse(),
            looks: 0,
            #[cfg(target_os = "linux")]
            memory: memory::Share::new(allowance.bytes),
        }
    }

    /// Sees whether the search has crashed. Looks are counted, and not the time that they take: a
    /// process that was stopped for a while has not been looked at.
    fn look(&mut self) -> Result<(), Crash> {
        let pulse = self.ward.pulse();
        self.looks = if pulse == self.pulse { self.looks + 1 } else { 0 };
        self.pulse = pulse;
        #[cfg(target_os = "linux")]
        memory::Share::look();
        let cause = self.ward.crashed().map(|how| self.cause(how)).or_else(|| self.stuck());
        let Some(cause) = cause else { return Ok(()) };
        #[cfg(target_os = "linux")]
        self.memory.leave_behind(matches!(cause, Cause::Memory { .. }));
        Err(self.ward.give_up(cause))
    }

    fn cause(&self, how: ward::How) -> Cause {
        match how {
            #[cfg(target_os = "linux")]
            ward::How::Refused => Cause::Memory { taken: memory::Share::taken() },
            #[cfg(not(target_os = "linux"))]
            ward::How::Refused => Cause::Aborted,
            ward::How::Overflowed => Cause::Overflowed,
            ward::How::Aborted => Cause::Aborted,
            ward::How::AbortedUnwinding => {
                self.ward.panicked_again().map_or(Cause::Aborted, Cause::PanickedAgain)
            }
        }
    }

    fn stuck(&self) -> Option<Cause> {
        let time = self.allowance.stuck_after;
        let late = TICK.saturating_mul(self.looks) >= time;
        (self.pulse.is_of_the_model() && late).then_some(Cause::Stuck(time))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::Apart;

    #[test]
    fn who_takes_memory_without_end_is_refused_more_and_the_next_search_has_some() {
        let here = "supervisor::tests::\
                    who_takes_memory_without_end_is_refused_more_and_the_next_search_has_some";
        let apart = Apart::new(here).run(|| {
            let allowance = Allowance { stuck_after: STUCK_AFTER, bytes: 64 << 20 };
            let hoarder = || -> () {
                let mut hoard = Vec::new();
                loop {
                    hoard.push(std::hint::black_box(vec![1_u8; 1 << 20]));
                }
            };
            let (crash, _) = supervised(allowance, hoarder).expect_err("there is an end");
            assert!(crash.to_string().starts_with("by a lack of memory: "), "{crash}");
            let modest = || std::hint::black_box(vec![1_u8; 32 << 20]).len();
            let next = supervised(allowance, modest);
            assert_eq!(next.expect("it is modest"), 32 << 20);
        });
        apart.expect("the process lives");
    }
}
