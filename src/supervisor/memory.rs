//! Refuses memory to what takes it without end.
//!
//! The system grants more memory than there is, and ends the process that uses it. So when searches have
//! taken too much, the process is kept from growing until one of them is refused memory: as a rule
//! whichever takes the most. Rust's library then aborts, and that is held back like any other abort.
//!
//! Only the process as a whole can be measured and limited. So searches side by side share what all of
//! them may take, and one may be refused what another has taken too much of. So may a thread of none,
//! which then ends the process; what waits for a search asks for no memory until it has crashed.

use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
use parking_lot::Mutex;
use std::fs::File;
use std::io::Read;

static FENCE: Mutex<Fence> = Mutex::new(Fence::new());

/// What the searches under way may take together, and what becomes of the process once they have
/// taken more.
struct Fence {
    searches: usize,
    /// The sum of what each may take.
    allowed: usize,
    /// What there was to be had when the first of them began.
    most: usize,
    /// The bytes that the process had then, and what crashed searches have left behind since.
    start: usize,
    taken: usize,
    /// The limit of the process before, while it may not grow.
    before: Option<rlim_t>,
}

/// What one search may take.
pub(super) struct Share {
    bytes: usize,
}

impl Share {
    /// For a search that may take so many bytes; all together may take no more than three quarters of
    /// what is to be had.
    pub(super) fn new(bytes: usize) -> Self {
        let mut fence = FENCE.lock();
        if fence.searches == 0 {
            fence.most = available().map_or(usize::MAX, |available| available / 4 * 3);
            fence.start = usage().map_or(0, |usage| usage.resident);
        }
        fence.searches += 1;
        fence.allowed = fence.allowed.saturating_add(bytes);
        Self { bytes }
    }

    /// Lets the process grow, or keeps it from that.
    #[expect(clippy::unused_self, reason = "there is a search under way")]
    pub(super) fn look(&self) {
        if let Some(usage) = usage() {
            FENCE.lock().look(usage);
        }
    }

    /// How many bytes the searches have taken together, if memory is refused to them.
    #[expect(clippy::unused_self, reason = "there is a search under way")]
    pub(super) fn refused(&self) -> Option<usize> {
        let fence = FENCE.lock();
        fence.before.map(|_| fence.taken)
    }

    /// The search has crashed, and leaves behind what it has; the others are none the larger for it.
    #[expect(clippy::unused_self, reason = "there is a search under way")]
    pub(super) fn leave_behind(&self) {
        let mut fence = FENCE.lock();
        if fence.before.is_some() {
            fence.lower();
            fence.start += fence.taken;
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut fence = FENCE.lock();
        fence.searches -= 1;
        fence.allowed = fence.allowed.saturating_sub(self.bytes);
        if fence.searches == 0 {
            fence.lower();
        }
    }
}

impl Fence {
    const fn new() -> Self {
        Self { searches: 0, allowed: 0, most: 0, start: 0, taken: 0, before: None }
    }

    fn look(&mut self, Usage { mapped, resident }: Usage) {
        self.taken = resident.saturating_sub(self.start);
        if self.taken <= self.allowed.min(self.most) {
            self.lower();
        } else if self.before.is_none() {
            self.before = limit_to(mapped as rlim_t);
        }
    }

    /// Lets the process grow again.
    fn lower(&mut self) {
        if let Some(before) = self.before.take() {
            limit_to(before);
        }
    }
}

/// Limits the memory of this process; its limit before.
fn limit_to(bytes: rlim_t) -> Option<rlim_t> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_AS).ok()?;
    setrlimit(Resource::RLIMIT_AS, bytes.min(hard), hard).ok()?;
    Some(soft)
}

/// The bytes of this process.
#[derive(Clone, Copy)]
struct Usage {
    mapped: usize,
    resident: usize,
}

/// See `proc_pid_statm(5)`: pages in all, then pages in memory. It asks for no memory, since there may
/// be none.
fn usage() -> Option<Usage> {
    let mut text = [0; 256];
    let read = File::open("/proc/self/statm").ok()?.read(&mut text).ok()?;
    let text = std::str::from_utf8(&text[..read]).ok()?;
    let mut pages = text.split_whitespace().map_while(|pages| pages.parse::<usize>().ok());
    let page = page_size()?;
    Some(Usage { mapped: pages.next()? * page, resident: pages.next()? * page })
}

fn page_size() -> Option<usize> {
    use nix::unistd::{SysconfVar, sysconf};
    usize::try_from(sysconf(SysconfVar::PAGE_SIZE).ok()??).ok()
}

/// The bytes that are to be had: in the machine, see `proc_meminfo(5)`, and in a container.
fn available() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let machine = line.split_whitespace().next()?.parse::<usize>().ok()?.checked_mul(1 << 10)?;
    Some(container().map_or(machine, |container| container.min(machine)))
}

/// What the control group of a container has left, see `cgroups(7)`, version 2.
fn container() -> Option<usize> {
    let read = |file: &str| -> Option<usize> {
        std::fs::read_to_string(format!("/sys/fs/cgroup/{file}")).ok()?.trim().parse().ok()
    };
    Some(read("memory.max")?.saturating_sub(read("memory.current")?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Apart;

    const MIB: usize = 1 << 20;

    fn soft_limit() -> rlim_t {
        getrlimit(Resource::RLIMIT_AS).expect("the system tells").0
    }

    /// In a process of its own, since the limit is the whole process's.
    macro_rules! apart {
        ($test:literal, $body:expr) => {
            let apart = Apart::new(concat!("supervisor::memory::tests::", $test));
            apart.run($body).expect("it holds there");
        };
    }

    #[test]
    fn the_limit_of_the_process_is_as_before_whichever_search_ends_first() {
        apart!("the_limit_of_the_process_is_as_before_whichever_search_ends_first", || {
            for first_ends_first in [true, false] {
                let before = soft_limit();
                let shares = [Share::new(MIB), Share::new(MIB)];
                let hoard = vec![1_u8; 64 * MIB];
                shares.iter().for_each(Share::look);
                assert!(soft_limit() < before, "the fence is up");
                assert!(shares.iter().all(|share| share.refused().is_some_and(|it| it > 60 * MIB)));
                let [first, second] = shares;
                let (sooner, later) =
                    if first_ends_first { (first, second) } else { (second, first) };
                drop(sooner);
                later.look();
                assert!(soft_limit() < before, "there is still too much");
                drop(later);
                assert_eq!(soft_limit(), before);
                drop(hoard);
            }
        });
    }

    #[test]
    fn what_is_given_back_and_what_is_left_behind_is_charged_to_nobody() {
        apart!("what_is_given_back_and_what_is_left_behind_is_charged_to_nobody", || {
            let before = soft_limit();
            let share = Share::new(32 * MIB);
            let hoard = vec![1_u8; 64 * MIB];
            share.look();
            assert!(share.refused().is_some());
            drop(hoard);
            share.look();
            assert_eq!((share.refused(), soft_limit()), (None, before));
            let other = Share::new(0);
            let _left = vec![1_u8; 64 * MIB];
            share.look();
            assert!(other.refused().is_some(), "one allowance for both");
            other.leave_behind();
            share.look();
            assert_eq!((share.refused(), soft_limit()), (None, before));
        });
    }
}
