//! A counter with one window, at which one teller at a time is served.

use super::{Accounts, Stop};
use crate::sync::{Semaphore, checkpoint};

/// Moves money at the window, or finds that the customer has gone, and returns: with the permit.
pub fn serve(
    window: &Semaphore,
    accounts: &Accounts,
    (from, to): (usize, usize),
    is_there: bool,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("customer", n));
        window.acquire(1);
        if !is_there {
            return Stop::ReachedLimit.now();
        }
        accounts.transfer(from, to, amount);
        window.release(1);
    }
    Stop::ReachedLimit.now()
}

/// The same, but the window is left to the next one whatever happens.
pub fn serve_and_leave(
    window: &Semaphore,
    accounts: &Accounts,
    (from, to): (usize, usize),
    is_there: bool,
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("customer", n));
        window.acquire(1);
        if is_there {
            accounts.transfer(from, to, amount);
        }
        window.release(1);
    }
    Stop::ReachedLimit.now()
}
