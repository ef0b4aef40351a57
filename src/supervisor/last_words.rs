//! Says whose work it was that ends the process.
//!
//! A handler of signals may do little: it writes one line, which takes neither memory nor a lock, and goes
//! on to whoever handled the signal before.

use super::search::{Search, with_search_in_a_handler};
use crate::sync::stack;
use nix::libc::{c_int, c_void, siginfo_t};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, raise, sigaction};
use nix::unistd::write;
use std::io::{Cursor, Write, stderr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

/// What a stack that overflows raises, and what Rust's library and C's do to end the process. Loom's
/// coroutines look after their stacks by themselves.
const SIGNALS: &[Signal] = if cfg!(loom) {
    &[Signal::SIGABRT]
} else {
    &[Signal::SIGABRT, Signal::SIGSEGV, Signal::SIGBUS]
};

/// Who handled each before, by its number.
static BEFORE: [OnceLock<SigAction>; 32] = [const { OnceLock::new() }; 32];

/// Handles them from now on, on the stack that std gives each thread for that.
///
/// # Panics
/// If the system does not have one of these signals.
pub(super) fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let flags = SaFlags::SA_SIGINFO | SaFlags::SA_ONSTACK;
        let action = SigAction::new(SigHandler::SigAction(handle), flags, SigSet::empty());
        for &signal in SIGNALS {
            // SAFETY: `handle` does no more than a handler may: it looks at atomics, and at thread
            // locals that are made already; it formats into its own stack, and writes that; and it
            // calls the handler that was there before.
            let before = unsafe { sigaction(signal, &action) }.expect("the signal exists");
            BEFORE[signal as usize].get_or_init(|| before);
        }
    });
}

extern "C" fn handle(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    with_search_in_a_handler(|search| say(search, what(signal, info)));
    match BEFORE.get(signal as usize).and_then(OnceLock::get).map(SigAction::handler) {
        Some(SigHandler::SigAction(before)) => before(signal, info, context),
        Some(SigHandler::Handler(before)) => before(signal),
        Some(SigHandler::SigDfl) => fall_back(signal),
        Some(SigHandler::SigIgn) => {}
        // It is just being installed: a fault or an abort comes again.
        None => {}
    }
}

/// What the signal tells of.
fn what(signal: c_int, info: *mut siginfo_t) -> &'static str {
    // SAFETY: the system hands over a valid `info`, and one of an abort is only not looked at.
    let address = || unsafe { (*info).si_addr() }.addr();
    match Signal::try_from(signal) {
        Ok(Signal::SIGABRT) => "an abort",
        Ok(Signal::SIGSEGV | Signal::SIGBUS) if stack::ends_at(address()) => "a stack overflow",
        Ok(signal) => signal.as_str(),
        Err(_) => "a signal",
    }
}

/// Says it once: a stack overflow is an abort soon after. A frame of its own, since the stack is small.
#[inline(never)]
fn say(search: &Search, what: &str) {
    static SAID: AtomicBool = AtomicBool::new(false);
    if SAID.swap(true, Ordering::Relaxed) {
        return;
    }
    let mut line = Cursor::new([0; 1 << 10]);
    let (program, after) = (search.program(), search.after());
    let _ = writeln!(
        line,
        "tellers: {what} ends this process while the program at {program} is checked{after}; with \
         tellers::Apart, or a runner that gives each test a process (cargo-nextest), the others live on"
    );
    let length = line.position() as usize;
    let _ = write(stderr(), &line.get_ref()[..length]);
}

/// What the signal does to a process that does not handle it happens as soon as the handler has returned.
fn fall_back(signal: c_int) {
    let action = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    if let Ok(signal) = Signal::try_from(signal) {
        // SAFETY: it installs no handler.
        let _ = unsafe { sigaction(signal, &action) };
        let _ = raise(signal);
    }
}
