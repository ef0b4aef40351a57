//! Cell 8: both locks released, whoever holds them, until both threads have ended.

use super::Retries;
use crate::sync::thread::{self, JoinHandle};
use crate::sync::{Lock, ReleaseUnlocked, checkpoint};

/// Releases the locks again and again while a thread lives. A release that fails skips the locks
/// after it in that round, as an exception does, and is told to `failed`.
pub fn release_by_force<T>(
    threads: &[JoinHandle<T>],
    locks: &[Lock],
    mut rounds: Retries,
    mut failed: impl FnMut(ReleaseUnlocked),
) {
    loop {
        checkpoint(("watchdog", rounds));
        if threads.iter().all(|thread| thread.is_finished()) {
            return;
        }
        if let Err(error) = locks.iter().try_for_each(|lock| lock.release()) {
            failed(error);
            thread::yield_now();
        }
        rounds.spend();
    }
}
