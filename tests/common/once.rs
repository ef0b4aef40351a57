//! std's cells that are written once, with the data of a mutex.

use super::ledger::Ledger;
use super::mutex::{Account, Stands};
use super::run::Told;
use std::sync::Arc;
use tellers::sync::OnceLock;

/// A cell that is written once, with what stands for a number.
pub trait AnyOnceLock: Send + Sync {
    /// Observes the number that is there, which is this if nobody has written any.
    fn get_or_init(&self, number: &mut dyn FnMut() -> i64) -> i64;
    /// Observes 1 if it was written.
    fn set(&self, number: i64, seen: &mut Told);
    /// Observes −1 if nothing is there.
    fn get(&self, seen: &mut Told);
}

/// A cell of this type.
pub fn once_lock(kind: usize) -> Arc<dyn AnyOnceLock> {
    match kind % 4 {
        3 => Arc::new(OnceLock::<Ledger>::new()),
        0 => Arc::new(OnceLock::<Vec<i64>>::new()),
        1 => Arc::new(OnceLock::<i64>::named("once")),
        _ => Arc::new(OnceLock::keyed(Account::number)),
    }
}

impl<T: Stands + Sync> AnyOnceLock for OnceLock<T> {
    fn get_or_init(&self, number: &mut dyn FnMut() -> i64) -> i64 {
        self.get_or_init(|| T::of(number())).number()
    }

    fn set(&self, number: i64, seen: &mut Told) {
        let written = self.set(T::of(number)).map_err(|data| assert_eq!(data.number(), number));
        seen.push(written.is_ok().into());
    }

    fn get(&self, seen: &mut Told) {
        seen.push(self.get().map_or(-1, Stands::number));
    }
}
