//! What leaving a run does is never told as the program's.

use super::{fails_by, is_proved};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tellers::engine::product::{Limits, Reduction, product};
use tellers::engine::{Failure, Program, Verdict, dfs, random};
use tellers::sync::{Cell, Event, Guard, Lock, assume, checkpoint, thread};

/// Joins its workers when it is dropped.
struct Pool(Vec<thread::JoinHandle<()>>);

impl Drop for Pool {
    fn drop(&mut self) {
        for worker in self.0.drain(..) {
            worker.join().unwrap();
        }
    }
}

#[test]
fn a_pool_that_joins_its_workers_as_it_is_dropped_is_proved() {
    let program = Program::new(|| {
        let shared = Arc::new((Lock::named("lock"), Cell::named("sum", 0)));
        let worker = |_| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let _held = shared.0.guard();
                shared.1.store(shared.1.load() + 1);
            })
        };
        drop(Pool((0..2).map(worker).collect()));
        assert_eq!(shared.1.load(), 2);
    });
    is_proved(&program);
    assert_eq!(dfs(&program, 100_000).outcomes.len(), 1);
}

#[test]
fn workers_of_a_pool_that_deadlock_are_told_of() {
    let program = Program::new(|| {
        let locks = Arc::new([Lock::named("a"), Lock::named("b")]);
        let worker = |first: usize| {
            let locks = Arc::clone(&locks);
            thread::spawn(move || {
                let _first = locks[first].guard();
                let _second = locks[1 - first].guard();
            })
        };
        drop(Pool((0..2).map(worker).collect()));
    });
    fails_by(&[Failure::Deadlock], &program);
}

/// Asserts what is always so.
struct Always(Arc<(Lock, Cell, Event)>);

impl Drop for Always {
    fn drop(&mut self) {
        assert_eq!(self.0.1.load(), 7);
        assert!(self.0.0.locked());
        assert!(!self.0.2.is_set());
        assert!(self.0.0.release().is_ok());
        assert!(!self.0.0.acquire_timeout(std::time::Duration::ZERO) || self.0.0.locked());
    }
}

#[test]
fn a_destructor_is_told_nothing_but_what_the_program_can_tell_it() {
    is_proved(&Program::new(|| {
        let shared = Arc::new((Lock::named("own"), Cell::named("seven", 7), Event::new()));
        let turn = Arc::new(Lock::named("turn"));
        shared.0.acquire();
        let other = Arc::clone(&turn);
        let child = thread::spawn(move || {
            let _always = Always(shared);
            let _turn = other.guard();
        });
        drop(turn.guard());
        child.join().unwrap();
    }));
}

#[test]
fn who_catches_a_panic_and_tries_again_is_proved() {
    let program = Program::new(|| {
        let shared = Arc::new((Lock::named("lock"), Cell::named("ready", 0)));
        let other = Arc::clone(&shared);
        let child = thread::spawn(move || {
            let _held = other.0.guard();
            other.1.store(1);
        });
        loop {
            checkpoint(());
            let tried = catch_unwind(AssertUnwindSafe(|| {
                let _held = shared.0.guard();
                assert!(shared.1.load() != 0, "not ready");
            }));
            if tried.is_ok() {
                break;
            }
        }
        child.join().unwrap();
    });
    let report = product(&program, &Limits::default()).expect("it can be explored");
    assert_eq!(report.verdict(), Verdict::Proved);
    // Other engines follow it for as long as it has bad luck.
    assert!(random(&program, 2, 0).failures.is_empty());
}

struct UntilOne(Arc<Cell>);

impl Drop for UntilOne {
    fn drop(&mut self) {
        while self.0.load() != 1 {
            thread::yield_now();
        }
    }
}

#[test]
fn a_destructor_that_waits_for_what_is_so_comes_back() {
    is_proved(&Program::new(|| {
        let one = Arc::new(Cell::named("one", 1));
        let lock = Arc::new(Lock::named("lock"));
        let (theirs, other) = (Arc::clone(&one), Arc::clone(&lock));
        let child = thread::spawn(move || {
            let _until = UntilOne(theirs);
            let _held = other.guard();
        });
        drop(lock.guard());
        child.join().unwrap();
    }));
}

#[test]
fn to_wait_for_ever_and_catch_whatever_comes_is_a_deadlock() {
    fails_by(
        &[Failure::Deadlock],
        &Program::new(|| {
            let never = Event::named("never");
            loop {
                if catch_unwind(AssertUnwindSafe(|| never.wait())).is_ok() {
                    break;
                }
            }
        }),
    );
}

