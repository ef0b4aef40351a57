//! Schedulers that make choices, too.

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};

/// Decides whose turn it is, and by which choice.
pub(crate) trait Chooser: Scheduler {
    /// One of these choices of the thread that was picked, of which there are two or more; none if the run is to
    /// stop there.
    fn choose(&mut self, offered: &[u32]) -> Option<u32>;
}

impl Chooser for RandomScheduler {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        Some(drawn(self.next_u64(), offered))
    }
}

impl Chooser for PctScheduler {
    fn choose(&mut self, offered: &[u32]) -> Option<u32> {
        Some(drawn(self.next_u64(), offered))
    }
}

fn drawn(random: u64, offered: &[u32]) -> u32 {
    offered[(random % offered.len() as u64) as usize]
}
