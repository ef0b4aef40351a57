//! What the product engine does for speed changes nothing: programs made to be in the way of it.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::collections::BTreeSet;
use std::hash::Hash;
use std::sync::Arc;
use tellers::cell::UnsafeCell;
use tellers::engine::product::{Limits, Reduction, product};
use tellers::engine::{Ending, Extent, Program, Report, dfs};
use tellers::sync::{Cell, Event, Lock, thread};

fn endings<R: Clone + Ord>(report: &Report<R>) -> BTreeSet<Ending<R>> {
    report.outcomes.keys().cloned().collect()
}

/// The endings by the product engine, which are those of an enumeration.
fn agreed<R: Clone + Ord + Hash + std::fmt::Debug + Send + 'static>(
    program: &Program<R>,
    reduction: Reduction,
) -> usize {
    let limits = Limits { reduction, ..Limits::default() };
    let found = product(program, &limits).expect("it can be explored");
    let enumerated = dfs(program, 1_000_000);
    assert_eq!(enumerated.extent, Extent::Exhausted);
    assert_eq!(endings(&found), endings(&enumerated));
    found.outcomes.len()
}

/// Only between two writes of the main thread does the other thread come to make more of everything,
/// which the search learns in its middle.
#[test]
fn what_is_made_in_the_middle_of_a_run_finds_room() {
    let program = Program::new(|| {
        let (x, go) = (Arc::new(Cell::named("x", 0)), Arc::new(Event::named("go")));
        let theirs = (Arc::clone(&x), Arc::clone(&go));
        let maker = thread::spawn(move || {
            theirs.1.wait();
            if theirs.0.load() != 2 {
                return (0, false);
            }
            let late =
                Arc::new((Cell::named("late", 7), Lock::named("late"), Event::named("late")));
            let other = Arc::clone(&late);
            let helper = thread::spawn(move || {
                let _held = other.1.guard();
                other.0.store(other.0.load() * 2);
                other.2.set();
            });
            let held = late.1.guard();
            late.0.store(late.0.load() + theirs.0.load());
            drop(held);
            let was_set = late.2.is_set();
            helper.join().expect("it does not panic");
            (late.0.load(), was_set)
        });
        go.set();
        x.store(2);
        x.store(3);
        maker.join().expect("it does not panic")
    });
    assert!(agreed(&program, Reduction::Never) > 4);
    assert!(agreed(&program, Reduction::Always) > 4);
}

/// A lock that somebody else releases protects nothing, and what is done under it is seen.
#[test]
fn steps_under_a_lock_that_is_taken_away_are_not_taken_together() {
    let program = Program::new(|| {
        let shared = Arc::new((Lock::named("lock"), Cell::named("x", 0)));
        let threads = [(); 2].map(|()| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                shared.0.acquire();
                shared.1.store(shared.1.load() + 1);
                let _ = shared.0.release();
            })
        });
        let _ = shared.0.release();
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
        shared.1.load()
    });
    let endings = agreed(&program, Reduction::Always);
    assert!(endings > 1, "an update can be lost");
}

struct Shared(UnsafeCell<[u8; 9]>);

// SAFETY: an access that races never begins.
unsafe impl Sync for Shared {}

/// A race is an end wherever the others are: before the main thread's write, which nobody else sees, and after it.
#[test]
fn two_threads_race_before_and_after_what_a_third_one_does_alone() {
    let program = Program::new(|| {
        let (data, own) = (Arc::new(Shared(UnsafeCell::new([0; 9]))), Cell::named("own", 0));
        let threads = [(); 2].map(|()| {
            let data = Arc::clone(&data);
            // SAFETY: an access that races never begins.
            thread::spawn(move || data.0.with_mut(|data| unsafe { (*data)[0] += 1 }))
        });
        own.store(1);
        threads.into_iter().for_each(|thread| drop(thread.join()));
    });
    let endings = agreed(&program, Reduction::Always);
    assert!(
        endings > 3,
        "each of two may be the one that goes on, and each time the cell is 0 or 1"
    );
}
