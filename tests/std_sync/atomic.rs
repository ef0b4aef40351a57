//! std's atomics.

use super::{assert_fails, assert_returns};
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::sync::atomic::{AtomicBool, AtomicI8, AtomicU32, AtomicU64, Ordering::SeqCst};
use tellers::thread;

fn both<T: Send + Sync + 'static>(shared: T, body: impl Fn(&T) + Copy + Send + 'static) -> Arc<T> {
    let shared = Arc::new(shared);
    let theirs = Arc::clone(&shared);
    let other = thread::spawn(move || body(&theirs));
    body(&shared);
    other.join().unwrap();
    shared
}

#[test]
fn an_update_in_one_step_is_not_lost_and_one_in_two_is() {
    assert_returns([2], || {
        both(AtomicU32::new(0), |sum| {
            sum.fetch_add(1, SeqCst);
        })
        .load(SeqCst)
    });
    assert_returns([1, 2], || {
        both(AtomicU32::new(0), |sum| sum.store(sum.load(SeqCst) + 1, SeqCst)).load(SeqCst)
    });
}

/// 0 is what is not there yet.
fn lazy(cell: &AtomicU32, made: &AtomicU32) -> u32 {
    if cell.load(SeqCst) == 0 {
        cell.store(7, SeqCst);
        made.fetch_add(1, SeqCst);
    }
    cell.load(SeqCst)
}

#[test]
fn a_lazy_cell_that_is_checked_and_then_set_is_made_twice() {
    assert_returns([1, 2], || {
        let pair = both((AtomicU32::new(0), AtomicU32::new(0)), |(cell, made)| {
            assert_eq!(lazy(cell, made), 7);
        });
        pair.1.load(SeqCst)
    });
    assert_fails(Failure::Panic, || {
        let pair = both((AtomicU32::new(0), AtomicU32::new(0)), |(cell, made)| {
            lazy(cell, made);
        });
        assert_eq!(pair.1.load(SeqCst), 1);
    });
}

#[test]
fn a_lazy_cell_that_is_claimed_is_made_once() {
    assert_returns([1], || {
        let pair = both((AtomicBool::new(false), AtomicU32::new(0)), |(claimed, made)| {
            if claimed.compare_exchange(false, true, SeqCst, SeqCst).is_ok() {
                made.fetch_add(1, SeqCst);
            }
        });
        pair.1.load(SeqCst)
    });
}

#[test]
fn numbers_are_counted_round_at_the_width_of_their_type() {
    assert_returns([(-128, u64::MAX, 3, false, -128)], || {
        let (small, large, flags) = (AtomicI8::new(127), AtomicU64::new(0), AtomicBool::new(true));
        small.fetch_add(1, SeqCst);
        large.fetch_sub(1, SeqCst);
        assert_eq!(large.fetch_max(1, SeqCst), u64::MAX);
        let nand = AtomicU32::new(6);
        assert_eq!(nand.fetch_nand(5, SeqCst), 6);
        assert_eq!(nand.load(SeqCst), !4);
        nand.store(3, SeqCst);
        assert!(flags.fetch_nand(true, SeqCst));
        let seen = (small.load(SeqCst), large.load(SeqCst), nand.load(SeqCst), flags.load(SeqCst));
        let updated = small.fetch_update(SeqCst, SeqCst, |value| value.checked_sub(1));
        (seen.0, seen.1, seen.2, seen.3, updated.unwrap_err())
    });
}

#[test]
fn what_one_had_alone_others_are_told() {
    assert_returns([(5, 5)], || {
        let mut value = AtomicU32::new(1);
        *value.get_mut() += 4;
        let value = Arc::new(value);
        let theirs = Arc::clone(&value);
        let seen = thread::spawn(move || theirs.load(SeqCst)).join().unwrap();
        (seen, Arc::try_unwrap(value).unwrap().into_inner())
    });
}

#[test]
fn outside_of_every_check_they_are_the_real_thing() {
    let sum = both(AtomicU64::new(u64::MAX), |sum| {
        sum.fetch_add(2, SeqCst);
    });
    assert_eq!(sum.swap(0, SeqCst), 3);
    assert_eq!(format!("{sum:?}"), "0");
}

#[test]
#[should_panic(expected = "there is no such thing as a release load")]
fn a_load_releases_nothing() {
    AtomicU32::new(0).load(tellers::sync::atomic::Ordering::Release);
}
