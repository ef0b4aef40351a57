//! Shuttle's probabilistic concurrency testing.

use super::chooser::Chooser;
use super::{Erased, Extent, Report, filter};
use crate::sync::value::Value;
use shuttle::scheduler::{PctScheduler, Schedule, Scheduler, Task, TaskId};

/// The depths that are sampled, as many runs at each. One is not enough: shuttle places its switch
/// points over the longest run that it has seen, so a program of a few steps can show at depth 2
/// what 20,000 runs at depth 3 do not.
pub const PCT_DEPTHS: [usize; 4] = [1, 2, 3, 5];

/// Runs the program `executions` times in all, at each of [these depths](PCT_DEPTHS): the thread of
/// the highest priority moves, and at `depth - 1` points of a run that thread becomes the last.
pub(crate) fn pct(program: &Erased, executions: u64, seed: u64) -> Report<Value> {
    program.report(move |program, collected| {
        filter::run_under(Depths::new(executions, seed), program, collected);
        Extent::Sampled { seed }
    })
}

/// One scheduler after the other.
#[derive(Debug)]
struct Depths {
    left: Vec<PctScheduler>,
    now: PctScheduler,
    runs: usize,
    executions: usize,
    /// Whether there were several threads to pick from, and whether there were choices of one.
    picked: bool,
    chose: bool,
}

impl Depths {
    fn new(executions: u64, seed: u64) -> Self {
        let executions = usize::try_from(executions).unwrap_or(usize::MAX);
        let share = |i: usize| (executions + PCT_DEPTHS.len() - 1 - i) / PCT_DEPTHS.len();
        let at = |(i, depth)| PctScheduler::new_from_seed(seed, depth, share(i));
        let mut left: Vec<_> = PCT_DEPTHS.into_iter().enumerate().map(at).rev().collect();
        let now = left.pop().expect("there is a depth");
        Self { left, now, runs: 0, executions, picked: false, chose: false }
    }
}

impl Scheduler for Depths {
    fn new_execution(&mut self) -> Option<Schedule> {
        // With nobody to pick there is one run but for the choices, and shuttle's scheduler panics when asked for
        // another.
        if self.runs > 0 && !self.picked {
            self.runs += 1;
            return (self.chose && self.runs <= self.executions).then(|| Schedule::new(0));
        }
        self.runs += 1;
        loop {
            if let Some(schedule) = self.now.new_execution() {
                return Some(schedule);
            }
            self.now = self.left.pop()?;
        }
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.picked |= runnable.len() > 1;
        self.now.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.now.next_u64()
    }
}

impl Chooser for Depths {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        self.chose |= offered.len() > 1;
        self.now.choose(offered)
    }
}
