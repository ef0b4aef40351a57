//! How large a scenario is.

use crate::bank::Retries;

/// How large a scenario is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Setup {
    /// How many threads move money.
    pub threads: usize,
    /// How many transfers each of them makes.
    pub transfers: usize,
    /// How often a loop without an end of its own may go round.
    pub retries: Retries,
}

impl Setup {
    /// One transfer each, and loops without a bound.
    pub const fn of(threads: usize) -> Self {
        Self { threads, transfers: 1, retries: Retries::UNBOUNDED }
    }

    /// What a thread, counted from 0, moves: 30 each time for the first one, 20 for the second.
    /// The amounts differ, so that a total tells which transfer was lost.
    pub fn amounts(&self, thread: usize) -> impl Iterator<Item = i64> + use<> {
        let amount = match thread {
            0 => 30,
            1 => 20,
            other => 10 * (other as i64 + 2),
        };
        std::iter::repeat_n(amount, self.transfers)
    }
}
