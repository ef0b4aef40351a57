//! Data that nothing guards, which stand for a number.

use super::instr::MODULUS;
use super::ledger::{self, Ledger};
use super::mutex::Stands;
use std::sync::Arc;
use tellers::cell::UnsafeCell;

/// Data that nothing guards.
pub trait AnyUnguarded: Send + Sync {
    /// Does this while it reads them, with their number.
    fn look(&self, then: &mut dyn FnMut(i64));
    /// Does this while it writes them, with their number, and leaves what comes of it.
    fn touch(&self, then: &mut dyn FnMut(i64) -> i64);
}

struct Unguarded<T>(UnsafeCell<T>);

// SAFETY: an access that races never begins.
unsafe impl<T: Send> Sync for Unguarded<T> {}

/// Data of this type that stand for this number.
pub fn unguarded(kind: usize, number: i64) -> Arc<dyn AnyUnguarded> {
    match kind % 4 {
        _ if ledger::is_in_cell(kind) => made(Ledger::of(number)),
        0 => made(number),
        1 => made(Vec::<i64>::of(number)),
        _ => made(Option::<String>::of(number)),
    }
}

#[track_caller]
fn made<T: Stands>(data: T) -> Arc<dyn AnyUnguarded> {
    Arc::new(Unguarded(UnsafeCell::new(data)))
}

impl<T: Stands> AnyUnguarded for Unguarded<T> {
    fn look(&self, then: &mut dyn FnMut(i64)) {
        // SAFETY: nobody writes meanwhile.
        self.0.with(|data| then(unsafe { &*data }.number()));
    }

    fn touch(&self, then: &mut dyn FnMut(i64) -> i64) {
        self.0.with_mut(|data| {
            // SAFETY: nobody reads or writes meanwhile.
            let data = unsafe { &mut *data };
            let number = data.number();
            data.leave(MODULUS);
            let left = then(number);
            data.leave(left);
        });
    }
}
