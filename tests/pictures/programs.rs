//! Small programs that fail, each in its own way.

use std::sync::Arc;
use tellers::engine::{Ending, Failure};
use tellers::sync::{Cell, Event, Lock, checkpoint, thread};

/// Two accounts with a lock each.
pub(crate) struct Bank {
    accounts: [Cell; 2],
    locks: [Lock; 2],
}

impl Bank {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            accounts: [Cell::named("acc1", 100_000), Cell::named("acc2", 100_000)],
            locks: [Lock::named("lock_acc1"), Lock::named("lock_acc2")],
        })
    }

    fn add(&self, account: usize, amount: i64) {
        let balance = self.accounts[account].load();
        self.accounts[account].store(balance + amount);
    }

    fn transfer(&self, from: usize, to: usize, amount: i64) {
        self.add(from, -amount);
        self.add(to, amount);
    }

    fn sum(&self) -> i64 {
        self.accounts.iter().map(|account| account.load()).sum()
    }
}

/// In which ways these programs fail.
pub(crate) fn judge(ending: &Ending<()>) -> Vec<Failure> {
    let mut failures = ending.failures();
    let right = !ending.is_deadlock() && [200_000, 200_030].contains(&ending.cells.iter().sum());
    let said = |text| ending.panics.iter().any(|(_, message)| message.contains(text));
    if !ending.is_deadlock() && !right {
        failures.push(Failure::LostUpdate);
    }
    if right && said("inconsistent") {
        failures.push(Failure::TornAudit);
    }
    if said("release unlocked lock") {
        failures.push(Failure::ReleaseUnlocked);
    }
    failures
}

/// Runs both as threads, and waits for them.
fn both(first: impl FnOnce(&Bank) + Send + 'static, second: impl FnOnce(&Bank) + Send + 'static) {
    let bank = Bank::new();
    let (one, two) = (Arc::clone(&bank), Arc::clone(&bank));
    let handles = [thread::spawn(move || first(&one)), thread::spawn(move || second(&two))];
    handles.into_iter().for_each(|handle| drop(handle.join()));
    bank.sum();
}

fn under_locks(bank: &Bank, first: usize, second: usize, amount: i64) {
    let outer = bank.locks[first].guard();
    let inner = bank.locks[second].guard();
    bank.transfer(first, second, amount);
    drop(inner);
    drop(outer);
}

pub(crate) fn inverted() {
    both(|bank| under_locks(bank, 0, 1, 30), |bank| under_locks(bank, 1, 0, 20));
}

/// The first thread makes a transfer and comes back for another one.
pub(crate) fn second_transfer() {
    let twice = |bank: &Bank| {
        under_locks(bank, 0, 1, 30);
        under_locks(bank, 0, 1, 30);
    };
    let once_the_first_is_made = |bank: &Bank| {
        if bank.accounts[0].load() < 100_000 {
            under_locks(bank, 1, 0, 20);
        }
    };
    both(twice, once_the_first_is_made);
}

pub(crate) fn ring(n: usize) {
    let locks: Arc<Vec<Lock>> = Arc::new(
        (0..n).map(|i| Lock::named(format!("lock_{}", (b'A' + i as u8) as char))).collect(),
    );
    for i in 0..n {
        let locks = Arc::clone(&locks);
        thread::spawn(move || {
            let _outer = locks[i].guard();
            let _inner = locks[(i + 1) % n].guard();
        });
    }
}

pub(crate) fn taken_twice() {
    let lock = Lock::new();
    thread::spawn(move || {
        let _outer = lock.guard();
        lock.acquire();
    });
}

pub(crate) fn never_set() {
    let event = Event::named("go");
    thread::spawn(move || event.wait());
}

pub(crate) fn ended_with_the_lock() {
    both(|bank| bank.locks[0].acquire(), |bank| bank.locks[0].acquire());
}

pub(crate) fn race() {
    both(|bank| bank.transfer(0, 1, 30), |bank| bank.transfer(1, 0, 20));
}

pub(crate) fn mislabelled() {
    let deposit = |lock: usize, amount| {
        move |bank: &Bank| {
            let _guard = bank.locks[lock].guard();
            bank.add(0, amount);
        }
    };
    both(deposit(0, 10), deposit(1, 20));
}

pub(crate) fn race_audit() {
    both(
        |bank| bank.transfer(0, 1, 30),
        |bank| {
            let sum = bank.sum();
            assert!(sum == 200_000, "inconsistent balance: {sum}");
        },
    );
}

pub(crate) fn taken_away() {
    both(
        |bank| {
            let _guard = bank.locks[0].guard();
            bank.transfer(0, 1, 30);
        },
        |bank| {
            let _ = bank.locks[0].release();
        },
    );
}

pub(crate) fn assertion() {
    both(
        |bank| bank.transfer(0, 1, 30),
        |bank| assert_eq!(bank.accounts[1].load(), 100_000, "acc2 has not changed"),
    );
}

pub(crate) fn assertion_of_main() {
    let cell = Arc::new(Cell::named("x", 0));
    let other = Arc::clone(&cell);
    let handle = thread::spawn(move || other.store(other.load() + 1));
    cell.store(cell.load() + 1);
    handle.join().expect("the thread does not panic");
    assert_eq!(cell.load(), 2);
}

pub(crate) fn spinning() {
    let events = Arc::new(["left", "right"].map(Event::named));
    for own in 0..2 {
        let events = Arc::clone(&events);
        thread::spawn(move || {
            loop {
                checkpoint(own);
                if events[1 - own].is_set() {
                    events[own].set();
                    return;
                }
            }
        });
    }
}

pub(crate) fn wide_names() {
    let locks = Arc::new([
        Lock::named("the lock of the first of the two accounts of the bank"),
        Lock::named("口座の錠"),
    ]);
    for own in 0..2 {
        let locks = Arc::clone(&locks);
        thread::spawn_named(["the first of the tellers", "出納係"][own], move || {
            let _own = locks[own].guard();
            let _other = locks[1 - own].guard();
        });
    }
}

/// What nothing guards.
struct Unguarded(tellers::cell::UnsafeCell<i64>);

// SAFETY: a check is what tells whether it is.
unsafe impl Sync for Unguarded {}

/// One thread reads a balance under a lock of its own, another one writes it under none.
pub(crate) fn unguarded() {
    let shared =
        Arc::new((Lock::named("audit"), Unguarded(tellers::cell::UnsafeCell::new(100_000))));
    let ours = Arc::clone(&shared);
    let audit = thread::spawn(move || {
        let (lock, Unguarded(balance)) = &*ours;
        let _held = lock.guard();
        // SAFETY: an access that races never begins.
        balance.with(|balance| assert!(unsafe { *balance } >= 100_000));
    });
    // SAFETY: likewise.
    shared.1.0.with_mut(|balance| unsafe { *balance += 30 });
    audit.join().unwrap();
}
