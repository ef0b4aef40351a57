//! Schedulers that make choices, too.

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};

/// Decides whose turn it is, and by which choice.
pub(crate) trait Chooser: Scheduler {
    /// One of these choices of the thread that was picked, of which there is at least one; none if the run is to
    /// stop there.
    fn choose(&mut self, offered: &[u32]) -> Option<u32>;
}

impl Chooser for RandomScheduler {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        drawn(offered, || self.next_u64())
    }
}

impl Chooser for PctScheduler {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        drawn(offered, || self.next_u64())
    }
}

fn drawn(offered: &[u32], random: impl FnOnce() -> u64) -> Option<u32> {
    match *offered {
        [only] => Some(only),
        _ => offered.get((random() % offered.len() as u64) as usize).copied(),
    }
}
