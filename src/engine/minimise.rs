//! Makes a failing interleaving simpler, by running the real code along simpler schedules.

mod script;

use super::reorder::simplest_order;
use super::replay::run_once;
use super::{Erased, Failure, Found, Replayed, filter};
use crate::sync::backend::with_run;
use crate::sync::value::Value;
use crate::trace::{Names, Schedule, is_housekeeping};
use crate::world::ThreadId;
use script::Script;
use std::collections::BTreeSet;

/// The most runs. Two switches in the suite's longest failure take some 10,000, and 0.2 s.
const MAX_RUNS: usize = 30_000;

/// More forced switches than this are too many to try them all.
const MAX_SWITCHES: usize = 2;

/// An interleaving that fails in the same way, with as few context switches, preemptions and steps
/// as can be found.
///
/// First the simplest order of its own steps is tried, then each schedule with few switches, then
/// changes of the schedule that is known: a beginning of it, after which some thread runs on as far as it
/// can, and two stretches of a thread joined; and then the same with a choice less. What the real code has not
/// shown is not kept.
pub(crate) fn minimised(program: &Erased, failure: Failure, found: &Found) -> Found {
    program.improved(found.clone(), move |program, best| {
        let mut search = Search { program, failure, best, runs_left: MAX_RUNS };
        search.try_simplest_order();
        search.simplify();
        search.best
    })
}

/// The same in at most so many runs, of which none is spent on trying all that there is.
pub(crate) fn simplified(program: &Erased, failure: Failure, found: &Found, runs: usize) -> Found {
    program.improved(found.clone(), move |program, best| {
        let mut search = Search { program, failure, best, runs_left: runs };
        search.try_simplest_order();
        while search.try_with_less() || search.try_changes() {}
        search.best
    })
}

struct Search<'a> {
    program: &'a Erased,
    failure: Failure,
    best: Found,
    runs_left: usize,
}

impl Search<'_> {
    /// Tries the simplest order of the steps that are known.
    fn try_simplest_order(&mut self) {
        let simplest = simplest_order(&self.best.trace, &self.program.watch);
        if simplest.reordered {
            let schedule = Schedule::of(&simplest.trace);
            let (names, mut turns) = (Names::expecting(&schedule), schedule.turns.into_iter());
            self.keep(run_once(self.program, names, usize::MAX, move |_| turns.next()));
        }
    }

    fn simplify(&mut self) {
        for switches in 0..=MAX_SWITCHES {
            if self.takes_more_than(switches) {
                self.try_all_with(switches);
            }
        }
        while self.takes_more_than(MAX_SWITCHES) && self.try_changes() {}
        while self.try_with_less() {}
    }

    /// Whether what is known has more context switches than so many; else none that has so many
    /// forced upon it could be simpler.
    fn takes_more_than(&self, switches: usize) -> bool {
        self.best.size.context as usize > switches
    }

    /// Tries each way to force so many switches upon threads that would run on, until one is simpler
    /// than what is known.
    fn try_all_with(&mut self, switches: usize) {
        let steps = self.best.size.steps as usize;
        let threads: Vec<ThreadId> = threads(&movers(&self.best)).into_iter().collect();
        let starts = threads.iter().flat_map(|&start| {
            plans(switches, steps, &threads).map(move |plan| [&[(0, start)], &plan[..]].concat())
        });
        for plan in starts {
            if self.is_spent() {
                return;
            }
            let mut steps = 0..;
            let simpler = self.attempt(move |offered| {
                let step = steps.next()?;
                let switch = plan.iter().rev().find(|&&(at, _)| at == step);
                switch.map(|&(_, thread)| thread).filter(|thread| offered.contains(thread))
            });
            if simpler {
                return;
            }
        }
    }

    /// Tries changes of what is known; whether one of them is simpler.
    fn try_changes(&mut self) -> bool {
        let (movers, script) = (movers(&self.best), Script::of(&self.best.trace));
        let changes = changes(&movers).map(|schedule| (schedule, script.clone()));
        self.try_all(changes)
    }

    /// Tries what is known with one choice less; whether that is simpler.
    fn try_with_less(&mut self) -> bool {
        let (movers, script) = (movers(&self.best), Script::of(&self.best.trace));
        let shorter = script.shorter().map(|less| (movers.clone(), less));
        self.try_all(shorter)
    }

    /// Tries these schedules by these choices, until one is simpler than what is known; whether one is.
    fn try_all(&mut self, all: impl Iterator<Item = (Vec<ThreadId>, Script)>) -> bool {
        for (schedule, script) in all {
            if self.is_spent() {
                return false;
            }
            let mut schedule = schedule.into_iter();
            let next = move |offered: &[_]| schedule.find(|thread| offered.contains(thread));
            if self.attempt_by(script, next) {
                return true;
            }
        }
        false
    }

    /// Whether there is to be no other run. There may be millions of plans for one: they are not all made for nothing.
    fn is_spent(&self) -> bool {
        self.runs_left == 0 || self.program.watch.is_interrupted()
    }

    /// The same as [`attempt_by`](Self::attempt_by), by the choices of what is known.
    fn attempt(&mut self, plan: impl FnMut(&[ThreadId]) -> Option<ThreadId> + 'static) -> bool {
        self.attempt_by(Script::of(&self.best.trace), plan)
    }

    /// Runs the program by these choices and lets `plan` say who moves, starting and joining threads apart; where
    /// it does not say, a thread ends that can, or else whoever moved before goes on. Whether the run
    /// fails and is simpler than what is known.
    fn attempt_by(
        &mut self,
        script: Script,
        mut plan: impl FnMut(&[ThreadId]) -> Option<ThreadId> + 'static,
    ) -> bool {
        self.runs_left -= 1;
        // A thread that waits in a loop would go round for ever; nothing that long is simpler.
        let mut left = 2 * self.best.trace.steps.len();
        let mut current = None;
        let names = self.best.trace.names.clone();
        let mut next = move |offered: &[ThreadId]| {
            left = left.checked_sub(1)?;
            if offered.contains(&ThreadId::MAIN) && main_is_housekeeping() {
                return Some(ThreadId::MAIN);
            }
            let planned = plan(offered);
            if planned.is_none()
                && let Some(ends) = offered.iter().copied().find(|&thread| has_left(thread))
            {
                return Some(ends);
            }
            let stays = current.filter(|current| offered.contains(current));
            current = planned.or(stays).or_else(|| anybody(offered));
            current
        };
        let mut prompter = script.prompter();
        let replayed = run_once(self.program, names, filter::MAX_STEPS, move |offered| {
            next(offered).map(|thread| prompter.turn(thread))
        });
        self.keep(replayed)
    }

    /// Keeps a run that fails in the same way, if it is simpler than what is known; whether it is.
    fn keep(&mut self, Replayed { trace, ending }: Replayed<Value>) -> bool {
        let found = Found::of(trace);
        let fails = ending.is_some_and(|e| (self.program.judge)(&e).contains(&self.failure));
        let simpler = fails && found.size < self.best.size;
        if simpler {
            self.best = found;
        }
        simpler
    }
}

