//! The ordered transfers on shuttle, with its own mutexes.

use super::row::Row;
use super::time::own;
use shuttle::scheduler::DfsScheduler;
use shuttle::sync::Mutex;
use shuttle::{Config, Runner, thread};
use std::sync::Arc;

/// Every execution of two threads, one of which is the main thread.
pub(super) fn two(name: &str, transfers: usize) -> Row {
    let runner = Runner::new(DfsScheduler::new(None, false), Config::new());
    let (time, runs) = own(|| runner.run(move || program(transfers)));
    let runs = Some(runs as u64);
    Row { runs, time: Some(time), ..Row::new(name, "shuttle DFS, own mutexes") }
}

fn program(transfers: usize) {
    let accounts = Arc::new([Mutex::new(100_000), Mutex::new(100_000)]);
    let theirs = Arc::clone(&accounts);
    let spawned = thread::spawn(move || (0..transfers).for_each(|_| transfer(&theirs)));
    (0..transfers).for_each(|_| transfer(&accounts));
    spawned.join().expect("it does not panic");
}

fn transfer(accounts: &[Mutex<i64>; 2]) {
    let mut from = accounts[0].lock().expect("nobody panics");
    let mut to = accounts[1].lock().expect("nobody panics");
    *from -= 30;
    *to += 30;
}
