//! std's scoped threads.

use super::{assert_fails, assert_returns, returned, told};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tellers::engine::Failure;
#[cfg(feature = "shuttle")]
use tellers::sync::assume;
use tellers::sync::{Mutex, thread};

/// What a panic says that gets out of `body`.
fn panic_of<R>(body: impl FnOnce() -> R) -> Option<String> {
    let payload = catch_unwind(AssertUnwindSafe(body)).err()?;
    payload.downcast_ref::<&str>().map(|&text| text.to_owned())
}

/// Asserts that some thread panics, and what the program returns all the same.
fn assert_panics_but_returns<R>(result: R, body: impl Fn() -> R + Send + Sync + 'static)
where
    R: Clone + Ord + std::hash::Hash + std::fmt::Debug + Send + 'static,
{
    for (engine, report) in told(body) {
        let failures: Vec<_> = report.failures.keys().copied().collect();
        assert_eq!(failures, [Failure::Panic], "{engine}");
        assert_eq!(Vec::from_iter(returned(&report)), std::slice::from_ref(&result), "{engine}");
    }
}

#[test]
fn they_borrow_and_have_ended_when_it_returns() {
    assert_returns([(11, 1), (11, 11), (11, 0), (11, 10)], || {
        let sum = Mutex::new(0);
        let step = 10;
        let seen = thread::scope(|s| {
            s.spawn(|| *sum.lock().unwrap() += step);
            s.spawn(|| *sum.lock().unwrap() += 1);
            s.spawn(|| *sum.lock().unwrap()).join().unwrap()
        });
        (sum.into_inner().unwrap(), seen)
    });
}

#[test]
fn its_end_waits_for_all_of_them() {
    assert_fails(Failure::Deadlock, || {
        let lock = Mutex::new(());
        let _held = lock.lock().unwrap();
        thread::scope(|s| {
            s.spawn(|| drop(lock.lock().unwrap()));
        });
    });
}

#[test]
fn one_that_panics_makes_it_panic_if_nobody_has_joined_it() {
    let lost = Some("a scoped thread panicked".to_owned());
    assert_panics_but_returns((lost, 1), || {
        let data = Mutex::new(0);
        let lost = panic_of(|| {
            thread::scope(|s| {
                s.spawn(|| panic!("on the way"));
                s.spawn(|| *data.lock().unwrap() += 1);
            });
        });
        (lost, data.into_inner().unwrap())
    });
    assert_panics_but_returns(Some("on the way".to_owned()), || {
        thread::scope(|s| {
            let payload = s.spawn(|| panic!("on the way")).join().err();
            payload.and_then(|payload| payload.downcast_ref::<&str>().map(|&text| text.to_owned()))
        })
    });
}

#[test]
fn who_panics_in_it_waits_for_the_others_first() {
    assert_returns([(Some("mine".to_owned()), 1)], || {
        let data = Mutex::new(0);
        let mine = panic_of(|| {
            thread::scope(|s| {
                s.spawn(|| *data.lock().unwrap() += 1);
                panic!("mine")
            })
        });
        (mine, data.into_inner().unwrap())
    });
}

#[test]
fn who_is_started_on_the_way_is_waited_for() {
    assert_returns([(3, 10), (3, 20)], || {
        let (visits, first) = (Mutex::new(0), Mutex::new(0));
        let visit = || {
            let mut visits = visits.lock().unwrap();
            *visits += 1;
            *visits
        };
        thread::scope(|s| {
            for name in [10, 20] {
                let (visit, first) = (&visit, &first);
                s.spawn(move || {
                    if visit() == 1 {
                        s.spawn(move || {
                            visit();
                            *first.lock().unwrap() = name;
                        });
                    }
                });
            }
        });
        (*visits.lock().unwrap(), *first.lock().unwrap())
    });
}

#[test]
fn another_one_may_join_it() {
    assert_panics_but_returns((Some("a scoped thread panicked".to_owned()), true), || {
        let (looks, joins) = (Mutex::new(false), Mutex::new(None));
        let lost = panic_of(|| {
            thread::scope(|s| {
                let lost = s.spawn(|| panic!("on the way"));
                s.spawn(|| {
                    if *looks.lock().unwrap() {
                        *joins.lock().unwrap() = Some(lost.join().is_err());
                    }
                });
                *looks.lock().unwrap() = true;
            });
        });
        let joined = joins.into_inner().unwrap();
        // Either somebody takes note of the panic, or the scope does.
        (
            lost.clone().or(Some("a scoped thread panicked".to_owned())),
            lost.is_some() != joined.is_some(),
        )
    });
}

#[test]
fn they_have_names_and_say_when_they_are_over() {
    assert_returns([(true, true), (false, true)], || {
        thread::scope(|s| {
            let builder = thread::Builder::new().name("teller".into());
            let teller = builder.spawn_scoped(s, || thread::current().name() == Some("teller"));
            let teller = teller.unwrap();
            assert_eq!(teller.thread().name(), Some("teller"));
            (teller.is_finished(), teller.join().unwrap())
        })
    });
}

struct Note<'a>(&'a Mutex<Vec<u32>>, u32);

