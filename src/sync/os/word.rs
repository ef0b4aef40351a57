//! The lock itself.
//!
//! parking_lot's raw lock must not be released while it is free, and cannot say whether it was. So
//! the word that says so is ours, as in a futex lock, and parking_lot's condition variable does the
//! waiting. Without contention, to take it is one compare-exchange and to give it back is one swap:
//! two atomic operations, as many as parking_lot's own lock takes.
//!
//! Why it is sound, with no more than atomics and a condition variable:
//! - *At most one holder.* Only an operation that found [`FREE`] takes the lock, it leaves another
//!   value in the same step, and only a release writes `FREE` again.
//! - *A release knows what it did.* The swap returns the value that it replaced. All changes of the
//!   word are atomic read-modify-writes, so of several releases of one taking exactly one finds it
//!   held; the others replace `FREE` by `FREE` and change nothing.
//! - *What was written under the lock is seen by the next to take it.* Since every change is a
//!   read-modify-write, each of them continues the release sequence of the release before; that
//!   another thread's failed release came between does no harm.
//! - *No wake-up is lost.* Before a waiter sleeps it has put [`AWAITED`] in the word, with the gate
//!   closed until it sleeps. The release that removes that value passes the gate before it wakes
//!   one waiter, so there is one to wake. Whoever stops waiting, woken or late, has put `AWAITED`
//!   in the word once more, so the next release looks after the rest; a wake-up too many is harmless.

use super::{Condvar, Mutex};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

/// Nobody holds the lock.
const FREE: u8 = 0;
/// Somebody holds the lock, and nobody waits for it.
const HELD: u8 = 1;
/// Somebody holds the lock, and somebody may wait for it.
const AWAITED: u8 = 2;

/// How often a thread looks again before it goes to sleep: most locks are held for less time than
/// it takes to sleep and be woken. As in std's lock.
const LOOKS: u32 = 100;

#[derive(Debug, Default)]
pub(super) struct Word {
    state: AtomicU8,
    gate: Mutex<()>,
    released: Condvar,
}

impl Word {
    #[inline]
    pub(super) fn try_acquire(&self) -> bool {
        self.state.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    #[inline]
    pub(super) fn acquire(&self) {
        if !self.try_acquire() {
            self.wait(None);
        }
    }

    /// Waits without end if there is no deadline; says whether it took the lock.
    pub(super) fn acquire_until(&self, deadline: Option<Instant>) -> bool {
        self.try_acquire() || self.wait(deadline)
    }

    /// Says whether the lock was held, and frees it if so.
    #[inline]
    pub(super) fn release(&self) -> bool {
        match self.state.swap(FREE, Ordering::Release) {
            FREE => false,
            HELD => true,
            _ => self.wake_one(),
        }
    }

    pub(super) fn is_held(&self) -> bool {
        self.state.load(Ordering::Acquire) != FREE
    }

    #[cold]
    fn wait(&self, deadline: Option<Instant>) -> bool {
        if self.spin() {
            return true;
        }
        let mut gate = self.gate.lock();
        let mut late = false;
        while self.state.swap(AWAITED, Ordering::Acquire) != FREE {
            match deadline {
                _ if late => return false,
                None => self.released.wait(&mut gate),
                Some(end) => late = self.released.wait_until(&mut gate, end).timed_out(),
            }
        }
        true
    }

    fn spin(&self) -> bool {
        for _ in 0..LOOKS {
            match self.state.load(Ordering::Relaxed) {
                FREE if self.try_acquire() => return true,
                AWAITED => return false,
                _ => std::hint::spin_loop(),
            }
        }
        false
    }

    #[cold]
    fn wake_one(&self) -> bool {
        // A waiter that has said so is asleep once the gate is open.
        drop(self.gate.lock());
        self.released.notify_one();
        true
    }
}
