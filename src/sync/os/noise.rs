//! Noise that makes threads overlap.
//!
//! Left alone, short threads hardly meet: one has ended before the next has started. So each thread
//! of a recorded run makes noise before its operations, as ConTest does (Edelstein et al.,
//! *Multithreaded Java program test generation*, 2002): it yields, or idles for a while, by a choice
//! drawn from the seed. The seed varies the noise; what happens is up to the operating system.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::cell::RefCell;

/// The longest that a thread idles before an operation, in rounds of a spin loop, as a power of
/// two: some tens of microseconds, about as long as it takes to start a thread.
const LONGEST_IDLE: u32 = 11;

thread_local! {
    static NOISE: RefCell<Option<SmallRng>> = const { RefCell::new(None) };
}

/// This thread makes noise from now on.
pub(super) fn begin(seed: u64) {
    NOISE.set(Some(SmallRng::seed_from_u64(seed)));
}

/// Yields, idles, or does neither.
pub(super) fn make() {
    NOISE.with_borrow_mut(|noise| {
        let Some(noise) = noise else { return };
        match noise.gen_range(0..4) {
            0 => std::thread::yield_now(),
            1 => idle(1 << noise.gen_range(0..=LONGEST_IDLE)),
            _ => {}
        }
    });
}

/// A number below this; the first of all for a thread that makes no noise.
pub(super) fn below(most: u32) -> u32 {
    NOISE.with_borrow_mut(|noise| noise.as_mut().map_or(0, |noise| noise.gen_range(0..most)))
}

fn idle(rounds: u32) {
    for _ in 0..rounds {
        std::hint::spin_loop();
    }
}
