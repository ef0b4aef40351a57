//! The law of the two trains: everybody moves, and nobody gets anywhere.

use super::{Expectation, Running, Scenario, Setup};
use crate::bank::obey_the_law;
use crate::engine::Failure;
use crate::sync::Event;
use crate::trace::Place;
use std::sync::Arc;

pub(super) const TRAINS: Scenario = Scenario {
    name: "trains",
    at: Place::caller(),
    lesson: "the law of the two trains of the lesson",
    about: "each thread looks again and again whether the next one has gone, and goes after it",
    setup: Setup::of(2),
    threads: 2..=26,
    loops: true,
    expectation: Expectation { failures: &[Failure::Livelock], shows: &[] },
    watchdog: false,
    start: trains,
};

fn trains(setup: &Setup) -> Running {
    let setup = *setup;
    let name = |i: usize| Event::named(format!("train{}_gone", i + 1));
    let gone: Arc<[Event]> = (0..setup.threads).map(name).collect();
    Running::new(Vec::new(), []).spawn(&setup, move |i, _, _| {
        obey_the_law(&gone[i], &gone[(i + 1) % gone.len()], setup.retries)
    })
}
