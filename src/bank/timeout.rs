//! Cells 9 and 10: all locks in time, or none and start over.

use super::{Accounts, Retries, Stop};
use crate::sync::{Lock, checkpoint};
use std::time::Duration;

/// How long a thread waits for a lock.
pub const LOCK_TIMEOUT: Duration = Duration::from_millis(1);

/// The lesson's `move_funds3`. Each transfer has `retries` of its own.
pub fn move_funds3(
    accounts: &Accounts,
    (from, lock_from): (usize, &Lock),
    (to, lock_to): (usize, &Lock),
    retries: Retries,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    let all_locks = [lock_from, lock_to];
    for (n, amount) in amounts.into_iter().enumerate() {
        if let Err(stop) = acquire_all(&all_locks, n, retries) {
            return stop.now();
        }
        accounts.transfer(from, to, amount);
        checkpoint(("release all", n));
        if let Err(stop) = release(all_locks) {
            return stop.now();
        }
    }
    Stop::ReachedLimit.now()
}

/// Tries every lock, also after one has timed out, as the list in the lesson does.
fn acquire_all(all_locks: &[&Lock], n: usize, mut retries: Retries) -> Result<(), Stop> {
    loop {
        checkpoint(("acquire all", n, retries));
        let locks_good: Vec<bool> =
            all_locks.iter().map(|lock| lock.acquire_timeout(LOCK_TIMEOUT)).collect();
        if locks_good.iter().all(|&good| good) {
            return Ok(());
        }
        let acquired = all_locks.iter().zip(locks_good).filter(|&(_, good)| good);
        release(acquired.map(|(&lock, _)| lock))?;
        retries.spend();
    }
}

/// Releases the locks one after the other, up to the first that is not held.
fn release<'a>(locks: impl IntoIterator<Item = &'a Lock>) -> Result<(), Stop> {
    for lock in locks {
        lock.release()?;
    }
    Ok(())
}
