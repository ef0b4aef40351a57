//! A free choice: whoever schedules makes it.

use super::{Operation, Outcome};

/// One of so many, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Choice {
    /// How many there are.
    pub of: u32,
    /// Which it is; nothing until that is decided.
    pub taken: Option<u32>,
}

impl Choice {
    /// What it answers; the first of all if nothing was decided.
    pub(super) fn outcome(self) -> Outcome {
        Outcome::Value(self.taken.unwrap_or(0).into())
    }

    /// How many moves come of it.
    #[inline]
    pub(super) fn choices(self) -> u32 {
        if self.taken.is_some() { 1 } else { self.of }
    }

    /// The choice that is taken, if this has not been decided.
    #[inline]
    pub(super) fn chosen(self, choice: u32) -> Self {
        Self { taken: self.taken.or(Some(choice)), ..self }
    }
}

impl Operation for Choice {
    fn doing(&self, _: &str) -> String {
        format!("choose from 0..{}", self.of)
    }

    fn done(&self, outcome: Outcome, name: &str) -> String {
        match outcome {
            Outcome::Value(taken) => format!("choose {taken} from 0..{}", self.of),
            _ => self.doing(name),
        }
    }

    fn key(&self) -> (&'static str, Option<(&'static str, i64)>) {
        ("choose", Some(("of", self.of.into())))
    }
}
