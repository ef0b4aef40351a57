//! A deadlock ends a run, and nothing else.

use super::{explore, returned};
use std::collections::BTreeSet;
use std::sync::Arc;
use tellers::engine::{Conclusion, Failure, LoomBounds, Program, Report, loom};
use tellers::sync::{Event, Lock, thread};
use tellers::world::{Op, ThreadId, WaitFor};

fn two_locks(inverted: bool) {
    let locks = [Arc::new(Lock::named("a")), Arc::new(Lock::named("b"))];
    let handles: Vec<_> = [false, inverted]
        .into_iter()
        .map(|swap| {
            let (first, second) =
                (locks[usize::from(swap)].clone(), locks[usize::from(!swap)].clone());
            thread::spawn(move || {
                let _first = first.guard();
                let _second = second.guard();
            })
        })
        .collect();
    for handle in handles {
        handle.join().expect("a teller never panics");
    }
}

fn deadlocks<R: Clone + Ord>(report: &Report<R>) -> Vec<Vec<(ThreadId, Op)>> {
    let waits = |conclusion: &Conclusion<R>| match conclusion {
        Conclusion::Deadlocked(waits) => Some(waits.clone()),
        _ => None,
    };
    report.outcomes.keys().filter_map(|ending| waits(&ending.conclusion)).collect()
}

#[test]
fn inverted_order_deadlocks_and_the_search_goes_on() {
    let report = explore(|| two_locks(true));
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::Deadlock]);
    assert_eq!(report.outcomes.len(), 2, "the deadlock, and the end");
    assert_eq!(returned(&report), BTreeSet::from([()]));
    let found = &report.failures[&Failure::Deadlock];
    assert_eq!(found.size.preemptions, 1);
    let mut replay = tellers::trace::Replay::new(&found.trace);
    while replay.advance().is_some() {}
    let waits = found.trace.pending.iter().map(|pending| (pending.thread, pending.op));
    let graph = WaitFor::new(replay.world(), waits);
    assert_eq!(graph.cycle.len(), 2);
    assert_eq!(graph.others.len(), 1, "main waits for the first of them");
    // The next model in the same process is not disturbed.
    assert!(deadlocks(&explore(|| two_locks(false))).is_empty());
}

#[test]
fn taking_a_lock_twice_deadlocks_alone() {
    let report = explore(|| {
        let lock = Lock::new();
        let _once = lock.guard();
        lock.acquire();
    });
    assert_eq!(deadlocks(&report).len(), 1);
    assert_eq!(report.coverage.executions, 1);
    assert_eq!(report.coverage.contended, 1);
}

#[test]
fn a_thread_that_leaves_a_lock_behind_deadlocks_the_next() {
    let report = explore(|| {
        let lock = Arc::new(Lock::new());
        let theirs = lock.clone();
        let _forgetful = thread::spawn(move || theirs.acquire());
        lock.acquire();
    });
    assert_eq!(deadlocks(&report).len(), 2, "either is the one that waits for ever");
}

#[test]
fn an_event_that_nobody_raises_deadlocks() {
    let report = explore(|| {
        let event = Arc::new(Event::new());
        let theirs = event.clone();
        let handle = thread::spawn(move || theirs.wait());
        handle.join().expect("the waiter never panics");
    });
    assert_eq!(deadlocks(&report)[0].len(), 2);
    assert_eq!(report.outcomes.len(), 1);
}

#[test]
fn a_destructor_that_waits_once_its_thread_is_deadlocked_ends_the_search() {
    struct Meddler(Arc<Lock>, Arc<Event>);
    impl Drop for Meddler {
        fn drop(&mut self) {
            self.0.acquire();
            self.1.wait();
            assert!(self.0.locked());
        }
    }
    let program = Program::new(|| {
        let lock = Arc::new(Lock::new());
        let _meddler = Meddler(lock.clone(), Arc::new(Event::new()));
        lock.acquire();
        lock.acquire();
    });
    let report = loom(&program, &LoomBounds::default());
    assert_eq!(deadlocks(&report).len(), 1);
    assert!(report.extent.cut_short().expect("it is given up").contains("nothing can answer"));
}
