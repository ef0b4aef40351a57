//! Random schedules: plain walks, and priorities that change now and then.
//!
//! Every other run is a random walk; the others are those of probabilistic concurrency testing, with one
//! to three changes (Burckhardt, Kothari, Musuvathi, Nagarakatti, "A randomized scheduler with
//! probabilistic guarantees of finding bugs", ASPLOS 2010).

use crate::world::ThreadId;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// A random schedule.
#[derive(Debug)]
pub(super) struct Walk {
    random: SmallRng,
    /// Nothing in a plain walk.
    priorities: Option<Priorities>,
}

#[derive(Debug)]
struct Priorities {
    /// Of each thread that was met; the highest goes first.
    of: Vec<i64>,
    /// The steps at which whoever would move becomes the last.
    changes: Vec<usize>,
    step: usize,
    lowest: i64,
}

impl Walk {
    /// The `nth` of those that start from a seed, in a program that takes about so many steps.
    pub(super) fn new(seed: u64, nth: u64, steps: usize) -> Self {
        let mut random = SmallRng::seed_from_u64(seed ^ nth.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let changes = (nth / 2 % 3 + 1) as usize;
        let priorities = (nth % 2 == 1).then(|| Priorities {
            of: Vec::new(),
            changes: (0..changes).map(|_| random.gen_range(0..steps.max(1))).collect(),
            step: 0,
            lowest: 0,
        });
        Self { random, priorities }
    }

    /// Who moves, of these; `yields` says whether a thread asks for another one to go first.
    pub(super) fn pick(
        &mut self,
        offered: &[ThreadId],
        yields: impl Fn(ThreadId) -> bool,
    ) -> Option<ThreadId> {
        let Some(priorities) = &mut self.priorities else {
            return offered.get(self.random.gen_range(0..offered.len().max(1))).copied();
        };
        let first = priorities.first(offered, &mut self.random)?;
        let changes = priorities.changes.contains(&priorities.step) || yields(first);
        priorities.step += 1;
        if !changes {
            return Some(first);
        }
        priorities.lowest -= 1;
        priorities.of[first.index()] = priorities.lowest;
        priorities.first(offered, &mut self.random)
    }

    /// One of these choices, if there are any.
    pub(super) fn choose(&mut self, offered: &[u32]) -> u32 {
        match *offered {
            [] => 0,
            [only] => only,
            _ => offered[self.random.gen_range(0..offered.len())],
        }
    }
}

impl Priorities {
    fn first(&mut self, offered: &[ThreadId], random: &mut SmallRng) -> Option<ThreadId> {
        let threads = offered.iter().map(|thread| thread.index() + 1).max()?;
        while self.of.len() < threads {
            self.of.push(random.gen_range(1..i64::from(u32::MAX)));
        }
        offered.iter().copied().max_by_key(|thread| self.of[thread.index()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: usize = 100;

    fn switches(nth: u64) -> usize {
        let threads = [0, 1].map(ThreadId::new);
        let mut walk = Walk::new(7, nth, STEPS);
        let picked: Vec<_> =
            (0..STEPS).map(|_| walk.pick(&threads, |_| false).expect("there are two")).collect();
        picked.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    #[test]
    fn a_plain_walk_switches_at_every_other_step_and_one_with_priorities_at_its_changes() {
        for nth in (0..60).step_by(2) {
            assert!((30..70).contains(&switches(nth)), "{nth}: {}", switches(nth));
        }
        let most = (1..60).step_by(2).map(switches).max();
        assert_eq!(most, Some(3));
    }

    #[test]
    fn who_yields_goes_last() {
        let threads = [0, 1].map(ThreadId::new);
        let mut walk = Walk::new(7, 1, STEPS);
        let first = walk.pick(&threads, |_| false);
        let yields = |thread| Some(thread) == first;
        assert_ne!(walk.pick(&threads, yields), first);
    }
}
