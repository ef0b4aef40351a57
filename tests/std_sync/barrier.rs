//! std's barrier.

use super::{assert_fails, assert_returns};
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::sync::{Barrier, Mutex, thread};

/// Whether each thread is told that it is the leader.
fn leaders(barrier: Barrier, threads: usize, rounds: usize) -> Vec<Vec<bool>> {
    let barrier = Arc::new(barrier);
    let wait = move |barrier: &Barrier| (0..rounds).map(|_| barrier.wait().is_leader()).collect();
    let others = (1..threads).map(|_| {
        let barrier = Arc::clone(&barrier);
        thread::spawn(move || wait(&barrier))
    });
    let others: Vec<_> = others.collect();
    let mine = wait(&barrier);
    [mine].into_iter().chain(others.into_iter().map(|other| other.join().unwrap())).collect()
}

#[test]
fn any_of_those_that_wait_may_be_the_leader() {
    let led_by = |leader: usize| (0..3).map(|i| vec![i == leader]).collect::<Vec<_>>();
    assert_returns([0, 1, 2].map(led_by), || leaders(Barrier::new(3), 3, 1));
}

#[test]
fn each_round_has_a_leader_of_its_own() {
    let rounds = [[true, true], [true, false], [false, true], [false, false]];
    let both = rounds.map(|mine| vec![mine.to_vec(), mine.map(|it| !it).to_vec()]);
    assert_returns(both, || leaders(Barrier::new(2), 2, 2));
}

#[test]
fn a_barrier_for_none_and_one_for_one_keep_nobody() {
    for n in [0, 1] {
        assert_returns([vec![vec![true, true]; 2]], move || leaders(Barrier::new(n), 2, 2));
    }
}

#[test]
fn whoever_has_come_is_seen_by_who_goes_on() {
    let sums = |waits: bool| {
        move || {
            let shared = Arc::new((Mutex::new(0), Barrier::new(2)));
            let theirs = Arc::clone(&shared);
            let other = thread::spawn(move || {
                *theirs.0.lock().unwrap() += 1;
                if waits {
                    theirs.1.wait();
                }
            });
            if waits {
                shared.1.wait();
            }
            let seen = *shared.0.lock().unwrap();
            other.join().unwrap();
            seen
        }
    };
    assert_returns([1], sums(true));
    assert_returns([0, 1], sums(false));
}

#[test]
fn who_comes_again_does_not_stand_in_for_who_is_to_come() {
    assert_fails(Failure::Deadlock, || {
        let barrier = Arc::new(Barrier::new(2));
        let theirs = Arc::clone(&barrier);
        let other = thread::spawn(move || {
            theirs.wait();
            theirs.wait();
        });
        barrier.wait();
        other.join().unwrap();
    });
}

/// The second pair can be complete before all of the first have gone on.
#[test]
fn whoever_has_not_gone_on_keeps_nobody_from_coming_again() {
    let all = [(true, true), (true, false), (false, true), (false, false)];
    assert_returns(all, || {
        let barrier = Arc::new(Barrier::new(2));
        let [first, second] = [0, 1].map(|_| {
            let theirs = Arc::clone(&barrier);
            let other = thread::spawn(move || theirs.wait().is_leader());
            (barrier.wait().is_leader(), other)
        });
        let leads = |(mine, other): (bool, thread::JoinHandle<bool>)| {
            assert_ne!(mine, other.join().unwrap());
            mine
        };
        (leads(first), leads(second))
    });
}

#[test]
fn outside_of_every_check_it_is_the_real_thing() {
    let barrier = Arc::new(Barrier::new(2));
    let theirs = Arc::clone(&barrier);
    let other = std::thread::spawn(move || theirs.wait().is_leader());
    assert_ne!(barrier.wait().is_leader(), other.join().unwrap());
    assert_eq!(format!("{barrier:?}"), "Barrier { .. }");
    assert_eq!(format!("{:?}", Barrier::new(1).wait()), "BarrierWaitResult { is_leader: true }");
}
