//! The limits of a search, on a command line.

use crate::engine::Effort;
use std::str::FromStr;
use std::time::Duration;

/// The limits of a search, where others than the usual ones are asked for.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub struct Bounds {
    /// The most states, in the product engine
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = from_1::<u32>)]
    max_states: Option<u32>,
    /// The most memory for the states and what is learned, in MiB, in the product engine
    #[arg(long, value_name = "MIB", allow_negative_numbers = true, value_parser = from_1::<u32>)]
    max_memory: Option<u32>,
    /// The most time for each check, in seconds; what it covers depends on the machine
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true, value_parser = from_1::<u32>)]
    max_time: Option<u32>,
}

impl Bounds {
    /// This effort within the limits.
    pub fn of(self, usual: Effort) -> Effort {
        Effort {
            states: self.max_states.map_or(usual.states, |n| n as usize),
            bytes: self.max_memory.map_or(usual.bytes, |n| (n as usize) << 20),
            time: self.max_time.map(|n| Duration::from_secs(n.into())).or(usual.time),
            ..usual
        }
    }

    /// The options that ask for the limits of an effort, where they are not the usual ones.
    pub(super) fn options(usual: Effort, asked: Effort) -> String {
        let option = |name: &str, value: Option<u64>| {
            value.map(|value| format!(" --max-{name} {value}")).unwrap_or_default()
        };
        let states = (asked.states != usual.states).then_some(asked.states as u64);
        let memory = (asked.bytes != usual.bytes).then_some(asked.bytes as u64 >> 20);
        let time = asked.time.filter(|_| asked.time != usual.time).map(|time| time.as_secs());
        [option("states", states), option("memory", memory), option("time", time)].concat()
    }
}

/// A number that is at least 1.
///
/// # Errors
/// If it is none.
pub fn from_1<N: FromStr + PartialOrd + From<u8>>(text: &str) -> Result<N, &'static str> {
    match text.parse::<N>() {
        Ok(number) if number >= N::from(1) => Ok(number),
        Ok(_) => Err("it must be at least 1"),
        Err(_) => Err("it must be a whole number, at least 1 and not too large"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_asked_for_again_as_they_were() {
        let asked = Bounds { max_states: Some(5), max_memory: None, max_time: Some(7) };
        let usual = Effort::default();
        assert_eq!(Bounds::options(usual, asked.of(usual)), " --max-states 5 --max-time 7");
        assert_eq!(Bounds::options(usual, Bounds::default().of(usual)), "");
    }
}
