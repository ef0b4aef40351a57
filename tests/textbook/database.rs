//! The anomalies of database texts, as bank transfers.

use std::sync::Arc;
use tellers::sync::{Cell, Lock, thread};

/// A deposit of 50 that is taken back, and a teller who hands out 50 if they are there.
pub(crate) fn dirty_read(locked: bool) {
    let bank = Arc::new((Lock::named("lock"), Cell::named("account", 0), Cell::named("paid", 0)));
    let (theirs, ours) = (Arc::clone(&bank), Arc::clone(&bank));
    let deposit = thread::spawn(move || {
        let (lock, account, _) = &*theirs;
        let _held = locked.then(|| lock.guard());
        account.store(50);
        account.store(0);
    });
    let teller = thread::spawn(move || {
        let (lock, account, paid) = &*ours;
        let _held = locked.then(|| lock.guard());
        if account.load() >= 50 {
            paid.store(50);
        }
    });
    [deposit, teller].into_iter().for_each(|t| t.join().expect("nobody panics"));
    assert_eq!(bank.2.load(), 0, "money was paid out that never came");
}

/// Two accounts of 60 that may be overdrawn while their sum is not, and a withdrawal of 100 from
/// each.
pub(crate) fn write_skew(locked: bool) {
    let bank = Arc::new((Lock::named("lock"), [0, 1].map(|i| Cell::named(format!("acc{i}"), 60))));
    let teller = |own: usize| {
        let bank = Arc::clone(&bank);
        thread::spawn(move || {
            let (lock, accounts) = &*bank;
            let _held = locked.then(|| lock.guard());
            let [first, second] = [0, 1].map(|i| accounts[i].load());
            if first + second >= 100 {
                accounts[own].store([first, second][own] - 100);
            }
        })
    };
    [0, 1].map(teller).into_iter().for_each(|t| t.join().expect("nobody panics"));
    let sum = bank.1[0].load() + bank.1[1].load();
    assert!(sum >= 0, "the customer is {sum} overdrawn");
}
