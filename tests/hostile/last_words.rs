//! Programs that end the process that checks them: a line says which, and where it was.

use super::{Bomb, check, died, told_after};
use nix::libc;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};
use std::sync::Arc;
use tellers::Apart;
use tellers::sync::{Cell, Lock};

/// What the test of this name, which ends its process, has written by then.
pub(super) fn said_by(test: &'static str, body: impl FnOnce()) -> String {
    died(Apart::new(test).with_memory(1 << 30).run(body))
}

/// The one line that says so of a program in the file of whoever asks.
#[track_caller]
pub(super) fn last_words<'a>(said: &'a str, why: &str) -> &'a str {
    let file = std::panic::Location::caller().file();
    let begin = format!("tellers: {why} ends this process while the program at {file}:");
    let lines: Vec<_> = said.lines().filter(|line| line.starts_with("tellers: ")).collect();
    let [line] = lines[..] else { panic!("{said}") };
    assert!(line.starts_with(&begin), "{line}");
    assert!(line.ends_with("(cargo-nextest), the others live on"), "{line}");
    line
}

/// Goes down for ever, and comes to no operation.
#[allow(unconditional_recursion, reason = "it is what this is about")]
fn plunge(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    plunge(depth + 1) + frame[(depth % 64) as usize]
}

#[cfg(not(loom))]
#[test]
fn a_recursion_without_operations() {
    let said = said_by("hostile::last_words::a_recursion_without_operations", || {
        check(|| {
            let cell = Cell::new(0);
            assert_eq!(plunge(cell.load().unsigned_abs()), 0);
        });
    });
    assert!(told_after(last_words(&said, "a stack overflow"), "main"), "{said}");
    // Whoever handled the signal before has its turn: std knows the stacks of its own threads.
    let by_std = cfg!(not(feature = "shuttle"));
    assert_eq!(said.contains(" has overflowed its stack"), by_std, "{said}");
}

#[cfg(not(loom))]
#[test]
fn a_recursion_in_a_thread_that_has_a_name() {
    let said = said_by("hostile::last_words::a_recursion_in_a_thread_that_has_a_name", || {
        check(|| {
            let cell = Cell::new(0);
            let dive = move || assert_eq!(plunge(cell.load().unsigned_abs()), 0);
            drop(tellers::sync::thread::spawn_named("diver", dive).join());
        });
    });
    assert!(told_after(last_words(&said, "a stack overflow"), "diver"), "{said}");
}

/// Loom's coroutines notice the end of their stacks by themselves.
#[cfg(loom)]
#[test]
fn a_recursion_without_operations_ends_only_the_search() {
    let report = check(|| assert_eq!(plunge(0), 0));
    assert_eq!(super::cut_short(&report), "loom gave up: a thread has overflowed its stack");
}

#[test]
fn a_second_panic_while_unwinding() {
    let said = said_by("hostile::last_words::a_second_panic_while_unwinding", || {
        check(|| {
            let _bomb = Bomb(Arc::new(Lock::new()));
            panic!("the first panic");
        });
    });
    let words = last_words(&said, "an abort");
    assert!(words.contains("; the last operation was main's, at tests/hostile.rs:"), "{words}");
    let panics = ["the first panic", "a destructor panics"].map(|panic| said.find(panic));
    assert!(panics[0].is_some() && panics[0] < panics[1], "{said}");
}

#[test]
fn a_panic_that_cannot_unwind() {
    extern "C" fn foreign() {
        panic!("in a foreign function");
    }
    let said = said_by("hostile::last_words::a_panic_that_cannot_unwind", || {
        check(|| {
            Cell::new(0).store(1);
            foreign();
        });
    });
    assert!(told_after(last_words(&said, "an abort"), "main"), "{said}");
    assert!(said.contains("in a foreign function"), "{said}");
}

#[test]
fn an_abort() {
    let said = said_by("hostile::last_words::an_abort", || {
        check(|| {
            Cell::new(0).store(1);
            std::process::abort();
        });
    });
    assert!(said.starts_with("its process ended with signal 6"), "{said}");
    assert!(told_after(last_words(&said, "an abort"), "main"), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_allocation_without_bound() {
    let said = said_by("hostile::last_words::an_allocation_without_bound", || {
        check(|| {
            Cell::new(0).store(1);
            let mut hoard = vec![1_u8];
            loop {
                hoard.extend_from_within(..);
            }
        });
    });
    assert!(said.contains("memory allocation of "), "{said}");
    assert!(told_after(last_words(&said, "an abort"), "main"), "{said}");
}

#[test]
fn an_abort_outside_of_a_check_has_none() {
    let said = said_by("hostile::last_words::an_abort_outside_of_a_check_has_none", || {
        check(|| Cell::new(0).store(1));
        std::process::abort();
    });
    assert!(said.starts_with("its process ended with signal 6"), "{said}");
    assert!(!said.contains("tellers:"), "{said}");
}

#[test]
fn whoever_handled_the_signal_before_has_a_turn() {
    extern "C" fn leave(_: libc::c_int) {
        // SAFETY: a signal handler may end the process so.
        unsafe { libc::_exit(7) };
    }
    let said = said_by("hostile::last_words::whoever_handled_the_signal_before_has_a_turn", || {
        let action =
            SigAction::new(SigHandler::Handler(leave), SaFlags::SA_ONSTACK, SigSet::empty());
        // SAFETY: the handler only ends the process.
        unsafe { sigaction(Signal::SIGABRT, &action) }.expect("the signal exists");
        check(|| {
            Cell::new(0).store(1);
            std::process::abort();
        });
    });
    assert!(said.starts_with("its process ended with exit status: 7"), "{said}");
    assert!(told_after(last_words(&said, "an abort"), "main"), "{said}");
}
