//! Holds back the signals by which a search would end the process.

use super::member::ward;
#[cfg(target_os = "linux")]
use super::memory::refuses as refuses_memory;
use super::ward::How;
use crate::sync::stack;
use nix::libc::{c_int, c_void, siginfo_t};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, raise, sigaction};
use nix::unistd::{Pid, pause};
use std::cell::Cell;
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

thread_local! {
    /// Whether Rust's own handler looks at a fault of this thread: it aborts if a stack has overflowed.
    static LOOKED_AT: Cell<bool> = const { Cell::new(false) };
}

/// Handles them from now on.
///
/// # Panics
/// If the system does not have one of these signals.
pub(super) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let flags = SaFlags::SA_SIGINFO | SaFlags::SA_ONSTACK;
        let action = SigAction::new(SigHandler::SigAction(handle), flags, SigSet::empty());
        for &signal in SIGNALS {
            // SAFETY: `handle` does no more than a handler may: it looks at atomics, and at thread
            // locals that need no making and no dropping; it waits for signals; and it calls the
            // handler that was there before.
            let before = unsafe { sigaction(signal, &action) }.expect("the signal exists");
            BEFORE[signal as usize].get_or_init(|| before);
        }
    });
}

/// Leaves a thread of a search where it is, for ever; what is none of ours goes to the handler before.
extern "C" fn handle(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    if let Some(ward) = ward()
        && let Some(how) = how(signal, info)
    {
        ward.crash(how);
        loop {
            pause();
        }
    }
    LOOKED_AT.set(true);
    match BEFORE.get(signal as usize).and_then(OnceLock::get).map(SigAction::handler) {
        Some(SigHandler::SigAction(before)) => before(signal, info, context),
        Some(SigHandler::Handler(before)) => before(signal),
        Some(SigHandler::SigDfl) => fall_back(signal),
        Some(SigHandler::SigIgn) => {}
        // It is just being installed: a fault or an abort comes again.
        None => {}
    }
    LOOKED_AT.set(false);
}

/// How the thread that a signal was sent to has crashed, if it has.
fn how(signal: c_int, info: *mut siginfo_t) -> Option<How> {
    if signal == Signal::SIGABRT as c_int {
        // SAFETY: the system hands over a valid `info`.
        return comes_from_here(unsafe { &*info }).then(aborted);
    }
    // SAFETY: the system hands over a valid `info`, and both other signals have an address.
    let address = unsafe { (*info).si_addr() }.addr();
    stack::ends_at(address).then_some(How::Overflowed)
}

/// Whether a thread of this process has sent the signal, and, where the system tells, to a thread, as an
/// abort does to its own.
fn comes_from_here(info: &siginfo_t) -> bool {
    #[cfg(target_os = "linux")]
    if info.si_code != nix::libc::SI_TKILL {
        return false;
    }
    // SAFETY: a signal that was sent has a sender.
    let sender = unsafe { info.si_pid() };
    sender == Pid::this().as_raw()
}

#[cfg(not(target_os = "linux"))]
fn refuses_memory() -> bool {
    false
}

fn aborted() -> How {
    if LOOKED_AT.get() {
        How::Overflowed
    } else if std::thread::panicking() {
        How::AbortedUnwinding
    } else if refuses_memory() {
        How::Refused
    } else {
        How::Aborted
    }
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
