//! Refuses memory to what takes it without end.
//!
//! The system grants more memory than there is, and ends the process that uses it. So when a search
//! has taken too much, the process is kept from growing until somebody is refused memory: as a rule
//! whoever takes the most. Rust's library then aborts, and that is held back like any other abort.
//!
//! Only the process as a whole can be measured and limited. So searches side by side are charged with
//! what the others take, one of them may be refused what another has taken too much of, and so may a
//! thread of none, which then ends the process.

use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
use std::sync::atomic::{AtomicU32, Ordering};

/// How many searches have left their memory behind; the others are none the larger for it.
static LEFT_BEHIND: AtomicU32 = AtomicU32::new(0);

/// The most that a search may take.
pub(super) struct Fence {
    start: usize,
    allowed: usize,
    left_behind: u32,
    /// The limit of the process before, while it may not grow.
    before: Option<rlim_t>,
    taken: usize,
}

impl Fence {
    /// For a search that may take so many bytes, but no more than three quarters of what is to be had.
    pub(super) fn new(bytes: usize) -> Self {
        let most = available().map_or(usize::MAX, |available| available / 4 * 3);
        Self {
            start: usage().map_or(0, |usage| usage.resident),
            allowed: bytes.min(most),
            left_behind: LEFT_BEHIND.load(Ordering::Relaxed),
            before: None,
            taken: 0,
        }
    }

    /// Puts the fence up if too much is taken.
    pub(super) fn look(&mut self) {
        let Some(Usage { mapped, resident }) = usage() else { return };
        let left_behind = LEFT_BEHIND.load(Ordering::Relaxed);
        if left_behind != self.left_behind {
            (self.left_behind, self.start) = (left_behind, resident);
        }
        self.taken = resident.saturating_sub(self.start);
        if self.taken > self.allowed && self.before.is_none() {
            self.before = limit_to(mapped as rlim_t);
        }
    }

    /// Whether memory is refused.
    pub(super) fn is_up(&self) -> bool {
        self.before.is_some()
    }

    /// How many bytes the search has taken.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }
}

impl Drop for Fence {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            limit_to(before);
            LEFT_BEHIND.fetch_add(1, Ordering::Relaxed);
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
struct Usage {
    mapped: usize,
    resident: usize,
}

/// See `proc_pid_statm(5)`: pages in all, then pages in memory.
fn usage() -> Option<Usage> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
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
