//! The ordered transfers on loom, with its own mutexes and with lock words.

use super::row::Row;
use super::time::own;
use super::word::Word;
use loom::model::Builder;
use loom::sync::Mutex;
use loom::thread;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Every execution with loom's own mutexes, each thread being one that the main thread spawns. The
/// balances are in the mutexes, so that nothing but the locks is an operation to loom.
pub(super) fn mutexes(name: &str, spawned: usize, transfers: usize) -> Row {
    row(name, "loom, own mutexes", move || {
        let accounts = Arc::new([Mutex::new(100_000), Mutex::new(100_000)]);
        let spawn = |_| {
            let accounts = Arc::clone(&accounts);
            thread::spawn(move || (0..transfers).for_each(|_| transfer(&accounts)))
        };
        join((0..spawned).map(spawn).collect());
    })
}

/// The same for two threads, one of which is the main thread.
pub(super) fn two_mutexes(name: &str, transfers: usize) -> Row {
    row(name, "loom, own mutexes", move || {
        let accounts = Arc::new([Mutex::new(100_000), Mutex::new(100_000)]);
        let theirs = Arc::clone(&accounts);
        let spawned = thread::spawn(move || (0..transfers).for_each(|_| transfer(&theirs)));
        (0..transfers).for_each(|_| transfer(&accounts));
        join(vec![spawned]);
    })
}

/// Every execution of the same two threads with lock words. Nothing but the locks is an operation
/// here either.
pub(super) fn two_words(name: &str, transfers: usize) -> Row {
    row(name, "loom, lock words", move || {
        let locks = Arc::new([Word::new(), Word::new()]);
        let theirs = Arc::clone(&locks);
        let spawned = thread::spawn(move || (0..transfers).for_each(|_| take_both(&theirs)));
        (0..transfers).for_each(|_| take_both(&locks));
        join(vec![spawned]);
    })
}

fn row(name: &str, engine: &'static str, body: impl Fn() + Send + Sync + 'static) -> Row {
    let runs = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&runs);
    let (time, ()) = own(|| {
        Builder::new().check(move || {
            count.fetch_add(1, Ordering::Relaxed);
            body();
        });
    });
    Row { runs: Some(runs.load(Ordering::Relaxed)), time: Some(time), ..Row::new(name, engine) }
}

fn transfer(accounts: &[Mutex<i64>; 2]) {
    let mut from = accounts[0].lock().expect("nobody panics");
    let mut to = accounts[1].lock().expect("nobody panics");
    *from -= 30;
    *to += 30;
}

fn take_both(locks: &[Word; 2]) {
    locks[0].acquire();
    locks[1].acquire();
    locks[1].release();
    locks[0].release();
}

fn join(tellers: Vec<thread::JoinHandle<()>>) {
    for teller in tellers {
        teller.join().expect("it does not panic");
    }
}
