//! What loom knows and the other engines do not: a load may be old.

use super::{explore, returned};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use tellers::engine::{Ending, Failure, LoomBounds, Program, loom};
use tellers::sync::atomic::AtomicU8;
use tellers::sync::{Cell, Event, Lock, thread};
use tellers::trace::{Replay, Trace};

/// Two tellers, each of whom notes that it is there, and then looks for the other.
fn each_looks_for_the_other() -> (i64, i64) {
    let cells = [Arc::new(Cell::new(0)), Arc::new(Cell::new(0))];
    let [x, y] = cells.clone();
    let other = thread::spawn(move || {
        y.store(1);
        x.load()
    });
    let [x, y] = cells;
    x.store(1);
    let mine = y.load();
    (mine, other.join().expect("no thread panics"))
}

fn stale_loads(trace: &Trace) -> usize {
    let mut replay = Replay::new(trace);
    let mut stale = 0;
    while let Some(step) = replay.next_step() {
        stale += usize::from(replay.advance() != Some(step.outcome));
    }
    stale
}

#[test]
fn a_relaxed_load_can_be_old() {
    let neither = |ending: &Ending<(i64, i64)>| match ending.conclusion {
        tellers::engine::Conclusion::Returned((0, 0)) => vec![Failure::TornAudit],
        _ => Vec::new(),
    };
    let program = Program::new(each_looks_for_the_other).judged_by(neither);
    let report = loom(&program, &Default::default());
    assert_eq!(returned(&report), BTreeSet::from([(0, 0), (0, 1), (1, 0), (1, 1)]));
    let trace = &report.failures[&Failure::TornAudit].trace;
    assert_eq!(stale_loads(trace), 1, "no interleaving has this outcome without an old load");
}

#[test]
fn what_was_done_before_an_event_can_be_relied_on_and_before_a_store_cannot() {
    let told_by = |by_event: bool| {
        returned(&explore(move || {
            let (money, flag) = (Arc::new(Cell::new(0)), Arc::new(Cell::new(0)));
            let event = Arc::new(Event::new());
            let (their_money, their_flag, their_event) =
                (money.clone(), flag.clone(), event.clone());
            thread::spawn(move || {
                their_money.store(1);
                if by_event { their_event.set() } else { their_flag.store(1) }
            });
            let told = if by_event { event.is_set() } else { flag.load() == 1 };
            (told, money.load())
        }))
    };
    assert_eq!(told_by(true), BTreeSet::from([(false, 0), (false, 1), (true, 1)]));
    assert_eq!(told_by(false), BTreeSet::from([(false, 0), (false, 1), (true, 0), (true, 1)]));
}

#[test]
fn unlocked_increments_lose_an_update_and_locked_ones_none() {
    let total = |locked: bool| {
        returned(&explore(move || {
            let (lock, cell) = (Arc::new(Lock::new()), Arc::new(Cell::new(0)));
            let increment = move |lock: &Lock, cell: &Cell| {
                let _guard = locked.then(|| lock.guard());
                cell.store(cell.load() + 1);
            };
            let (their_lock, their_cell) = (lock.clone(), cell.clone());
            let other = thread::spawn(move || increment(&their_lock, &their_cell));
            increment(&lock, &cell);
            other.join().expect("no thread panics");
            cell.load()
        }))
    };
    assert_eq!(total(false), BTreeSet::from([1, 2]));
    assert_eq!(total(true), BTreeSet::from([2]));
}

/// A search with bounded preemptions once looked at events and locks with plain loads. Peterson's
/// algorithm then failed for an event that was seen raised after it had been lowered.
#[test]
fn a_question_is_never_answered_with_an_old_value() {
    let program = Program::new(|| {
        let (event, done) = (Arc::new(Event::new()), Arc::new(Cell::new(0)));
        let (their_event, their_done) = (event.clone(), done.clone());
        thread::spawn(move || {
            their_event.set();
            their_event.clear();
            their_done.store(1);
        });
        (done.load(), event.is_set())
    });
    for preemptions in [Some(2), None] {
        let report = loom(&program, &LoomBounds { preemptions, ..LoomBounds::default() });
        assert_eq!(returned(&report), BTreeSet::from([(0, false), (0, true), (1, false)]));
    }
}

/// What the main thread is told while another one looks, and then changes what it has looked at.
fn told_while<T: Send + Sync + 'static>(
    new: fn() -> T,
    look_and_change: fn(&T),
    look: fn(&T) -> bool,
) -> BTreeSet<bool> {
    returned(&explore(move || {
        let shared = Arc::new(new());
        let theirs = shared.clone();
        let other = thread::spawn(move || look_and_change(&theirs));
        let told = look(&shared);
        other.join().expect("no thread panics");
        told
    }))
}

#[test]
fn a_look_before_a_change_by_the_same_thread_hides_no_other_look() {
    let both = BTreeSet::from([false, true]);
    let cell = told_while(|| Cell::new(0), |c| c.store(c.load() + 1), |c| c.load() == 1);
    assert_eq!(cell, both);
    let look_and_set = |event: &Event| {
        if !event.is_set() {
            event.set();
        }
    };
    assert_eq!(told_while(Event::new, look_and_set, Event::is_set), both);
    let look_and_take = |lock: &Lock| {
        if !lock.locked() {
            lock.acquire();
        }
    };
    assert_eq!(told_while(Lock::new, look_and_take, Lock::locked), both);
}

/// Loom 0.7 alone looks back, from a write, to the latest access of the same atomic, and no further.
#[test]
fn no_load_is_hidden_behind_one_of_whoever_writes_next() {
    let found = explore(|| {
        let seen = Arc::new((AtomicU8::new(0), Cell::new(0)));
        let theirs = Arc::clone(&seen);
        let other = thread::spawn(move || {
            theirs.0.load(SeqCst);
            theirs.0.swap(1, SeqCst);
            theirs.1.load();
            theirs.1.store(1);
        });
        let (atomic, cell) = (seen.0.load(SeqCst), seen.1.load());
        other.join().expect("no thread panics");
        (atomic, cell)
    });
    assert_eq!(returned(&found), BTreeSet::from([(0, 0), (0, 1), (1, 0), (1, 1)]));
}
