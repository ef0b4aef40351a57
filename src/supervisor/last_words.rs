//! Says whose work it was that ends the process.
//!
//! A handler of signals may do little: it writes one line, which takes neither memory nor a lock, and goes
//! on to whoever handled the signal before.

use super::search::{Search, with_search_in_a_handler};
use crate::sync::stack;
use libc::{SA_ONSTACK, SA_SIGINFO, SIG_DFL, SIG_IGN, SIGABRT, SIGBUS, SIGSEGV};
use libc::{c_int, c_void, sigaction, sighandler_t, siginfo_t};
use std::io::{Cursor, Write};
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

/// What a stack that overflows raises, and what Rust's library and C's do to end the process. Loom's
/// coroutines look after their stacks by themselves.
const SIGNALS: &[c_int] = if cfg!(loom) { &[SIGABRT] } else { &[SIGABRT, SIGSEGV, SIGBUS] };

/// A handler that is told of what the signal is about.
type Handler = extern "C" fn(c_int, *mut siginfo_t, *mut c_void);

/// Who handled each before, by its number.
static BEFORE: [OnceLock<sigaction>; 32] = [const { OnceLock::new() }; 32];

/// Handles them from now on, on the stack that std gives each thread for that.
///
/// # Panics
/// If the system does not have one of these signals.
pub(super) fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let handler = handle as Handler as *const () as sighandler_t;
        for &signal in SIGNALS {
            // SAFETY: `handle` does no more than a handler may: it looks at atomics, and at thread
            // locals that are made already; it formats into its own stack, and writes that; and it
            // calls the handler that was there before.
            let before = unsafe { install(signal, handler, SA_SIGINFO | SA_ONSTACK) };
            let before = before.expect("the signal exists");
            BEFORE[signal as usize].get_or_init(|| before);
        }
    });
}

/// Handles a signal so from now on, and gives how it was handled before.
///
/// # Safety
/// The handler must do no more than a handler may.
unsafe fn install(signal: c_int, handler: sighandler_t, flags: c_int) -> Option<sigaction> {
    // SAFETY: it is plain data, for which zeros are a value: no handler, no flag, and no signal that
    // would wait for it.
    let (mut action, mut before): (sigaction, sigaction) = unsafe { mem::zeroed() };
    action.sa_sigaction = handler;
    action.sa_flags = flags;
    // SAFETY: both are valid, and the caller answers for the handler.
    (unsafe { sigaction(signal, &action, &mut before) } == 0).then_some(before)
}

extern "C" fn handle(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    with_search_in_a_handler(|search| say(search, what(signal, info)));
    match BEFORE.get(signal as usize).and_then(OnceLock::get) {
        Some(before) if before.sa_sigaction == SIG_DFL => fall_back(signal),
        Some(before) if before.sa_sigaction == SIG_IGN => {}
        Some(before) if before.sa_flags & SA_SIGINFO != 0 => {
            // SAFETY: its flags say that it is such a handler.
            let before: Handler = unsafe { mem::transmute(before.sa_sigaction) };
            before(signal, info, context);
        }
        Some(before) => {
            // SAFETY: its flags say that it is told of the signal alone.
            let before: extern "C" fn(c_int) = unsafe { mem::transmute(before.sa_sigaction) };
            before(signal);
        }
        // It is just being installed: a fault or an abort comes again.
        None => {}
    }
}

/// What the signal tells of.
fn what(signal: c_int, info: *mut siginfo_t) -> &'static str {
    // SAFETY: the system hands over a valid `info`, and one of an abort is only not looked at.
    let address = || unsafe { (*info).si_addr() }.addr();
    match signal {
        SIGABRT => "an abort",
        SIGSEGV | SIGBUS if stack::ends_at(address()) => "a stack overflow",
        SIGSEGV => "SIGSEGV",
        SIGBUS => "SIGBUS",
        _ => "a signal",
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
    let written = &line.get_ref()[..line.position() as usize];
    // SAFETY: so many bytes are there.
    unsafe { libc::write(libc::STDERR_FILENO, written.as_ptr().cast(), written.len()) };
}

/// What the signal does to a process that does not handle it happens as soon as the handler has returned.
fn fall_back(signal: c_int) {
    // SAFETY: there is no handler that could do too much, and a signal may be raised at any time.
    unsafe {
        install(signal, SIG_DFL, 0);
        libc::raise(signal);
    }
}
