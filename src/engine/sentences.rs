//! What a proof says beyond its verdict, in sentences.

use super::{Count, Failure, Proof};
use crate::thousands;

/// So many more rounds a thread is led through before a spin is closed.
pub(super) const SPIN_ROUNDS: usize = 128;

impl Proof {
    /// What is known of all interleavings together; `complete` if no bound left any out.
    pub fn sentences(&self, complete: bool) -> Vec<String> {
        let mut sentences = vec![self.interleavings()];
        sentences.extend(self.always().filter(|_| complete));
        if complete && self.completion_always_possible {
            let end = if self.failing.is_empty() {
                "From every state the program can still come to its end."
            } else {
                "From every state the program can still come to an end, if only to a failing one."
            };
            sentences.push(end.to_owned());
        }
        if self.failing.is_empty() && self.completion_always_possible && !self.tried.is_of_nothing()
        {
            let tried = self.tried.to_string();
            let (first, rest) = tried.split_at(1);
            sentences.push(format!("{}{rest}.", first.to_uppercase()));
        }
        sentences.extend(self.doubts.iter().map(|doubt| {
            let doubt = doubt.to_string();
            let (first, rest) = doubt.split_at(1);
            format!(
                "{}{rest} is looked at, and not counted on: interleavings in which one is are not counted.",
                first.to_uppercase()
            )
        }));
        if !self.granted.is_empty() {
            let granted: Vec<String> = self.granted.iter().map(ToString::to_string).collect();
            sentences.push(format!("It takes for granted {}.", granted.join(", and ")));
        }
        if self.spins > 0 {
            let (spins, were) = if self.spins == 1 { ("spin", "was") } else { ("spins", "were") };
            sentences.push(format!(
                "{} {spins} {were} closed, each after {SPIN_ROUNDS} more rounds of the same answers.",
                thousands(self.spins)
            ));
        }
        sentences
    }

    /// That there is no interleaving that does not fail, if that is so.
    fn always(&self) -> Option<String> {
        let is_all = |count: &Count| *count == self.interleavings && *count != Count::Infinite;
        let (failure, _) = self.failing.iter().find(|(_, count)| is_all(count))?;
        Some(format!("It always fails: every interleaving ends in a {failure}."))
    }

    fn interleavings(&self) -> String {
        let noun = if self.states == 1 { "state" } else { "states" };
        let states = format!("{} {noun}", thousands(self.states));
        let together = if self.reduced {
            ", where steps that no other thread can see are not counted by themselves"
        } else {
            ""
        };
        let failing: Vec<String> = self
            .failing
            .iter()
            .enumerate()
            .map(|(i, (failure, count))| ends(i, *failure, count))
            .collect();
        let (all, endless) = match &self.interleavings {
            Count::Finite(number) if *number == 1_u32.into() => {
                ("One interleaving leads".into(), "")
            }
            Count::Finite(number) => (
                format!(
                    "{} interleavings, main's starting and joining included,",
                    thousands(number)
                ),
                " lead",
            ),
            Count::Infinite => {
                ("Infinitely many interleavings, since a loop may repeat,".into(), " lead")
            }
        };
        format!("{all}{endless} through {states}{together}{}.", failing.concat())
    }
}

fn ends(i: usize, failure: Failure, count: &Count) -> String {
    let separator = if i == 0 { "; " } else { ", " };
    match count {
        Count::Finite(number) if *number == 1_u32.into() => {
            format!("{separator}1 of the interleavings ends in a {failure}")
        }
        Count::Finite(number) => {
            format!("{separator}{} of the interleavings end in a {failure}", thousands(number))
        }
        Count::Infinite => format!("{separator}some end in a {failure}"),
    }
}
