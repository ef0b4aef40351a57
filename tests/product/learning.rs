//! How the search and the real code take turns.

use super::explore;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Conclusion, Program, Verdict, Watch};
use tellers::suite::find;
use tellers::sync::{Cell, Lock, checkpoint, thread};

/// Starts so many threads, and waits for all of them.
fn crowd(others: usize) -> impl Fn() + Send + Sync + 'static {
    move || {
        let threads: Vec<_> = (0..others).map(|_| thread::spawn(|| ())).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it does nothing"));
    }
}

#[test]
fn a_state_has_room_for_255_threads_and_no_more() {
    assert_eq!(explore(crowd(254)).unwrap().verdict(), Verdict::Proved);
    let refused = explore(crowd(255)).unwrap_err();
    assert!(matches!(refused, ProductError::TooManyThreads { max: 255 }), "{refused}");
}

/// The main thread starts a second thread in either case, and in one of them a third one that waits
/// for it: what the second one was first started by cannot be, in a run in which the third one is.
#[test]
fn a_thread_that_another_may_have_started_is_followed_along_a_whole_schedule() {
    let report = explore(|| {
        let cells = Arc::new(["x", "y"].map(|name| Cell::named(name, 0)));
        let [first, second] = [Arc::clone(&cells), Arc::clone(&cells)];
        let first = thread::spawn(move || first[0].store(1));
        let seen = cells[0].load();
        let third = thread::spawn(move || second[1].store(1));
        if seen == 1 {
            let own = Arc::clone(&cells);
            let waits = thread::spawn(move || {
                third.join().expect("it is well");
                own[1].store(own[1].load() + 1);
            });
            waits.join().expect("it is well");
        } else {
            third.join().expect("it is well");
        }
        first.join().expect("it is well");
        cells[1].load()
    })
    .unwrap();
    assert_eq!(report.verdict(), Verdict::Proved);
    let returned: BTreeSet<_> = report.outcomes.into_keys().map(|it| it.conclusion).collect();
    assert_eq!(returned, BTreeSet::from([1, 2].map(Conclusion::Returned)));
}

#[test]
fn what_has_not_been_looked_at_is_part_of_what_was_reached() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&told);
    let tell = move |progress| sink.lock().unwrap().push(progress);
    let watch = Watch::new(Arc::new(AtomicBool::new(false)), tell);
    let program = Program::new(|| {
        let cell = Arc::new(Cell::named("x", 0));
        let seen = Arc::clone(&cell);
        let reader = thread::spawn(move || seen.load());
        cell.store(1);
        reader.join().expect("it is well")
    });
    product(&program.watched_by(watch), &Limits::default()).unwrap();
    let told = told.lock().unwrap();
    assert!(told.iter().any(|progress| progress.frontier > 0));
    assert!(told.iter().all(|progress| progress.frontier <= progress.states), "{told:?}");
    assert!(told.is_sorted_by_key(|progress| progress.runs), "{told:?}");
}

const A_MILLISECOND: Duration = Duration::from_millis(1);

/// Takes three locks one after the other, each with a timeout, until it has had the last one; the main
/// thread holds all of them for a while.
fn takes_three_with_timeouts() {
    let locks = Arc::new(["a", "b", "c"].map(Lock::named));
    let own = Arc::clone(&locks);
    let takes = thread::spawn(move || {
        loop {
            checkpoint(());
            let had = own.each_ref().map(|lock| {
                let had = lock.acquire_timeout(A_MILLISECOND);
                if had {
                    lock.release().expect("it is held");
                }
                had
            });
            if had[2] {
                break;
            }
        }
    });
    locks.iter().for_each(Lock::acquire);
    locks.iter().rev().for_each(|lock| lock.release().expect("it is held"));
    takes.join().expect("it is well");
}

/// Each timed acquire goes two ways.
#[test]
fn the_ways_of_a_retry_loop_are_learned_in_few_runs() {
    let timeout = find("timeout").unwrap();
    let lesson = product(&timeout.program(timeout.setup), &Limits::default()).unwrap();
    let three = explore(takes_three_with_timeouts).unwrap();
    assert_eq!([lesson.coverage.executions, three.coverage.executions], [5, 8]);
}

/// No interleaving brings about the second lock's timeout.
#[test]
fn no_thread_is_told_of_a_timeout_that_cannot_be() {
    static TIMEOUTS: AtomicI64 = AtomicI64::new(0);
    let report = explore(|| {
        let locks = Arc::new(["held", "free", "next"].map(Lock::named));
        let cell = Arc::new(Cell::named("x", 0));
        let own = Arc::clone(&locks);
        let takes = thread::spawn(move || {
            loop {
                checkpoint(());
                if own[0].acquire_timeout(A_MILLISECOND) {
                    own[0].release().expect("it is held");
                    break;
                }
                if own[1].acquire_timeout(A_MILLISECOND) {
                    own[1].release().expect("it is held");
                } else {
                    cell.store(TIMEOUTS.fetch_add(1, Ordering::Relaxed));
                    if own[2].acquire_timeout(A_MILLISECOND) {
                        own[2].release().expect("it is held");
                    }
                }
            }
        });
        locks[0].acquire();
        locks[0].release().expect("it is held");
        takes.join().expect("it is well");
    });
    assert_eq!(report.unwrap().verdict(), Verdict::Proved);
    assert_eq!(TIMEOUTS.load(Ordering::Relaxed), 0);
}
