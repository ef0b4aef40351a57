//! std's hints, under std's own path.

use super::backend;
use super::thread::yield_now;
pub use std::hint::{assert_unchecked, black_box, unreachable_unchecked};

/// What a thread does that looks again and again for what another one is to do: under a model checker it lets
/// the others go first.
#[track_caller]
pub fn spin_loop() {
    if backend::is_checking() {
        yield_now();
    } else {
        std::hint::spin_loop();
    }
}
