//! One of several equal parts of the work, for as many machines.

use crate::engine::{Effort, Engine};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Part `part` of `of`, counted from 1; written as in `2/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shard {
    /// How many parts there are.
    pub of: u32,
    /// Which part.
    pub part: u32,
}

/// This is no shard.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a shard is written as in 2/3, counted from 1, not as {0:?}")]
pub struct NoShard(String);

impl Shard {
    /// All of the work.
    pub const WHOLE: Self = Self { part: 1, of: 1 };

    /// What this shard does of a check, if anything. Exhaustive engines are shared out by scenario,
    /// here the one at `position`; of a sample every shard takes its part of the runs, from a seed
    /// of its own: the first shard from the seed itself, the second from the next, and so on.
    pub fn share(self, position: usize, engine: Engine, effort: Effort) -> Option<Effort> {
        let (part, of) = (self.part as usize - 1, self.of as usize);
        if engine.is_exhaustive() {
            return (position % of == part).then_some(effort);
        }
        let seed = effort.seed.wrapping_add(part as u64);
        let executions = (effort.executions + of as u64 - 1 - part as u64) / of as u64;
        (executions > 0).then_some(Effort { executions, seed, ..effort })
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let parse = || {
            let (part, of) = text.split_once('/')?;
            let shard = Self { part: part.parse().ok()?, of: of.parse().ok()? };
            (1..=shard.of).contains(&shard.part).then_some(shard)
        };
        parse().ok_or_else(|| NoShard(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shards(of: u32) -> impl Iterator<Item = Shard> {
        (1..=of).map(move |part| Shard { part, of })
    }

    #[test]
    fn shards_together_do_every_scenario_once() {
        for position in 0..10 {
            let effort = Effort::default();
            let doing = shards(3).filter_map(|s| s.share(position, Engine::Product, effort));
            assert_eq!(doing.collect::<Vec<_>>(), [effort], "{position}");
        }
    }

    #[test]
    fn shards_together_make_every_run_of_a_sample_from_seeds_of_their_own() {
        let effort = Effort { executions: 11, seed: 7, ..Effort::default() };
        let shares: Vec<Effort> =
            shards(3).filter_map(|shard| shard.share(0, Engine::Random, effort)).collect();
        let of = |f: fn(&Effort) -> u64| shares.iter().map(f).collect::<Vec<_>>();
        assert_eq!(of(|share| share.executions), [4, 4, 3]);
        assert_eq!(of(|share| share.seed), [7, 8, 9]);
    }

    #[test]
    fn a_shard_without_a_run_does_nothing() {
        let effort = Effort { executions: 1, ..Effort::default() };
        assert_eq!(Shard { part: 2, of: 2 }.share(0, Engine::Pct, effort), None);
    }

    #[test]
    fn a_shard_survives_being_written() {
        assert_eq!("2/3".parse::<Shard>().map(|shard| shard.to_string()), Ok("2/3".into()));
        for wrong in ["", "2", "0/3", "4/3", "1/0", "a/b", "1/2/3"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
