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
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
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
/// If it crashed, if only in what it left in its thread's locals.
pub(crate) fn supervised<T: Send + 'static>(
    allowance: Allowance,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Crash> {
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
        member::keep(Done(done.clone()));
        let result = catch_unwind(AssertUnwindSafe(work));
        moves(true);
        // Nobody waits any more for work that was given up.
        let _ = done.send(result);
    });
    let worker = worker.map_err(|error| Cause::NotStarted(error).before_it_began())?;
    let result = wait(asker.ward(), allowance, &results)?;
    worker.join().and(result).or_else(|payload| resume_unwind(payload))
}

/// How long it has been kept tells how long a search's own thread has not come to its end.
struct Done<T>(#[expect(dead_code, reason = "it is dropped")] Sender<T>);

/// Waits for what a search's own thread sends, and then until nothing of that thread is left.
fn wait<T>(
    ward: &'static Ward,
    allowance: Allowance,
    results: &Receiver<thread::Result<T>>,
) -> Result<thread::Result<T>, Crash> {
    let (mut lookout, mut last) = (None, None);
    loop {
        match (results.recv_timeout(TICK), last) {
            (Ok(result), _) => last = Some(result),
            (Err(RecvTimeoutError::Timeout), waited) => {
                last = waited;
                lookout.get_or_insert_with(|| Lookout::new(ward, allowance)).look()?;
            }
            (Err(RecvTimeoutError::Disconnected), Some(result)) => return Ok(result),
            (Err(RecvTimeoutError::Disconnected), None) => {
                unreachable!("a search's own thread sends what it has")
            }
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
        self.memory.look();
        let cause = self.ward.crashed().map(|how| self.cause(how)).or_else(|| self.stuck());
        let Some(cause) = cause else { return Ok(()) };
        #[cfg(target_os = "linux")]
        self.memory.leave_behind();
        Err(self.ward.give_up(cause))
    }

    fn cause(&self, how: ward::How) -> Cause {
        #[cfg(target_os = "linux")]
        if how != ward::How::Overflowed
            && let Some(taken) = self.memory.refused()
        {
            return Cause::Memory { taken };
        }
        match how {
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
