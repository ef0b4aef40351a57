//! Makes a failing interleaving simpler, by running the real code along simpler schedules.

use super::replay::run_once;
use super::{Failure, Found, Program};
use crate::trace::Switches;
use crate::world::ThreadId;
use std::collections::BTreeSet;
use std::hash::Hash;

/// The most runs. What the suite's random engines find takes at most some hundreds.
const MAX_RUNS: usize = 5_000;

/// An interleaving that fails in the same way with no more context switches, preemptions and steps,
/// and as few as changes of one stretch of steps at a time lead to.
pub fn minimised<R>(program: &Program<R>, failure: Failure, found: &Found) -> Found
where
    R: Clone + Ord + Hash + 'static,
{
    let mut best = found.clone();
    let mut runs = 0;
    'simpler: loop {
        for schedule in simpler(&choices(&best)) {
            if runs == MAX_RUNS {
                return best;
            }
            runs += 1;
            if let Some(simpler) = fails(program, failure, schedule)
                && simpler.size < best.size
            {
                best = simpler;
                continue 'simpler;
            }
        }
        return best;
    }
}

fn choices(found: &Found) -> Vec<ThreadId> {
    found.trace.steps.iter().map(|step| step.thread).collect()
}

/// Schedules that are likely to have fewer context switches: a beginning, after which a thread is
/// let run on as far as it can, or the same with two stretches of a thread joined.
fn simpler(choices: &[ThreadId]) -> impl Iterator<Item = Vec<ThreadId>> {
    let stretches: Vec<&[ThreadId]> = choices.chunk_by(PartialEq::eq).collect();
    let threads: BTreeSet<ThreadId> = choices.iter().copied().collect();
    let cut = (0..choices.len()).flat_map(move |kept| {
        let run_on = move |&thread: &ThreadId| [&choices[..kept], &[thread]].concat();
        threads.iter().map(run_on).collect::<Vec<_>>()
    });
    let pairs = (0..stretches.len()).flat_map({
        let stretches = stretches.clone();
        move |first| {
            let same = |&later: &usize| stretches[later][0] == stretches[first][0];
            let again = (first + 1..stretches.len()).find(same);
            again.map(|again| (first, again))
        }
    });
    let joined = pairs.flat_map(move |(first, again)| {
        let mut earlier = stretches.clone();
        let moved = earlier.remove(again);
        earlier.insert(first + 1, moved);
        let mut later = stretches.clone();
        let moved = later.remove(first);
        later.insert(again - 1, moved);
        [earlier.concat(), later.concat()]
    });
    cut.chain(joined)
}

/// Runs the program along a schedule, leaving out what cannot be done and then letting whoever
/// moves go on; what it finds, if it fails in this way.
fn fails<R>(program: &Program<R>, failure: Failure, schedule: Vec<ThreadId>) -> Option<Found>
where
    R: Clone + Ord + Hash + 'static,
{
    let mut schedule = schedule.into_iter();
    let mut current = ThreadId::MAIN;
    let replayed = run_once(program, Default::default(), move |offered| {
        let planned = schedule.find(|thread| offered.contains(thread));
        let staying = offered.contains(&current).then_some(current);
        current = planned.or(staying).or_else(|| offered.iter().min().copied())?;
        Some(current)
    });
    let ending = replayed.ending?;
    (program.judge)(&ending).contains(&failure).then(|| Found {
        size: Switches::of(&replayed.trace),
        minimal: false,
        trace: replayed.trace,
        no_return: None,
        repeats_from: None,
    })
}
