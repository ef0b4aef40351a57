//! The law of the two trains: everybody moves, and nobody gets anywhere.

use super::{Audit, Expectation, Scenario, Setup};
use crate::bank::{Accounts, obey_the_law};
use crate::engine::Failure;
use crate::sync::{Event, thread};
use std::sync::Arc;

pub(super) const TRAINS: Scenario = Scenario {
    name: "trains",
    lesson: "the law of the two trains",
    about: "each thread looks again and again whether the next one has gone, and goes after it",
    setup: Setup::of(2),
    threads: 2..=26,
    loops: true,
    expectation: Expectation { failures: &[Failure::Livelock], shows: &[] },
    main: trains,
};

fn trains(setup: &Setup) -> Audit {
    let name = |i: usize| Event::named(format!("train{}_gone", i + 1));
    let gone: Arc<[Event]> = (0..setup.threads).map(name).collect();
    let spawn = |i: usize| {
        let (gone, looks) = (Arc::clone(&gone), setup.retries);
        thread::spawn(move || obey_the_law(&gone[i], &gone[(i + 1) % gone.len()], looks))
    };
    let threads = (0..setup.threads).map(spawn).collect();
    Audit::after(threads, &Accounts::numbered(0), &[], 0)
}
