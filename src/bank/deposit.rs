//! The remark after cell 5: `lock_acc1` used as the protection of `acc2`.

use super::{Accounts, Stop};
use crate::sync::{Lock, checkpoint};

/// Pays into one account, under the lock that the caller believes to protect it.
pub fn deposit(
    accounts: &Accounts,
    to: usize,
    lock: &Lock,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("deposit", n));
        let guard = lock.guard();
        accounts.add(to, amount);
        if let Err(error) = guard.release() {
            return Stop::from(error).now();
        }
    }
    Stop::ReachedLimit.now()
}
