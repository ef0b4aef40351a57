//! Refuses memory to what takes it without end.
//!
//! The system grants more memory than there is, and ends the process that uses it. So when searches have
//! taken too much, the process is kept from growing until one of them is refused memory: as a rule
//! whichever takes the most. Rust's library then aborts, and that is held back like any other abort.
//!
//! Only the process as a whole can be measured and limited. So searches side by side share what all of
//! them may take, and one may be refused what another has taken too much of. So may a thread of none,
//! which then ends the process. The fence is taken down before a crash is put into words.

use super::TICK;
use nix::sys::resource::{Resource, getrlimit, rlim_t, setrlimit};
use std::fs::File;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// How many looks searches stand back for, while memory is refused.
const PATIENCE: u32 = 50;

/// Std's mutex asks for no memory.
static FENCE: Mutex<Fence> = Mutex::new(Fence::new());

/// Whether searches have taken too much, and the fence is up unless somebody needs memory just now; a
/// signal handler may ask.
static REFUSES: AtomicBool = AtomicBool::new(false);

/// What searches may take together, and what becomes of the process once they have taken more. A search
/// counts until nothing of it goes on.
struct Fence {
    searches: usize,
    /// What they may take, added up.
    live: usize,
    /// What those might take that have stopped since, and hold what they took.
    left: usize,
    /// Three quarters of what there was to be had when they began to be charged.
    most: usize,
    /// The bytes that the process had then.
    start: usize,
    taken: usize,
    /// What they had taken when they were last refused more.
    too_much: usize,
    /// How many threads are being started.
    starting: usize,
    /// How often it was looked since nobody has been refused more.
    looks: u32,
    /// The limit of the process before, while it may not grow.
    before: Option<rlim_t>,
}

/// Whether memory is refused.
pub(super) fn refuses() -> bool {
    REFUSES.load(Ordering::Relaxed)
}

fn fence() -> MutexGuard<'static, Fence> {
    FENCE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits while memory is refused, but not for long, for it may be another that takes too much. A search
/// that takes it between two operations does not come here.
pub(super) fn stand_back() {
    while fence().is_new() {
        thread::sleep(TICK);
    }
}

/// An OS thread is being started: what has no memory for that is not refused any.
pub(super) struct Starting(());

impl Starting {
    pub(super) fn new() -> Self {
        let mut fence = fence();
        fence.starting += 1;
        fence.lift();
        Self(())
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let mut fence = fence();
        fence.starting -= 1;
        if refuses()
            && let Some(usage) = usage()
        {
            fence.look(usage);
        }
    }
}

/// What one search may take.
pub(super) struct Share {
    bytes: usize,
    /// Nobody is charged with what it has taken.
    forgiven: bool,
}

impl Share {
    /// For a search that may take so many bytes; all together may take no more than three quarters of
    /// what is to be had.
    pub(super) fn new(bytes: usize) -> Self {
        let mut fence = fence();
        if fence.searches == 0 {
            fence.live = 0;
            fence.begin_at(usage().map_or(0, |usage| usage.resident));
        }
        fence.searches += 1;
        fence.live = fence.live.saturating_add(bytes);
        Self { bytes, forgiven: false }
    }

    /// Lets the process grow, or keeps it from that; how many bytes the searches have taken together.
    pub(super) fn look() -> usize {
        let usage = usage();
        let mut fence = fence();
        fence.looks += 1;
        if let Some(usage) = usage {
            fence.look(usage);
        }
        fence.taken
    }

    /// How many bytes the searches had taken together when they were last refused more.
    pub(super) fn too_much() -> usize {
        fence().too_much
    }

    /// Lets the process grow until the next look.
    pub(super) fn let_grow() {
        fence().lift();
    }

    /// The search was refused memory. What all have taken may be its, and nobody is charged with that any
    /// more: what is left is shared anew.
    pub(super) fn was_refused(&mut self) {
        self.forgiven = true;
        let mut fence = fence();
        fence.lower();
        let start = fence.start + fence.taken;
        fence.begin_at(start);
    }

    /// The search has stopped. The others are charged with what it has left, and may take what it might
    /// have.
    pub(super) fn leave_behind(self) {
        if !self.forgiven {
            let mut fence = fence();
            fence.left = fence.left.saturating_add(self.bytes);
        }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut fence = fence();
        fence.searches -= 1;
        fence.live = fence.live.saturating_sub(self.bytes);
        if fence.searches == 0 {
            fence.lower();
        }
    }
}

impl Fence {
    const fn new() -> Self {
        Self {
            searches: 0,
            live: 0,
            left: 0,
            most: 0,
            start: 0,
            taken: 0,
            too_much: 0,
            starting: 0,
            looks: 0,
            before: None,
        }
    }

    /// Charges searches with what the process grows beyond so many bytes from now on.
    fn begin_at(&mut self, start: usize) {
        (self.start, self.taken, self.left) = (start, 0, 0);
        self.most = available().map_or(usize::MAX, |available| available / 4 * 3);
    }

    fn look(&mut self, Usage { mapped, resident }: Usage) {
        self.taken = resident.saturating_sub(self.start);
        if self.taken <= self.live.saturating_add(self.left).min(self.most) {
            self.lower();
        } else if self.before.is_none() && self.starting == 0 {
            if !refuses() {
                self.looks = 0;
            }
            self.too_much = self.taken;
            REFUSES.store(true, Ordering::Relaxed);
            self.before = limit_to(mapped as rlim_t);
        }
    }

    /// Whether memory has not been refused for long.
    fn is_new(&self) -> bool {
        refuses() && self.looks < PATIENCE
    }

    /// The searches have taken no more than they may.
    fn lower(&mut self) {
        self.lift();
        REFUSES.store(false, Ordering::Relaxed);
    }

    /// Lets the process grow again.
    fn lift(&mut self) {
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
mod tests;