impl Drop for Note<'_> {
    fn drop(&mut self) {
        if let Ok(mut notes) = self.0.lock() {
            notes.push(self.1);
        }
    }
}

#[test]
fn a_run_that_is_left_leaves_all_of_it() {
    // Each has what would be dropped, and what it would use then is on the stack of another one.
    assert_fails(Failure::Deadlock, || {
        let notes = Mutex::new(Vec::new());
        let (one, two) = (Mutex::new(1), Mutex::new(2));
        thread::scope(|s| {
            let _note = Note(&notes, 0);
            let own = vec![Mutex::new(3)];
            thread::scope(|inner| {
                inner.spawn(|| {
                    let _note = (Note(&notes, 1), &own);
                    let _held = (one.lock().unwrap(), two.lock().unwrap());
                });
                s.spawn(|| {
                    let _note = Note(&notes, 2);
                    let _held = (two.lock().unwrap(), one.lock().unwrap());
                });
            });
        });
    });
}

#[cfg(feature = "shuttle")]
#[test]
fn a_run_that_is_left_out_may_be_in_one() {
    assert_returns([1], || {
        let first = Mutex::new(0);
        thread::scope(|s| {
            for name in [1, 2] {
                let first = &first;
                s.spawn(move || {
                    let mut first = first.lock().unwrap();
                    if *first == 0 {
                        *first = name;
                    }
                    assume(*first == 1);
                });
            }
        });
        first.into_inner().unwrap()
    });
}

#[test]
fn outside_of_every_check_they_are_the_real_thing() {
    let mut numbers = vec![1, 2, 3];
    let (sum, last) = thread::scope(|s| {
        let sum = s.spawn(|| numbers.iter().sum::<i32>());
        let last = thread::Builder::new().name("last".into());
        let last = last.spawn_scoped(s, || numbers.last().copied()).unwrap();
        assert_eq!(last.thread().name(), Some("last"));
        while !last.is_finished() {
            thread::yield_now();
        }
        (sum.join().unwrap(), last.join().unwrap())
    });
    assert_eq!((sum, last), (6, Some(3)));

    let lost = panic_of(|| {
        thread::scope(|s| {
            s.spawn(|| numbers.push(4));
            s.spawn(|| std::panic::resume_unwind(Box::new("on the way")));
        });
    });
    assert_eq!(lost.as_deref(), Some("a scoped thread panicked"));
    assert_eq!(numbers, [1, 2, 3, 4]);
    let joined = thread::scope(|s| s.spawn(|| std::panic::resume_unwind(Box::new(1))).join());
    assert!(joined.is_err_and(|payload: Box<dyn std::any::Any + Send>| payload.is::<i32>()));
}

#[cfg(feature = "shuttle")]
#[test]
fn who_is_started_in_an_outer_scope_from_an_inner_one_is_refused() {
    use tellers::engine::{Effort, Engine, Program};
    let program = Program::new(|| {
        thread::scope(|outer| {
            thread::scope(|inner| {
                inner.spawn(|| {
                    outer.spawn(|| thread::yield_now());
                });
            });
        });
    });
    for &engine in Engine::of_this_build() {
        let said = match engine.run(&program, Effort { executions: 10, ..Effort::of(engine) }) {
            Ok(report) => report.extent.cut_short().expect("it is cut short").to_owned(),
            Err(error) => error.to_string(),
        };
        assert!(said.contains("starts one in an outer scope"), "{engine}: {said}");
    }
}
