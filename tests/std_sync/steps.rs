//! A thread that is written as a list of steps.

use super::{assert_fails, assert_returns};
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::steps;
use tellers::sync::Mutex;
use tellers::sync::atomic::{AtomicU32, Ordering::SeqCst};

fn add(shared: &AtomicU32, more: u32) {
    shared.fetch_add(more, SeqCst);
}

#[test]
fn they_are_done_one_after_the_other() {
    assert_returns([vec![1, 2, 3]], || {
        let log = Arc::new(Mutex::new(vec![0_u32; 0]));
        let thread = steps(
            &log,
            [
                |log| log.lock().unwrap().push(1),
                |log| log.lock().unwrap().push(2),
                |log| log.lock().unwrap().push(3),
            ],
        );
        thread.join().unwrap();
        log.lock().unwrap().clone()
    });
}

#[test]
fn what_is_shared_carries_from_one_to_the_next() {
    let add = |shared: &AtomicU32| shared.store(shared.load(SeqCst) + 1, SeqCst);
    assert_returns([2, 3, 4], move || {
        let shared = Arc::new(AtomicU32::new(0));
        let thread = steps(&shared, [add, add]);
        add(&shared);
        add(&shared);
        thread.join().unwrap();
        shared.load(SeqCst)
    });
}

/// The same thread is given one list or another: what it has come to is not the same.
#[test]
fn a_step_of_another_list_is_another_step() {
    let [one, ten]: [fn(&AtomicU32); 2] = [|shared| add(shared, 1), |shared| add(shared, 10)];
    assert_returns([11, 20], move || {
        let shared = Arc::new(AtomicU32::new(0));
        let list = if tellers::choose(2) == 0 { [ten, one] } else { [ten, ten] };
        steps(&shared, list).join().unwrap();
        shared.load(SeqCst)
    });
}

/// And so it is with what is shared.
#[test]
fn a_step_with_something_else_is_another_step() {
    let one = |shared: &AtomicU32| add(shared, 1);
    assert_returns([(2, 0), (0, 2)], move || {
        let both = [0, 0].map(|value| Arc::new(AtomicU32::new(value)));
        steps(&both[tellers::choose(2)], [one, one]).join().unwrap();
        (both[0].load(SeqCst), both[1].load(SeqCst))
    });
}

#[test]
fn a_panic_in_one_keeps_the_next_from_being_done() {
    assert_fails(Failure::Panic, || {
        let shared = Arc::new(AtomicU32::new(0));
        let fails = |shared: &AtomicU32| assert_eq!(shared.fetch_add(1, SeqCst), 1, "too early");
        let thread = steps(&shared, [fails, |shared| add(shared, 10)]);
        let failed = thread.join().is_err();
        assert_eq!((failed, shared.load(SeqCst)), (true, 1));
    });
}

/// Objects are known by how many their thread has made before.
#[test]
fn a_step_may_make_what_it_uses() {
    assert_returns([5, 6], || {
        let shared = Arc::new(Mutex::new(0));
        let maybe = |shared: &Mutex<i32>| {
            if tellers::choose(2) == 0 {
                let made = Mutex::new(1);
                *shared.lock().unwrap() += *made.lock().unwrap();
            }
        };
        let surely = |shared: &Mutex<i32>| {
            let made = Mutex::new(5);
            *shared.lock().unwrap() += *made.lock().unwrap();
        };
        steps(&shared, [maybe, surely]).join().unwrap();
        *shared.lock().unwrap()
    });
}

#[cfg(feature = "shuttle")]
mod forgotten {
    use std::cell::Cell;
    use std::sync::Arc;
    use tellers::engine::{Effort, Engine, Program, Proof};
    use tellers::steps;
    use tellers::sync::atomic::{AtomicU32, Ordering::SeqCst};
    use tellers::sync::thread;

    fn proof(body: impl Fn() + Send + Sync + 'static) -> Proof {
        let engine = Engine::Product;
        let report = engine.run(&Program::new(body), Effort::of(engine)).unwrap();
        assert_eq!(report.failures.keys().next(), None);
        report.proof.unwrap()
    }

    const ROUNDS: usize = 4;

    fn look(shared: &AtomicU32) {
        shared.load(SeqCst);
    }

    /// What was read is as good as forgotten, and so there are fewer states than for a thread that may know it.
    #[test]
    fn what_a_step_was_told_multiplies_nothing() {
        let beside = |reader: fn(&Arc<AtomicU32>) -> thread::JoinHandle<()>| {
            proof(move || {
                let shared = Arc::new(AtomicU32::new(0));
                let reader = reader(&shared);
                (0..3).for_each(|_| super::add(&shared, 1));
                reader.join().unwrap();
            })
        };
        let forgets = beside(|shared| steps(shared, [look as fn(&AtomicU32); ROUNDS]));
        let remembers = beside(|shared| {
            let shared = Arc::clone(shared);
            thread::spawn(move || (0..ROUNDS).for_each(|_| look(&shared)))
        });
        assert_eq!(forgets.interleavings, remembers.interleavings);
        assert!(2 * forgets.states < remembers.states, "{} {}", forgets.states, remembers.states);
    }

    tellers::thread_local! {
        static SEEN: Cell<u32> = const { Cell::new(0) };
    }

    /// A thread local goes with the thread, so that nothing is forgotten where there is one.
    #[test]
    fn who_has_a_thread_local_forgets_nothing() {
        proof(|| {
            let shared = Arc::new(AtomicU32::new(0));
            let thread = steps(
                &shared,
                [
                    |shared| SEEN.set(shared.load(SeqCst)),
                    |shared| shared.store(10 + SEEN.get(), SeqCst),
                ],
            );
            let before = shared.compare_exchange(0, 1, SeqCst, SeqCst).unwrap_or_else(|now| now);
            thread.join().unwrap();
            let after = shared.load(SeqCst);
            assert!(before != 0 || [10, 11].contains(&after), "{before} {after}");
        });
    }
}
