//! Cells 4 to 7: money moved under two locks, one taken after the other.

use super::{Accounts, Stop};
use crate::sync::{Lock, ReleaseUnlocked, checkpoint};

/// The lesson's `move_funds2`: each account comes with the lock that is to be taken for it, the one
/// of `from` first.
///
/// A lock that somebody else has released ends the thread, whatever it had found before: so does
/// the exception of a `with` in the lesson.
pub fn move_funds2(
    accounts: &Accounts,
    (from, lock_from): (usize, &Lock),
    (to, lock_to): (usize, &Lock),
    expected: i64,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("transfer", n));
        let summed = with(lock_from, lock_to, || {
            accounts.transfer(from, to, amount);
            accounts.total()
        });
        match summed {
            Ok(total) if total == expected => {}
            Ok(total) => return Stop::Inconsistent { total, n }.now(),
            Err(error) => return Stop::from(error).now(),
        }
    }
    Stop::ReachedLimit.now()
}

/// The lesson's table of three threads, where each moves money under its own lock and another's.
/// Nobody looks at the sum: where a ring is longer than three, others may be changing it.
pub fn move_in_ring(
    accounts: &Accounts,
    (own, lock_own): (usize, &Lock),
    (before, lock_before): (usize, &Lock),
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("transfer", n));
        let moved = with(lock_own, lock_before, || accounts.transfer(own, before, amount));
        if let Err(error) = moved {
            return Stop::from(error).now();
        }
    }
    Stop::ReachedLimit.now()
}

/// Two nested `with` blocks: on the way out both locks are released, also if releasing the inner
/// one fails.
fn with<T>(outer: &Lock, inner: &Lock, f: impl FnOnce() -> T) -> Result<T, ReleaseUnlocked> {
    let outer = outer.guard();
    let inner = inner.guard();
    let result = f();
    let left_inner = inner.release();
    outer.release()?;
    left_inner.map(|()| result)
}
