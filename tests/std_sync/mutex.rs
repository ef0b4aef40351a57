//! std's mutex: its data are told by value.

use super::{assert_fails, assert_returns};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, TryLockError};
use tellers::engine::Failure;
use tellers::sync::{Mutex, thread};

fn two(body: impl Fn(usize) + Send + Sync + 'static) {
    let body = Arc::new(body);
    let theirs = Arc::clone(&body);
    let other = thread::spawn(move || theirs(1));
    body(0);
    other.join().unwrap();
}

#[test]
fn what_is_added_under_one_lock_is_not_lost() {
    assert_returns([2], || {
        let sum = Arc::new(Mutex::new(0_u64));
        let theirs = Arc::clone(&sum);
        two(move |_| *theirs.lock().unwrap() += 1);
        *sum.lock().unwrap()
    });
}

#[test]
fn what_is_read_in_one_section_and_written_in_the_next_is_lost() {
    assert_returns([1, 2], || {
        let sum = Arc::new(Mutex::new(0_u64));
        let theirs = Arc::clone(&sum);
        two(move |_| {
            let read = *theirs.lock().unwrap();
            *theirs.lock().unwrap() = read + 1;
        });
        *sum.lock().unwrap()
    });
}

#[test]
fn who_comes_first_is_first_in_the_list() {
    assert_returns([vec![0, 1], vec![1, 0]], || {
        let list = Arc::new(Mutex::new(Vec::<usize>::new()));
        let theirs = Arc::clone(&list);
        two(move |i| theirs.lock().unwrap().push(i));
        list.lock().unwrap().clone()
    });
}

#[test]
fn a_bank_of_mutexes_deadlocks_in_the_order_of_the_transfers_and_not_in_that_of_the_accounts() {
    fn transfer(bank: &[Mutex<i64>], from: usize, to: usize, in_order: bool) {
        let (first, second) = if in_order { (from.min(to), from.max(to)) } else { (from, to) };
        let mut first = bank[first].lock().unwrap();
        let mut second = bank[second].lock().unwrap();
        let (from, to) = if from < to || !in_order {
            (&mut *first, &mut *second)
        } else {
            (&mut *second, &mut *first)
        };
        *from -= 30;
        *to += 30;
    }
    let bank = |in_order: bool| {
        move || {
            let bank: Arc<Vec<_>> = Arc::new([100, 100].map(Mutex::new).into());
            let theirs = Arc::clone(&bank);
            two(move |i| transfer(&theirs, i, 1 - i, in_order));
            bank.iter().map(|account| *account.lock().unwrap()).sum::<i64>()
        }
    };
    assert_fails(Failure::Deadlock, bank(false));
    assert_returns([200], bank(true));
}

#[test]
fn a_panic_poisons_what_was_locked_before_it() {
    assert_returns([(true, 1, false, 2)], || {
        let data = Mutex::new(0);
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let mut data = data.lock().unwrap();
            *data = 1;
            panic!("in the middle");
        }));
        let poisoned = data.is_poisoned();
        let seen = *data.lock().unwrap_err().into_inner();
        data.clear_poison();
        *data.lock().unwrap() = 2;
        (poisoned, seen, data.is_poisoned(), data.into_inner().unwrap())
    });
}

#[test]
fn what_is_held_is_not_had_at_once() {
    assert_returns([false, true], || {
        let data = Arc::new(Mutex::new(0));
        let theirs = Arc::clone(&data);
        let other = thread::spawn(move || match theirs.try_lock() {
            Ok(_) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Poisoned(_)) => unreachable!("nobody panics"),
        });
        drop(data.lock().unwrap());
        other.join().unwrap()
    });
}

#[test]
fn a_mutex_that_is_locked_twice_is_waited_for_for_ever() {
    assert_fails(Failure::Deadlock, || {
        let data = Mutex::new(0);
        let _first = data.lock().unwrap();
        let _second = data.lock().unwrap();
    });
}

#[test]
fn what_one_had_alone_others_are_told() {
    assert_returns([7], || {
        let mut data = Mutex::new(0);
        *data.get_mut().unwrap() = 7;
        let data = Arc::new(data);
        let theirs = Arc::clone(&data);
        thread::spawn(move || *theirs.lock().unwrap()).join().unwrap()
    });
}

#[test]
fn outside_of_every_check_it_is_the_real_thing() {
    let data = Arc::new(Mutex::new(vec![1]));
    let theirs = Arc::clone(&data);
    std::thread::spawn(move || theirs.lock().unwrap().push(2)).join().unwrap();
    assert_eq!(*data.lock().unwrap(), [1, 2]);
    assert!(data.try_lock().is_ok());
    assert_eq!(format!("{data:?}"), "Mutex { data: [1, 2], poisoned: false, .. }");
}

#[test]
fn whoever_comes_first_is_told_what_one_had_alone() {
    assert_returns([(7, 8), (8, 7)], || {
        let mut data = Mutex::new(0);
        *data.get_mut().unwrap() = 6;
        let data = Arc::new(data);
        let [a, b] = [0, 1].map(|_| {
            let data = Arc::clone(&data);
            thread::spawn(move || {
                let mut data = data.lock().unwrap();
                *data += 1;
                *data
            })
        });
        (a.join().unwrap(), b.join().unwrap())
    });
}
