//! `tellers::check`, as somebody's own test calls it.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tellers::sync::{Lock, assume, thread};

fn opposite_orders() {
    let locks = Arc::new([Lock::named("left"), Lock::named("right")]);
    let other = Arc::clone(&locks);
    let neighbour = thread::spawn(move || {
        let _right = other[1].guard();
        let _left = other[0].guard();
    });
    {
        let _left = locks[0].guard();
        let _right = locks[1].guard();
    }
    neighbour.join().expect("it does not panic");
}

fn message(body: impl Fn() + Send + Sync + 'static) -> String {
    let payload =
        catch_unwind(AssertUnwindSafe(|| tellers::check(body))).expect_err("the check must fail");
    *payload.downcast().expect("a message")
}

#[test]
fn a_failing_check_panics_with_the_interleaving() {
    insta::assert_snapshot!(message(opposite_orders));
}

#[test]
fn a_check_that_looked_at_nothing_fails() {
    assert_eq!(message(|| assume(false)), "not proved: a bound cut off every run");
}

#[test]
fn a_check_gives_what_it_found() {
    let report = tellers::check(|| {
        let lock = Arc::new(Lock::named("lock"));
        let other = Arc::clone(&lock);
        let neighbour = thread::spawn(move || drop(other.guard()));
        drop(lock.guard());
        neighbour.join().expect("it does not panic");
    });
    assert!(report.coverage.contended > 0);
    assert_eq!(report.outcomes.len(), 1);
}
