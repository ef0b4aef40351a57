//! std's condition variable.

use super::{assert_fails, assert_returns};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tellers::engine::Failure;
use tellers::sync::{Condvar, Mutex, thread};

/// A queue with room for one, as it stands in many a file.
struct Bounded {
    items: Mutex<VecDeque<u32>>,
    not_empty: Condvar,
    /// Nothing if all wait for the other one.
    not_full: Option<Condvar>,
}

impl Bounded {
    fn new(two_condvars: bool) -> Self {
        Self {
            items: Mutex::new(VecDeque::new()),
            not_empty: Condvar::new(),
            not_full: two_condvars.then(Condvar::new),
        }
    }

    fn not_full(&self) -> &Condvar {
        self.not_full.as_ref().unwrap_or(&self.not_empty)
    }

    fn push(&self, item: u32) {
        let mut items = self.items.lock().unwrap();
        while items.len() == 1 {
            items = self.not_full().wait(items).unwrap();
        }
        items.push_back(item);
        self.not_empty.notify_one();
    }

    fn pop(&self) -> u32 {
        let items = self.items.lock().unwrap();
        let mut items = self.not_empty.wait_while(items, |items| items.is_empty()).unwrap();
        let item = items.pop_front().unwrap();
        self.not_full().notify_one();
        item
    }
}

fn traffic(queue: Bounded, producers: u32, consumers: u32) -> u32 {
    let queue = Arc::new(queue);
    let producers = (0..producers).map(|item| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            queue.push(item);
            0
        })
    });
    let producers: Vec<_> = producers.collect();
    let consumers = (0..consumers).map(|_| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || queue.pop())
    });
    let consumers: Vec<_> = consumers.collect();
    producers.into_iter().chain(consumers).map(|thread| thread.join().unwrap()).sum()
}

#[test]
fn a_bounded_queue_hands_everything_on() {
    assert_returns([1], || traffic(Bounded::new(true), 2, 2));
}

#[test]
fn one_condition_variable_for_two_kinds_of_waiters_loses_a_wake_up() {
    assert_fails(Failure::Deadlock, || traffic(Bounded::new(false), 2, 2));
}

/// One that waits once takes any wake-up for what it waits for.
#[test]
fn a_wake_up_that_nobody_caused_is_looked_at() {
    let hand_on = |again: bool| {
        move || {
            let pair = Arc::new((Mutex::new(None), Condvar::new()));
            let theirs = Arc::clone(&pair);
            let other = thread::spawn(move || {
                *theirs.0.lock().unwrap() = Some(7);
                theirs.1.notify_one();
            });
            let mut item = pair.0.lock().unwrap();
            while item.is_none() {
                item = pair.1.wait(item).unwrap();
                if !again {
                    break;
                }
            }
            let item = item.expect("it was notified");
            other.join().unwrap();
            item
        }
    };
    assert_fails(Failure::Panic, hand_on(false));
    assert_returns([7], hand_on(true));
}

#[test]
fn a_notification_that_nobody_waits_for_is_lost() {
    assert_fails(Failure::Deadlock, || {
        let pair = Arc::new((Mutex::new(()), Condvar::new()));
        let theirs = Arc::clone(&pair);
        let other = thread::spawn(move || theirs.1.notify_one());
        drop(pair.1.wait(pair.0.lock().unwrap()).unwrap());
        other.join().unwrap();
    });
}

#[test]
fn whoever_waits_may_be_the_one_that_is_notified() {
    assert_returns([(false, true), (true, false)], || {
        // How many wait, and ten for each that is served; and whether one may be.
        let pair = Arc::new((Mutex::new((0, 0)), Condvar::new(), Condvar::new()));
        let waiters = [0, 1].map(|_| {
            let pair = Arc::clone(&pair);
            thread::spawn(move || {
                let mut desk = pair.0.lock().unwrap();
                desk.0 += 1;
                pair.2.notify_one();
                let mut desk = pair.1.wait_while(desk, |desk| desk.1 == 0).unwrap();
                *desk = (desk.0 + 10, 0);
                pair.2.notify_one();
                desk.0 == 12
            })
        });
        let mut desk = pair.0.lock().unwrap();
        for before in [2, 12] {
            desk = pair.2.wait_while(desk, |desk| desk.0 < before).unwrap();
            desk.1 = 1;
            pair.1.notify_one();
        }
        drop(desk);
        let [one, other] = waiters.map(|waiter| waiter.join().unwrap());
        (one, other)
    });
}

#[test]
fn all_that_wait_are_notified_and_nobody_who_comes_later() {
    assert_fails(Failure::Deadlock, || {
        let pair = Arc::new((Mutex::new(()), Condvar::new()));
        let theirs = Arc::clone(&pair);
        let other = thread::spawn(move || theirs.1.notify_all());
        let guard = pair.1.wait(pair.0.lock().unwrap()).unwrap();
        drop(pair.1.wait(guard).unwrap());
        other.join().unwrap();
    });
}

#[test]
fn a_wait_with_a_timeout_may_be_too_short_or_not() {
    assert_returns([false, true], || {
        let pair = Arc::new((Mutex::new(false), Condvar::new()));
        let theirs = Arc::clone(&pair);
        let other = thread::spawn(move || {
            *theirs.0.lock().unwrap() = true;
            theirs.1.notify_one();
        });
        let raised = pair.0.lock().unwrap();
        let waited =
            pair.1.wait_timeout_while(raised, Duration::from_millis(1), |raised| !*raised).unwrap();
        let timed_out = waited.1.timed_out();
        assert_eq!(*waited.0, !timed_out);
        drop(waited);
        other.join().unwrap();
        timed_out
    });
}

/// Whether the time of a wait was over for which nobody gives a notification.
fn is_late(pair: &(Mutex<bool>, Condvar)) -> bool {
    let guard = pair.0.lock().unwrap();
    pair.1.wait_timeout(guard, Duration::ZERO).unwrap().1.timed_out()
}

#[test]
fn a_wait_with_a_timeout_may_end_for_no_reason() {
    assert_returns([false, true], || is_late(&(Mutex::new(false), Condvar::new())));
}

#[cfg(feature = "shuttle")]
#[test]
fn nobody_may_count_on_a_wait_that_ends_for_no_reason() {
    use tellers::engine::{Engine, Program};
    let explored = |until: bool| {
        let program = Program::new(move || {
            let pair = (Mutex::new(false), Condvar::new());
            while is_late(&pair) != until {}
            false
        });
        Engine::Product.run(&program, Default::default()).expect("it is answered")
    };
    let never = explored(false);
    assert_eq!(never.failures.keys().collect::<Vec<_>>(), [&Failure::Livelock]);
    let in_time = explored(true);
    assert_eq!(in_time.failures.keys().next(), None);
    let proof = in_time.proof.expect("it is proved");
    assert!(proof.completion_always_possible && proof.granted.is_empty());
    assert_eq!(proof.doubts, [tellers::world::Doubt::WakeUp].into());
}

#[test]
fn outside_of_every_check_it_is_the_real_thing() {
    let queue = Arc::new(Bounded::new(true));
    let theirs = Arc::clone(&queue);
    let other = std::thread::spawn(move || (0..100).for_each(|item| theirs.push(item)));
    assert_eq!((0..100).map(|_| queue.pop()).sum::<u32>(), 4950);
    other.join().unwrap();
    let (_, waited) = queue
        .not_empty
        .wait_timeout(queue.items.lock().unwrap(), Duration::from_millis(1))
        .unwrap();
    assert!(waited.timed_out());
}
