//! What the runs leave behind whose threads never end.

use std::fs;
use std::sync::Arc;
use tellers::engine::{Program, random};
use tellers::sync::{Lock, thread};

const RUNS: u64 = 20_000;
/// What a page of `/proc/self/statm` has, on every system that CI has.
const PAGE: u64 = 4_096;

/// By how many bytes each run makes the process larger in which a thread waits for
/// itself and another one for that thread.
pub(super) fn behind() -> String {
    let program = Program::new(|| {
        let locks = Arc::new([Lock::named("a"), Lock::named("b")]);
        let theirs = Arc::clone(&locks);
        let child = thread::spawn(move || {
            theirs[0].acquire();
            theirs[0].acquire();
        });
        locks[1].acquire();
        let _ = child.join();
    });
    random(&program, RUNS / 10, 0);
    let before = resident();
    random(&program, RUNS, 0);
    match (before, resident()) {
        (Some(before), Some(after)) => {
            format!("{} bytes a run", after.saturating_sub(before) / RUNS)
        }
        _ => "unknown on this system".to_owned(),
    }
}

fn resident() -> Option<u64> {
    let sizes = fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = sizes.split(' ').nth(1)?.parse().ok()?;
    Some(pages * PAGE)
}
