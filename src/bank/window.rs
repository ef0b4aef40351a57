//! A counter with one window, at which one teller at a time is served.

use super::{Accounts, Stop};
use crate::sync::{Semaphore, checkpoint};

/// What becomes of the permit of a teller whose customer has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permit {
    /// The teller returns early, and keeps it.
    Kept,
    /// The window is left to the next one all the same.
    GivenBack,
}

/// Moves money at the window, or finds that the customer `is_there` no more.
pub fn serve(
    window: &Semaphore,
    accounts: &Accounts,
    (from, to): (usize, usize),
    (is_there, permit): (bool, Permit),
    amounts: impl IntoIterator<Item = i64>,
) -> Stop {
    for (n, amount) in amounts.into_iter().enumerate() {
        checkpoint(("customer", n));
        window.acquire(1);
        match permit {
            _ if is_there => accounts.transfer(from, to, amount),
            Permit::Kept => return Stop::ReachedLimit.now(),
            Permit::GivenBack => {}
        }
        window.release(1);
    }
    Stop::ReachedLimit.now()
}
