//! What a report adds up to.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tellers::engine::{Count, Coverage, Failure, Program, Verdict, Watch, dfs, pct, random};
use tellers::sync::{Cell, Event, Lock, assume, thread};

#[test]
fn coverage_adds_up_but_for_the_most_preemptions_of_a_run() {
    let of = |n: u64, preemptions| Coverage {
        executions: n,
        steps: n + 1,
        contended: n + 2,
        timeouts: n + 3,
        stale: n + 4,
        beside_panics: n + 5,
        preemptions,
    };
    let mut coverage = of(10, 3);
    coverage += of(20, 2);
    let sum = Coverage {
        executions: 30,
        steps: 32,
        contended: 34,
        timeouts: 36,
        stale: 38,
        beside_panics: 40,
        preemptions: 3,
    };
    assert_eq!(coverage, sum);
}

#[test]
fn who_watches_is_told_how_many_runs_there_have_been() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let watch =
        Watch::new(Arc::default(), move |progress| tell.lock().unwrap().push(progress.runs));
    random(&Program::new(|| ()).watched_by(watch), 600, 0);
    assert_eq!(*told.lock().unwrap(), [256, 512]);
}

#[test]
fn nothing_is_shown_by_runs_that_were_all_left_out() {
    let report = random(&Program::new(|| assume(false)), 5, 0);
    assert_eq!(report.verdict(), Verdict::NotProved);
    let report = random(&Program::new(|| assume(true)), 5, 0);
    assert_eq!(report.verdict(), Verdict::Sampled);
}

#[test]
fn a_count_says_when_there_is_no_end_of_them() {
    assert_eq!(Count::Infinite.to_string(), "infinitely many");
    assert_eq!(Count::Finite(12_u32.into()).to_string(), "12");
}

#[test]
fn of_timed_acquires_it_is_told_how_they_went_and_of_their_lack_nothing() {
    let program = Program::new(|| {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        let other = thread::spawn(move || theirs.acquire_timeout(Duration::from_secs(1)));
        lock.acquire();
        lock.release().expect("it is held");
        other.join().expect("it does not panic")
    });
    let went = |took| vec![Vec::new(), vec![took]];
    let can_block = dfs(&program, 100);
    let told: Vec<_> = can_block.tries.iter().map(|tries| tries.last().cloned()).collect();
    assert_eq!(told, [Some(vec![false]), Some(vec![true])]);
    assert_eq!(can_block.tries, BTreeSet::from([went(false), went(true)]));
    assert_eq!(random(&Program::new(|| Lock::new().acquire()), 5, 0).tries, BTreeSet::new());
}

#[test]
fn of_runs_that_are_as_simple_the_first_is_kept() {
    let program = Program::new(|| {
        let threads = [(); 2].map(|()| thread::spawn(|| Cell::named("own", 0).store(1)));
        threads.into_iter().for_each(|thread| thread.join().expect("it does not panic"));
    });
    let program = program.judged_by(|_| vec![Failure::Panic]);
    let order = |seed| random(&program, 1, seed).as_found[&Failure::Panic].trace.steps.clone();
    let orders: Vec<_> = (0..10).map(order).collect();
    assert!(orders.iter().any(|steps| *steps != orders[0]), "there are several");
    for seed in 0..10 {
        let report = random(&program, 20, seed);
        let [first, simplest] = [&report.as_found, &report.failures].map(|it| &it[&Failure::Panic]);
        assert_eq!(first.size, simplest.size);
        assert!(first.trace.is_same_as(&simplest.trace));
    }
}

/// Whoever yields first makes the first lock or the first event.
#[test]
fn what_is_waited_for_has_the_same_number_whoever_made_it_first() {
    let program = Program::new(|| {
        let locks = [(); 2].map(|()| {
            thread::spawn(|| {
                thread::yield_now();
                let own = Lock::named("own");
                own.acquire();
                own.acquire();
            })
        });
        let events = [(); 2].map(|()| {
            thread::spawn(|| {
                thread::yield_now();
                Event::named("own").wait();
            })
        });
        locks.into_iter().chain(events).for_each(|thread| thread.join().expect("it waits"));
    });
    let reports = (0..20).flat_map(|seed| [random(&program, 1, seed), pct(&program, 4, seed)]);
    let endings: BTreeSet<_> = reports.flat_map(|report| report.outcomes.into_keys()).collect();
    assert_eq!(endings.len(), 1, "{endings:?}");
}

#[test]
fn a_verdict_is_written_in_a_word_or_two_and_what_is_bad_stands_out() {
    let all = [Verdict::Proved, Verdict::Sampled, Verdict::NotProved, Verdict::Failed];
    assert_eq!(all.map(|it| it.to_string()), ["proved", "sampled", "NOT PROVED", "FAILED"]);
}

/// Two threads each yield and start another one; only the first one's tries to take a lock.
fn one_grandchild_tries() {
    let lock = Arc::new(Lock::named("lock"));
    let parents = [true, false].map(|tries| {
        let lock = Arc::clone(&lock);
        thread::spawn(move || {
            thread::yield_now();
            let child = thread::spawn(move || tries && lock.acquire_timeout(Duration::ZERO));
            child.join().expect("it does not panic");
        })
    });
    parents.into_iter().for_each(|parent| parent.join().expect("it does not panic"));
}

#[test]
fn every_search_numbers_those_who_try_alike() {
    let program = Program::new(one_grandchild_tries);
    for seed in 0..10 {
        let report = random(&program, 20, seed);
        assert_eq!(Vec::from_iter(report.tries), [[vec![], vec![], vec![true]]], "{seed}");
    }
}
