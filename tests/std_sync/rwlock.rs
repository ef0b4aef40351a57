//! std's lock for many readers or one writer.

use super::{assert_fails, assert_returns, beside};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, TryLockError};
use std::time::Duration;
use tellers::engine::Failure;
#[cfg(feature = "shuttle")]
use tellers::engine::{Effort, Engine, Program};
use tellers::sync::{Barrier, RwLock, RwLockWriteGuard, thread};

#[test]
fn what_is_written_under_it_is_not_lost_and_what_is_read_before_is() {
    assert_returns([2], || {
        let sum = Arc::new(RwLock::new(0));
        let other = beside(&sum, |sum| *sum.write().unwrap() += 1);
        *sum.write().unwrap() += 1;
        other.join().unwrap();
        *sum.read().unwrap()
    });
    assert_returns([1, 2], || {
        let add = |sum: &RwLock<u32>| {
            let read = *sum.read().unwrap();
            *sum.write().unwrap() = read + 1;
        };
        let sum = Arc::new(RwLock::new(0));
        let other = beside(&sum, add);
        add(&sum);
        other.join().unwrap();
        *sum.read().unwrap()
    });
}

#[test]
fn readers_meet_and_a_writer_meets_nobody() {
    let meet = |writes: bool| {
        move || {
            let shared = Arc::new((RwLock::new(7), Barrier::new(2)));
            let other = beside(&shared, |shared| {
                let seen = shared.0.read().unwrap();
                shared.1.wait();
                *seen
            });
            if writes {
                let seen = shared.0.write().unwrap();
                shared.1.wait();
                drop(seen);
            } else {
                let seen = shared.0.read().unwrap();
                shared.1.wait();
                drop(seen);
            }
            other.join().unwrap()
        }
    };
    assert_returns([7], meet(false));
    assert_fails(Failure::Deadlock, meet(true));
}

#[test]
fn a_reader_sees_all_of_what_was_written_or_nothing() {
    assert_returns([(3, 3), (4, 4)], || {
        let rates = Arc::new(RwLock::new((3, 3)));
        let other = beside(&rates, |rates| {
            let mut rates = rates.write().unwrap();
            rates.0 = 4;
            rates.1 = 4;
        });
        let seen = *rates.read().unwrap();
        other.join().unwrap();
        seen
    });
}

#[test]
fn a_thread_may_read_twice_and_cannot_write_what_it_reads() {
    assert_returns([7], || {
        let data = RwLock::new(7);
        let (one, other) = (data.read().unwrap(), data.read().unwrap());
        drop(one);
        assert!(matches!(data.try_write(), Err(TryLockError::WouldBlock)));
        drop(other);
        *data.try_write().unwrap()
    });
    assert_fails(Failure::Deadlock, || {
        let data = RwLock::new(7);
        let _read = data.read().unwrap();
        let _write = data.write().unwrap();
    });
}

#[test]
fn what_is_tried_is_had_or_not() {
    assert_returns([(false, true), (true, false), (true, true)], || {
        let data = Arc::new(RwLock::new(0));
        let other = beside(&data, |data| data.try_write().is_ok());
        let mine = data.try_read().is_ok();
        (mine, other.join().unwrap())
    });
}

#[test]
fn who_waits_for_so_long_has_it_or_not() {
    let brief = Duration::from_millis(1);
    assert_returns([(true, true), (true, false), (false, true)], move || {
        let data = Arc::new(RwLock::new(0));
        let other = beside(&data, move |data| data.try_write_for(brief).is_ok());
        let mine = data.try_read_for(brief).is_ok();
        (mine, other.join().unwrap())
    });
}

#[test]
fn a_panic_of_a_writer_poisons_and_one_of_a_reader_does_not() {
    assert_returns([(false, true, 1, 2)], || {
        let data = RwLock::new(0);
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let _data = data.read().unwrap();
            panic!("while it reads");
        }));
        let after_reader = data.is_poisoned();
        let _ = catch_unwind(AssertUnwindSafe(|| {
            *data.write().unwrap() = 1;
            let _data = data.write().unwrap();
            panic!("while it writes");
        }));
        let after_writer = data.is_poisoned();
        assert!(matches!(data.try_read(), Err(TryLockError::Poisoned(_))));
        let seen = *data.read().unwrap_err().into_inner();
        data.clear_poison();
        *data.write().unwrap() = 2;
        (after_reader, after_writer, seen, data.into_inner().unwrap())
    });
}

#[test]
fn who_stops_writing_goes_on_reading_what_it_wrote() {
    let write_and_read = |downgrades: bool| {
        move || {
            let data = Arc::new(RwLock::new(0));
            let other = beside(&data, |data| *data.write().unwrap() += 1);
            let mut mine = data.write().unwrap();
            *mine += 10;
            let before = *mine;
            let seen = if downgrades {
                *RwLockWriteGuard::downgrade(mine)
            } else {
                drop(mine);
                *data.read().unwrap()
            };
            other.join().unwrap();
            seen - before
        }
    };
    assert_returns([0], write_and_read(true));
    assert_returns([0, 1], write_and_read(false));
}

