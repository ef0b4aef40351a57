//! What checked code leaves in thread locals is dropped when its OS thread ends.

use super::last_words::{last_words, said_by};
use super::{answer, cut_short, told_after, wait_for_ever};
use std::time::Duration;
use tellers::engine::Program;
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
fn a_panic_in_the_destructor_of_a_thread_local_has_last_words() {
    let test = "hostile::thread_locals::a_panic_in_the_destructor_of_a_thread_local_has_last_words";
    let said = said_by(test, || {
        answer(&leaves_behind(|| panic!("too late")));
    });
    assert!(told_after(last_words(&said, "an abort"), "main"), "{said}");
    assert!(said.contains("too late"), "{said}");
}

#[test]
fn a_wait_in_the_destructor_of_a_thread_local_cuts_the_search_short() {
    let report = answer(&leaves_behind(|| wait_for_ever()).stuck_after(Duration::from_millis(200)));
    let said = cut_short(&report);
    if cfg!(any(loom, feature = "shuttle")) {
        assert!(said.starts_with("by a thread that blocks or loops outside"), "{said}");
        assert!(told_after(said, "main"), "{said}");
    } else {
        assert_eq!(said, "run 1 was stuck: nothing happened for 200ms");
    }
}
