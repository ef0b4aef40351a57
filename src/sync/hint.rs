//! std's hints, under std's own path.

use super::backend;
use super::thread::yield_now;
pub use std::hint::{assert_unchecked, black_box, unreachable_unchecked};

/// What a thread does that looks again and again for what another one is to do: under a model checker it lets
/// the others go first.
///
/// ```
/// # use tellers::engine::Engine;
/// # if Engine::of_this_build()[0] == Engine::Product {
/// use std::sync::Arc;
/// use tellers::sync::atomic::{AtomicU32, Ordering::SeqCst};
/// use tellers::{hint, thread};
///
/// let report = tellers::check(|| {
///     let letter = Arc::new(AtomicU32::new(0));
///     let theirs = Arc::clone(&letter);
///     let teller = thread::spawn(move || theirs.store(7, SeqCst));
///     while letter.load(SeqCst) == 0 {
///         hint::spin_loop();
///     }
///     teller.join().unwrap();
///     letter.load(SeqCst)
/// });
/// assert_eq!(report.outcomes.len(), 1);
/// # }
/// ```
#[track_caller]
pub fn spin_loop() {
    if backend::is_checking() {
        yield_now();
    } else {
        std::hint::spin_loop();
    }
}