#[test]
fn what_comes_after_a_wait_for_ever_is_never_made() {
    let program = Program::new(|| {
        let lock = Lock::named("lock");
        lock.acquire();
        let _ = catch_unwind(AssertUnwindSafe(|| lock.acquire()));
        Cell::new(2);
    });
    fails_by(&[Failure::Deadlock], &program);
    for ending in dfs(&program, 10).outcomes.keys() {
        assert_eq!(ending.cells, [0; 0]);
    }
}

struct MakesCell;

impl Drop for MakesCell {
    fn drop(&mut self) {
        Cell::new(2);
    }
}

#[test]
fn what_a_destructor_makes_after_a_wait_for_ever_is_never_made() {
    let program = Program::new(|| {
        let lock = Lock::named("lock");
        let _makes = MakesCell;
        lock.acquire();
        lock.acquire();
    });
    fails_by(&[Failure::Deadlock], &program);
    assert!(dfs(&program, 10).outcomes.keys().all(|ending| ending.cells.is_empty()));
}

/// Releases when it is dropped.
struct Owned(Arc<Lock>);

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.release().expect("it is held");
    }
}

#[test]
fn what_a_detached_thread_returns_is_dropped_at_its_end() {
    is_proved(&Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        drop(thread::spawn(move || {
            theirs.acquire();
            Owned(theirs)
        }));
        lock.acquire();
        lock.release().unwrap();
    }));
}

#[test]
fn what_a_thread_returns_is_dropped_by_who_joins_it() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        let child = thread::spawn(move || {
            theirs.acquire();
            Owned(theirs)
        });
        let returned = child.join().unwrap();
        assert!(lock.locked());
        drop(returned);
        assert!(!lock.locked());
    });
    is_proved(&program);
}

struct Raises(Arc<Event>);

impl Drop for Raises {
    fn drop(&mut self) {
        self.0.set();
    }
}

#[test]
fn what_is_left_out_raises_nothing() {
    let program = Program::new(|| {
        let done = Raises(Arc::new(Event::named("done")));
        thread::spawn(move || drop(done));
        assume(false);
    });
    for report in super::reports(&program) {
        let (engine, report) = report;
        assert!(report.failures.is_empty(), "{engine}: {:?}", report.outcomes);
        assert!(report.outcomes.is_empty(), "{engine}: {:?}", report.outcomes);
        assert_eq!(report.bounds.len(), 1, "{engine}");
    }
}

/// Must be told that all is well before it is dropped.
struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(self.0, "it was not told");
    }
}

#[test]
fn what_must_not_be_dropped_in_the_middle_never_is() {
    is_proved(&Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let other = Arc::clone(&lock);
        let child = thread::spawn(move || {
            let mut bomb = Bomb(false);
            drop(other.guard());
            bomb.0 = true;
        });
        let mut bomb = Bomb(false);
        drop(lock.guard());
        bomb.0 = true;
        child.join().unwrap();
    }));
}

#[test]
fn a_guard_that_is_never_dropped_in_a_deadlock_releases_nothing() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let guard: Guard<'_> = lock.guard();
        lock.acquire();
        drop(guard);
    });
    fails_by(&[Failure::Deadlock], &program);
    let report = product(&program, &Limits::default()).unwrap();
    assert!(report.outcomes.keys().all(|ending| ending.locked == [true]));
}

#[test]
fn a_lock_of_std_that_a_run_has_left_locked_is_told_of() {
    static HELD: Mutex<()> = Mutex::new(());
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        lock.acquire();
        let theirs = Arc::clone(&lock);
        let child = thread::spawn_named("holder", move || {
            let _held = HELD.lock();
            theirs.acquire();
        });
        child.join().unwrap();
    });
    let report = product(&program.stuck_after(Duration::from_millis(300)), &Limits::default());
    let report = report.expect("it is cut short");
    let why = report.extent.cut_short().expect("the lock is never free again");
    assert!(
        why.contains("holder") && why.contains("a lock of std that this thread holds"),
        "{why}"
    );
}

#[test]
fn what_comes_after_the_first_child_is_seen_by_the_second() {
    let program = Program::new(|| {
        thread::spawn(|| ()).join().unwrap();
        let x = Arc::new(Cell::named("x", 0));
        let theirs = Arc::clone(&x);
        let reader = thread::spawn(move || theirs.load());
        x.store(1);
        reader.join().unwrap()
    });
    let limits = Limits { reduction: Reduction::Always, ..Limits::default() };
    let report = product(&program, &limits).expect("the reduced search has the same ends");
    assert_eq!(report.outcomes.len(), 2);
}
