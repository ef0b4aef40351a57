//! What checked code leaves in thread locals is dropped when its OS thread ends.

use super::{answer, cut_short, told_after};
use std::time::Duration;
use tellers::engine::Program;
#[cfg(any(loom, feature = "shuttle"))]
use tellers::engine::{Effort, Engine, Failure, Verdict};
use tellers::sync::Cell;

/// A thread local whose destructor does what it was told.
struct Legacy(fn());

impl Drop for Legacy {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// A program that leaves this in a thread local of whichever OS thread runs its main thread.
fn leaves_behind(legacy: fn()) -> Program<()> {
    thread_local! {
        static LEFT: std::cell::RefCell<Option<Legacy>> = const { std::cell::RefCell::new(None) };
    }
    Program::new(move || {
        Cell::new(0).store(1);
        LEFT.with_borrow_mut(|left| {
            left.get_or_insert_with(|| Legacy(legacy));
        });
    })
}

#[test]
fn a_panic_in_the_destructor_of_a_thread_local_cuts_the_search_short() {
    let report = answer(&leaves_behind(|| panic!("too late")));
    let said = cut_short(&report);
    assert!(said.starts_with("by an abort: "), "{said}");
    assert!(told_after(said, "main"), "{said}");
}

/// On real threads the run in which the thread ends is not over then.
#[cfg(any(loom, feature = "shuttle"))]
#[test]
fn what_was_found_before_a_thread_local_aborts_is_not_forgotten() {
    let program = leaves_behind(|| std::process::abort());
    let program = program.judged_by(|_| vec![Failure::LostUpdate]);
    for &engine in Engine::of_this_build() {
        let report = engine.run(&program, Effort::of(engine)).expect("it is answered");
        assert!(cut_short(&report).starts_with("by an abort: "), "{engine}: {:?}", report.extent);
        assert_eq!(report.verdict(), Verdict::Failed, "{engine}");
    }
}

#[test]
fn a_wait_in_the_destructor_of_a_thread_local_cuts_the_search_short() {
    let wait = || loop {
        std::thread::park();
    };
    let report = answer(&leaves_behind(wait).stuck_after(Duration::from_millis(200)));
    let said = cut_short(&report);
    if cfg!(any(loom, feature = "shuttle")) {
        assert!(said.starts_with("by a thread that blocks or loops outside"), "{said}");
        assert!(told_after(said, "main"), "{said}");
    } else {
        assert_eq!(said, "run 1 was stuck: nothing happened for 200ms");
    }
}