/// Whether the main thread is about to start or to join a thread: whenever that is, it counts for
/// nothing.
fn main_is_housekeeping() -> bool {
    let pending = with_run(|run| run.tape.pending(ThreadId::MAIN));
    pending.is_some_and(|op| is_housekeeping(ThreadId::MAIN, op))
}

fn has_left(thread: ThreadId) -> bool {
    with_run(|run| run.has_left(thread))
}

/// The main thread last: it may be one that only waits for the others.
fn anybody(offered: &[ThreadId]) -> Option<ThreadId> {
    offered.iter().copied().min_by_key(|&thread| (thread == ThreadId::MAIN, thread))
}

fn movers(found: &Found) -> Vec<ThreadId> {
    let steps = found.trace.steps.iter().filter(|step| !is_housekeeping(step.thread, step.op));
    steps.map(|step| step.thread).collect()
}

fn threads(movers: &[ThreadId]) -> BTreeSet<ThreadId> {
    movers.iter().copied().collect()
}

/// Every way to force so many switches, each at a step and to a thread.
fn plans(
    switches: usize,
    steps: usize,
    threads: &[ThreadId],
) -> Box<dyn Iterator<Item = Vec<(usize, ThreadId)>> + '_> {
    if switches == 0 {
        return Box::new(std::iter::once(Vec::new()));
    }
    Box::new((0..steps).flat_map(move |last| {
        plans(switches - 1, last, threads).flat_map(move |plan| {
            threads.iter().map(move |&thread| [&plan[..], &[(last, thread)]].concat())
        })
    }))
}

/// Schedules that are likely to have fewer switches than this one.
fn changes(movers: &[ThreadId]) -> impl Iterator<Item = Vec<ThreadId>> {
    let stretches: Vec<&[ThreadId]> = movers.chunk_by(PartialEq::eq).collect();
    let cut = (0..movers.len()).flat_map(move |kept| {
        let run_on = move |thread: ThreadId| [&movers[..kept], &[thread]].concat();
        threads(movers).into_iter().map(run_on)
    });
    let pairs: Vec<(usize, usize)> = (0..stretches.len())
        .filter_map(|first| {
            let same = |&later: &usize| stretches[later][0] == stretches[first][0];
            (first + 1..stretches.len()).find(same).map(|again| (first, again))
        })
        .collect();
    let joined = pairs.into_iter().flat_map(move |(first, again)| {
        let mut earlier = stretches.clone();
        let moved = earlier.remove(again);
        earlier.insert(first, moved);
        let mut later = stretches.clone();
        let moved = later.remove(first);
        later.insert(again, moved);
        [earlier.concat(), later.concat()]
    });
    cut.chain(joined)
}

#[cfg(all(test, not(loom), feature = "shuttle"))]
mod tests;
