//! Data races: both accesses, and what each thread held.

use super::{both, in_one_line, said};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tellers::cell::UnsafeCell;
use tellers::engine::{Conclusion, Engine, Failure, Program};
use tellers::sync::{Mutex, RwLock};
use tellers::thread;

/// An account that is guarded, it is hoped.
struct Account {
    balance: UnsafeCell<i64>,
    deposits: Mutex<()>,
    withdrawals: Mutex<()>,
    audits: RwLock<()>,
}

// SAFETY: a check is what tells whether it is.
unsafe impl Sync for Account {}

impl Account {
    fn new() -> Self {
        let [deposits, withdrawals] = [Mutex::new(()), Mutex::new(())];
        let (balance, audits) = (UnsafeCell::new(100), RwLock::new(()));
        Self { balance, deposits, withdrawals, audits }
    }

    fn add(&self, amount: i64) {
        // SAFETY: an access that races never begins.
        self.balance.with_mut(|balance| unsafe { *balance += amount });
    }
}

fn under_two_locks() {
    let deposit = |account: &Account| {
        let _held = account.deposits.lock();
        account.add(30);
    };
    let withdraw = |account: &Account| {
        let _held = account.withdrawals.lock();
        account.add(-30);
    };
    both(Account::new(), deposit, withdraw);
}

#[test]
fn both_accesses_and_what_each_held_are_told() {
    insta::assert_snapshot!(said(under_two_locks));
}

#[test]
fn a_lock_that_lets_both_in_is_told() {
    let add = |account: &Account| {
        let _held = account.audits.read();
        account.add(1);
    };
    let told = in_one_line(&said(move || drop(both(Account::new(), add, add))));
    assert!(told.contains("both hold rwlock"), "{told}");
    assert!(told.contains("and each lets the other in"), "{told}");
}

#[test]
fn a_thread_whose_accesses_overlap_is_told_so() {
    let told = in_one_line(&said(|| {
        let account = Account::new();
        account.balance.with(|_| account.add(1));
    }));
    assert!(told.contains("main comes to write"), "{told}");
    assert!(told.contains("while it reads it: its accesses overlap"), "{told}");
    assert!(told.contains("If main ended the one access before it begins the other"), "{told}");
}

/// Nothing follows a race, so nobody can catch it, or hide it by what comes after.
#[test]
fn a_race_is_the_end() {
    let program = Program::new(|| {
        let add = |account: &Account| {
            let _ = catch_unwind(AssertUnwindSafe(|| account.add(1)));
        };
        both(Account::new(), add, add);
    });
    for engine in Engine::of_this_build() {
        let report = engine.run(&program, Default::default()).expect("it is answered");
        let failures: Vec<_> = report.failures.keys().copied().collect();
        assert_eq!(failures, [Failure::DataRace], "{engine}");
        let raced =
            |conclusion: &_| matches!(conclusion, Conclusion::Raced(racing) if racing.len() == 1);
        let failing = report.outcomes.iter().filter(|(_, seen)| !seen.failures.is_empty());
        assert!(failing.clone().count() > 0, "{engine}");
        assert!(failing.into_iter().all(|(end, _)| raced(&end.conclusion)), "{engine}");
    }
}

/// What a thread does while another one is in a race with it is no part of any interleaving.
#[test]
fn what_only_a_race_leads_to_is_not_found() {
    let report = Engine::Product
        .run(
            &Program::new(|| {
                let look = |account: &Account| {
                    // SAFETY: as above.
                    account.balance.with(|balance| assert_eq!(unsafe { *balance }, 100));
                };
                let write = |account: &Account| {
                    account.balance.with_mut(|balance| {
                        // SAFETY: as above.
                        unsafe { *balance = 0 };
                        thread::yield_now();
                        // SAFETY: as above.
                        unsafe { *balance = 100 };
                    });
                };
                both(Account::new(), look, write);
            }),
            Default::default(),
        )
        .expect("it is answered");
    assert_eq!(report.failures.keys().copied().collect::<Vec<_>>(), [Failure::DataRace]);
    let found = &report.failures[&Failure::DataRace];
    let size = found.size;
    assert!(found.minimal && (size.context, size.steps) == (0, 1), "{size:?}");
}
