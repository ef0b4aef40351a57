//! What the product engine says of a program and of how it looked, to the number.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tellers::engine::product::{Limits, ProductError, product};
use tellers::engine::{Extent, Failure, Program, Verdict, Watch};
use tellers::sync::{Cell, Event, Lock, assume, checkpoint, thread};

/// Threads that each do so many steps of their own, and say who they are at each.
fn busy(threads: usize, steps: usize, say: impl Fn(usize) + Send + Sync + 'static) -> Program<()> {
    let say = Arc::new(say);
    Program::new(move || {
        let x = Arc::new(Cell::named("x", 0));
        let spawn = |i| {
            let (x, say) = (Arc::clone(&x), Arc::clone(&say));
            thread::spawn(move || {
                for step in 0..steps {
                    checkpoint(step);
                    x.load();
                    say(i);
                }
            })
        };
        let threads: Vec<_> = (0..threads).map(spawn).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    })
}

#[test]
fn a_proof_says_how_many_samples_it_was_held_against() {
    for samples in [0, 3] {
        let report = product(&busy(2, 2, |_| ()), &Limits { samples, ..Limits::default() });
        assert_eq!(report.unwrap().proof.unwrap().samples, samples as u64);
    }
}

#[test]
fn a_program_without_a_loop_is_searched_once() {
    let states = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&states);
    let watch =
        Watch::new(Arc::default(), move |progress| told.lock().unwrap().push(progress.states));
    product(&busy(2, 50, |_| ()).watched_by(watch), &Limits::default()).unwrap();
    let states = states.lock().unwrap();
    assert!(states.len() > 1 && states.is_sorted(), "{states:?}");
}

#[test]
fn a_limit_is_hardly_passed_where_many_states_are_as_near() {
    for states in (500..2_000).step_by(100) {
        let limits = Limits { states, ..Limits::default() };
        let report = product(&busy(8, 3, |_| ()), &limits).unwrap();
        assert!(report.coverage.executions > 0 && report.coverage.steps > 0);
        let Extent::CutShort { reason } = report.extent else { panic!("{:?}", report.extent) };
        let known =
            reason.split(' ').filter_map(|word| word.replace(',', "").parse::<usize>().ok()).max();
        assert!(known.is_some_and(|known| (states + 1..=states + 9).contains(&known)), "{reason}");
    }
}

#[test]
fn a_timeout_is_counted_once() {
    let program = Program::new(|| {
        let lock = Lock::named("lock");
        let _held = lock.guard();
        assert!(!lock.acquire_timeout(Duration::ZERO));
    });
    let coverage = product(&program, &Limits::default()).unwrap().coverage;
    assert_eq!((coverage.timeouts, coverage.contended), (1, 1));
}

#[test]
fn completion_is_not_possible_where_every_end_is_a_deadlock() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        let waits = thread::spawn(|| Event::named("never").wait());
        let holds = thread::spawn(move || drop(theirs.guard()));
        while !lock.acquire_timeout(Duration::ZERO) {
            checkpoint("tries");
        }
        lock.release().expect("it is held");
        holds.join().expect("it does not panic");
        waits.join().expect("it does not panic");
    });
    let proof = product(&program, &Limits::default()).unwrap().proof.unwrap();
    assert!(!proof.completion_always_possible && proof.starvation.is_none());
}

#[test]
fn what_the_program_leaves_out_is_left_out_of_the_samples_too() {
    let program = Program::new(|| {
        let x = Arc::new(Cell::named("x", 0));
        let (first, second) = (Arc::clone(&x), Arc::clone(&x));
        let reader = thread::spawn(move || {
            let writer = thread::spawn(move || second.store(1));
            assume(first.load() == 0);
            writer.join().expect("it does not panic");
        });
        x.load();
        reader.join().expect("it does not panic");
    });
    let report = product(&program, &Limits { samples: 50, ..Limits::default() }).unwrap();
    assert_eq!(report.verdict(), Verdict::Proved);
    assert_eq!((report.outcomes.len(), report.bounds.len()), (1, 1));
}

#[test]
fn what_is_returned_only_once_is_no_counterexample() {
    let runs = AtomicI64::new(0);
    let program = Program::new(move || {
        Cell::named("x", 0).load();
        runs.fetch_add(1, Ordering::Relaxed)
    });
    let program = program.judged_by(|_| vec![Failure::Panic]);
    let answer = product(&program, &Limits { samples: 0, ..Limits::default() });
    assert_eq!(answer.err(), Some(ProductError::NotReproduced { failure: Failure::Panic }));
}