#[test]
fn what_one_had_alone_others_are_told() {
    assert_returns([7], || {
        let mut data = RwLock::new(0);
        *data.get_mut().unwrap() = 7;
        let data = Arc::new(data);
        beside(&data, |data| *data.read().unwrap()).join().unwrap()
    });
}

#[test]
fn outside_of_every_check_it_is_the_real_thing() {
    let data = Arc::new(RwLock::new(vec![1]));
    let theirs = Arc::clone(&data);
    std::thread::spawn(move || theirs.write().unwrap().push(2)).join().unwrap();
    let (one, other) = (data.read().unwrap(), data.try_read().unwrap());
    assert_eq!(*one, [1, 2]);
    assert!(data.try_write_for(Duration::from_millis(1)).is_err());
    drop((one, other));
    let theirs = Arc::clone(&data);
    let panics = move || {
        let _data = theirs.write();
        panic!("while it writes");
    };
    std::thread::spawn(panics).join().unwrap_err();
    assert_eq!(format!("{data:?}"), "RwLock { data: [1, 2], poisoned: true, .. }");
    data.clear_poison();
    assert_eq!(*RwLockWriteGuard::downgrade(data.write().unwrap()), [1, 2]);
}

/// The second time it may have to wait for a writer that waits for it.
#[test]
fn who_reads_twice_beside_a_writer_deadlocks() {
    assert_fails(Failure::Deadlock, || {
        let rate = Arc::new(RwLock::new(3));
        let theirs = Arc::clone(&rate);
        let writer = thread::spawn(move || *theirs.write().unwrap() += 1);
        let (once, again) = (rate.read().unwrap(), rate.read().unwrap());
        assert_eq!(*once, *again);
        drop((once, again));
        writer.join().unwrap();
    });
}

#[cfg(feature = "shuttle")]
#[test]
fn so_many_threads_may_use_one_as_there_are() {
    let program = Program::new(|| {
        let sum = Arc::new(RwLock::new(0));
        for _ in 0..300 {
            let theirs = Arc::clone(&sum);
            thread::spawn(move || *theirs.write().unwrap() += 1).join().unwrap();
        }
        *sum.read().unwrap()
    });
    let once = Effort { executions: 1, ..Effort::of(Engine::Random) };
    let report = Engine::Random.run(&program, once).unwrap();
    assert_eq!(super::returned(&report), [300].into());
}

#[cfg(feature = "shuttle")]
mod let_in {
    use std::sync::Arc;
    use tellers::engine::{Effort, Engine, Failure, Program, Verdict};
    use tellers::sync::atomic::{AtomicBool, Ordering::SeqCst};
    use tellers::sync::{Event, RwLock, thread};
    use tellers::world::Doubt;

    /// It may, and nobody can count on it: so it is seen that the third thread reads before the writer, which waits for
    /// the first one.
    #[test]
    fn a_reader_may_be_let_in_past_a_writer_that_waits() {
        let program = Program::new(|| {
            let shared = Arc::new((RwLock::new(3), AtomicBool::new(false)));
            let [theirs, others] = [Arc::clone(&shared), Arc::clone(&shared)];
            let reading = shared.0.read().unwrap();
            let writer = thread::spawn(move || *theirs.0.write().unwrap() += 1);
            let reader = thread::spawn(move || {
                let seen = *others.0.read().unwrap();
                others.1.store(true, SeqCst);
                seen
            });
            let was_let_in = shared.1.load(SeqCst);
            drop(reading);
            writer.join().unwrap();
            (was_let_in, reader.join().unwrap())
        });
        let report = Engine::Product.run(&program, Effort::of(Engine::Product)).unwrap();
        assert_eq!(report.verdict(), Verdict::Proved);
        assert_eq!(crate::std_sync::returned(&report), [(false, 3), (false, 4), (true, 3)].into());
        let proof = report.proof.unwrap();
        assert_eq!(proof.doubts, [Doubt::LetIn].into());
        assert!(proof.completion_always_possible);
    }

    /// A reader that waits until the writer is done counts on being let in.
    #[test]
    fn who_counts_on_being_let_in_waits_for_ever() {
        let program = Program::new(|| {
            let shared = Arc::new((RwLock::new(3), Event::new()));
            let [theirs, others] = [Arc::clone(&shared), Arc::clone(&shared)];
            let reading = shared.0.read().unwrap();
            let writer = thread::spawn(move || *theirs.0.write().unwrap() += 1);
            let reader = thread::spawn(move || {
                let _reading = others.0.read().unwrap();
                others.1.set();
            });
            shared.1.wait();
            drop(reading);
            writer.join().unwrap();
            reader.join().unwrap();
        });
        let report = Engine::Product.run(&program, Effort::of(Engine::Product)).unwrap();
        assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Deadlock]);
    }
}
