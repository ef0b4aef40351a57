//! Cells 2 and 3: money moved without a lock.

use super::{Accounts, Stop};
use crate::sync::{Event, checkpoint};

/// The lesson's `move_funds`: after each transfer it sums the accounts, and raises the kill switch
/// when the sum is wrong.
pub fn move_funds(
    accounts: &Accounts,
    from: usize,
    to: usize,
    expected: i64,
    kill_switch: &Event,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("transfer", n));
        accounts.transfer(from, to, amount);
        let total = accounts.total();
        if total != expected {
            kill_switch.set();
            return Stop::Inconsistent { total, n }.now();
        } else if kill_switch.is_set() {
            return Stop::OtherFlagged { total, n }.now();
        }
    }
    Stop::ReachedLimit.now()
}

/// The same transfers, and nobody looks at the sum.
pub fn move_unaudited(
    accounts: &Accounts,
    from: usize,
    to: usize,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("transfer", n));
        accounts.transfer(from, to, amount);
    }
    Stop::ReachedLimit.now()
}
