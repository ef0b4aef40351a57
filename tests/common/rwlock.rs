//! std's locks for many readers or one writer, with the data of a mutex.

use super::instr::{How, MODULUS, PAYLOAD};
use super::ledger::{self, Ledger};
use super::mutex::{Account, Held, SHORT, Stands};
use super::run::{Told, acc};
use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::{Arc, LockResult, TryLockError};
use tellers::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A lock for many readers or one writer, whose data stand for a number.
pub trait AnyRwLock: Send + Sync {
    /// Reads: observes the number, and more if it is poisoned; or −1, if it does not come to that.
    fn read(&self, how: How, seen: &mut Told) -> Option<Box<dyn Reads + '_>>;
    /// Writes: observes the same.
    fn write(&self, how: How, seen: &mut Told) -> Option<Box<dyn Held + '_>>;
    /// Writes what was observed plus this, and goes on reading.
    fn write_then_read(&self, more: i64, seen: &mut Told) -> Box<dyn Reads + '_>;
}

/// The data of a lock, which nobody changes meanwhile.
pub trait Reads {}

impl<T> Reads for RwLockReadGuard<'_, T> {}

/// A lock whose data are of this type, and stand for this number.
pub fn rwlock(kind: usize, number: i64) -> Arc<dyn AnyRwLock> {
    match kind % 6 {
        _ if ledger::is_in_rwlock(kind) => Arc::new(RwLock::new(Ledger::of(number))),
        0 => Arc::new(RwLock::new(Option::<String>::of(number))),
        2 => Arc::new(RwLock::keyed(Account::of(number), Account::number)),
        3 => Arc::new(RwLock::named("read", number)),
        _ => Arc::new(RwLock::new(VecDeque::<u32>::of(number))),
    }
}

impl<T: Stands + Sync> AnyRwLock for RwLock<T> {
    fn read(&self, how: How, seen: &mut Told) -> Option<Box<dyn Reads + '_>> {
        let taken = match how {
            How::Waits => self.read().map_err(TryLockError::Poisoned),
            How::Tries => self.try_read(),
            How::WaitsInTime => self.try_read_for(SHORT),
        };
        Some(Box::new(begin(had(taken, seen)?, seen)))
    }

    fn write(&self, how: How, seen: &mut Told) -> Option<Box<dyn Held + '_>> {
        let taken = match how {
            How::Waits => self.write().map_err(TryLockError::Poisoned),
            How::Tries => self.try_write(),
            How::WaitsInTime => self.try_write_for(SHORT),
        };
        let mut data = begin(had(taken, seen)?, seen);
        data.leave(MODULUS);
        Some(Box::new(data))
    }

    fn write_then_read(&self, more: i64, seen: &mut Told) -> Box<dyn Reads + '_> {
        let mut data = begin(self.write(), seen);
        data.leave(MODULUS);
        data.leave((acc(seen) + more).rem_euclid(MODULUS));
        Box::new(RwLockWriteGuard::downgrade(data))
    }
}

impl<T: Stands> Held for RwLockWriteGuard<'_, T> {
    fn leave(&mut self, number: i64) {
        T::leave(self, number);
    }
}

/// What was had, poisoned or not; −1 is observed if it was not.
fn had<G>(taken: Result<G, TryLockError<G>>, seen: &mut Told) -> Option<LockResult<G>> {
    match taken {
        Ok(data) => Some(Ok(data)),
        Err(TryLockError::Poisoned(data)) => Some(Err(data)),
        Err(TryLockError::WouldBlock) => {
            seen.push(-1);
            None
        }
    }
}

fn begin<T: Stands, G: Deref<Target = T>>(taken: LockResult<G>, seen: &mut Told) -> G {
    let (data, more) = match taken {
        Ok(data) => (data, 0),
        Err(poisoned) => (poisoned.into_inner(), PAYLOAD),
    };
    seen.push(data.number() + more);
    data
}
