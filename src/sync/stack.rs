//! How much stack a model thread may use.
//!
//! Threads, and the coroutines that stand for them under a model checker, have stacks that do not grow.
//! So the depth is looked at whenever a thread comes to an operation, and a thread that is too deep
//! panics there. One that recurses without an operation comes to the end, which is the end of the process
//! (see [`supervisor`](crate::supervisor)).

use super::backend;
use crate::trace::Place;
use std::cell::Cell;

/// The bytes of a thread's stack. Memory is only taken as it is touched.
pub(crate) const SIZE: usize = 1 << 20;

/// The stack of the thread that moves: where it begins, and how far it may go. The rest is for what a
/// thread does between two operations, and for its panic.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    base: usize,
    budget: usize,
}

thread_local! {
    static STACK: Cell<Stack> = const { Cell::new(Stack::UNKNOWN) };
}

impl Stack {
    const UNKNOWN: Self = Self { base: 0, budget: usize::MAX };

    /// A thread with a stack of so many bytes begins here.
    pub(super) fn begin(size: usize) {
        STACK.set(Self { base: here(), budget: size / 4 * 3 });
    }

    /// Does what must not panic, however deep the thread that moves is.
    pub(super) fn at_any_depth<T>(f: impl FnOnce() -> T) -> T {
        let stack = STACK.replace(Self::UNKNOWN);
        let done = f();
        STACK.set(stack);
        done
    }

    /// The thread has come to the end of what is checked.
    #[cfg(any(loom, feature = "shuttle"))]
    pub(super) fn end() {
        STACK.set(Self::UNKNOWN);
    }

    /// That of the thread that moves.
    #[cfg(any(loom, feature = "shuttle"))]
    pub(super) fn current() -> Self {
        STACK.get()
    }

    /// The thread moves again that has this one.
    #[cfg(any(loom, feature = "shuttle"))]
    pub(super) fn resume(self) {
        STACK.set(self);
    }

    /// Panics if the thread that moves is too deep, unless it is being unwound.
    pub(super) fn check(place: Place) {
        let Self { base, budget } = STACK.get();
        if base.abs_diff(here()) > budget && !backend::is_unwinding() {
            panic!("the recursion at {place} is too deep: it takes more than {} KiB", budget >> 10);
        }
    }
}

/// Whether the stack of the thread that moves ends at this address; no if it is not known where it
/// began. A signal handler may ask.
#[cfg(unix)]
pub(crate) fn ends_at(address: usize) -> bool {
    let Stack { base, budget } = STACK.get();
    if base == 0 {
        return false;
    }
    let end = base.saturating_sub(budget / 3 * 4);
    (end.saturating_sub(GUARD)..=end.saturating_add(GUARD)).contains(&address)
}

/// What is left unused at the end of a stack, and how exactly its beginning is known, in bytes.
#[cfg(unix)]
const GUARD: usize = 1 << 16;

#[inline(never)]
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&local)).addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_ends_where_its_bytes_do_and_one_that_has_not_begun_nowhere() {
        let thread = std::thread::spawn(|| {
            assert!(!ends_at(0));
            Stack::begin(SIZE);
            let end = here() - SIZE;
            assert!(ends_at(end));
            assert!(!ends_at(end + SIZE / 2));
            assert!(!ends_at(0));
        });
        thread.join().expect("it is so");
    }
}
