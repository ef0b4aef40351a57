//! A program of the lesson.

use super::{Audit, Expectation, Running, Setup, judge};
use crate::bank::release_by_force;
use crate::engine::Program;
use crate::trace::Place;
use std::ops::RangeInclusive;

/// A program of the lesson, and what is expected of it.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called.
    pub name: &'static str,
    /// Where it is defined.
    pub at: Place,
    /// Where it is in the lesson.
    pub lesson: &'static str,
    /// What its threads do.
    pub about: &'static str,
    /// Its size, unless another one is asked for.
    pub setup: Setup,
    /// How many threads it can have.
    pub threads: RangeInclusive<usize>,
    /// Whether it has a loop that needs a bound in engines that cannot finish one.
    pub loops: bool,
    /// What must be found out about it.
    pub expectation: Expectation,
    /// Whether the main thread releases the locks by force while a thread lives.
    pub watchdog: bool,
    /// Starts its threads.
    pub start: fn(&Setup) -> Running,
}

impl Scenario {
    /// The program, at this size.
    pub fn program(&self, setup: Setup) -> Program<Audit> {
        let (start, watchdog) = (self.start, self.watchdog);
        let main = move || {
            let running = start(&setup);
            if watchdog {
                release_by_force(&running.threads, &running.locks, setup.retries, |_| ());
            }
            running.audit()
        };
        Program::new(main).judged_by(judge).at(self.at)
    }

    /// Whether the scenario can be that large.
    ///
    /// # Errors
    /// If it cannot have so many threads.
    pub fn allows(&self, setup: &Setup) -> Result<(), SetupError> {
        let Self { name, threads: possible, .. } = self.clone();
        let asked = setup.threads;
        if possible.contains(&asked) { Ok(()) } else { Err(SetupError { name, possible, asked }) }
    }
}

/// The scenario cannot be that large.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} has {} threads, not {asked}", in_words(possible))]
pub struct SetupError {
    name: &'static str,
    possible: RangeInclusive<usize>,
    asked: usize,
}

fn in_words(possible: &RangeInclusive<usize>) -> String {
    match (possible.start(), possible.end()) {
        (least, most) if least == most => format!("exactly {least}"),
        (least, most) => format!("from {least} to {most}"),
    }
}
