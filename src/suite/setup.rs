//! How large a scenario is.

use crate::bank::Retries;
use rand::Rng;
use std::fmt;
use std::str::FromStr;

/// How large a scenario is; written as in `2x1`, threads by transfers, or `2x1r3` where loops have
/// a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Setup {
    /// How many threads move money.
    pub threads: usize,
    /// How many transfers each of them makes.
    pub transfers: usize,
    /// How much they move.
    pub amounts: Amounts,
    /// How often a loop without an end of its own may go round.
    pub retries: Retries,
}

/// How much is moved in a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amounts {
    /// 30 each time by the first thread, 20 by the second. The amounts differ, so that a total tells
    /// which transfer was lost.
    Planned,
    /// The lesson's `randint(0, 100)`. On OS threads only: no run could be had again.
    Drawn,
}

impl Setup {
    /// One planned transfer each, and loops without a bound.
    pub const fn of(threads: usize) -> Self {
        let (amounts, retries) = (Amounts::Planned, Retries::UNBOUNDED);
        Self { threads, transfers: 1, amounts, retries }
    }

    /// What a thread, counted from 0, moves.
    pub fn amounts(&self, thread: usize) -> impl Iterator<Item = i64> + use<> {
        let planned = match thread {
            0 => 30,
            1 => 20,
            other => 10 * (other as i64 + 2),
        };
        let drawn = self.amounts == Amounts::Drawn;
        let amount = move || if drawn { rand::thread_rng().gen_range(0..=100) } else { planned };
        std::iter::repeat_with(amount).take(self.transfers)
    }
}

/// This is not how a size is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a size is written as in 2x1 or 2x1r3, not as {0:?}")]
pub struct NoSetup(String);

impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.threads, self.transfers)?;
        self.retries.bound().map_or(Ok(()), |rounds| write!(f, "r{rounds}"))
    }
}

impl FromStr for Setup {
    type Err = NoSetup;

    fn from_str(text: &str) -> Result<Self, NoSetup> {
        let parse = || {
            let (size, rounds) = match text.split_once('r') {
                Some((size, rounds)) => (size, Some(rounds.parse().ok()?)),
                None => (text, None),
            };
            let (threads, transfers) = size.split_once('x')?;
            let retries = rounds.map_or(Retries::UNBOUNDED, Retries::at_most);
            let (threads, transfers) = (threads.parse().ok()?, transfers.parse().ok()?);
            Some(Self { transfers, retries, ..Self::of(threads) })
        };
        parse().ok_or_else(|| NoSetup(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_survives_being_written() {
        for setup in [
            Setup::of(3),
            Setup { transfers: 12, ..Setup::of(2) },
            Setup { retries: Retries::at_most(7), ..Setup::of(2) },
        ] {
            assert_eq!(setup.to_string().parse(), Ok(setup));
        }
        assert!("2".parse::<Setup>().is_err() && "2xr1".parse::<Setup>().is_err());
    }
}
