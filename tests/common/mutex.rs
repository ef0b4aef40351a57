//! std's mutexes, with data of several types that each stand for a small number.

use super::instr::{MODULUS, PAYLOAD};
use super::ledger::{self, Ledger};
use super::run::Told;
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, TryLockError};
use std::time::Duration;
use tellers::sync::{Condvar, Mutex, MutexGuard};

/// A mutex whose data stand for a number.
pub trait AnyMutex: Send + Sync {
    /// Takes it: observes the number, and more if it is poisoned.
    fn lock(&self, seen: &mut Told) -> Box<dyn Held + '_>;
    /// Takes it if it is free, and observes −1 if it is not.
    fn try_lock(&self, seen: &mut Told) -> Option<Box<dyn Held + '_>>;
    /// Takes it and waits while the number is 0: observes it as above.
    fn wait_at_most_twice(&self, condvar: &Condvar, seen: &mut Told) -> Box<dyn Held + '_>;
    /// The same, for so long only: observes whether it was too short, and the number.
    fn wait_in_time(&self, condvar: &Condvar, seen: &mut Told) -> Box<dyn Held + '_>;
    fn is_poisoned(&self) -> bool;
    fn clear_poison(&self);
}

/// The data of a mutex that is held.
pub trait Held {
    /// Makes them stand for this number.
    fn leave(&mut self, number: i64);
}

/// What stands for a number.
pub trait Stands: Send + 'static {
    fn of(number: i64) -> Self;
    fn number(&self) -> i64;
    /// From now on they are to stand for this, or for what comes of it.
    fn leave(&mut self, number: i64)
    where
        Self: Sized,
    {
        *self = Self::of(number);
    }
}

pub const SHORT: Duration = Duration::from_millis(1);

/// A mutex whose data are of this type, and stand for this number.
pub fn mutex(kind: usize, number: i64) -> Arc<dyn AnyMutex> {
    match kind % 12 {
        _ if ledger::is_in_mutex(kind) => Arc::new(Mutex::new(Ledger::of(number))),
        0 => Arc::new(Mutex::named("number", number)),
        2 => Arc::new(Mutex::new(Vec::<i64>::of(number))),
        3 => {
            Arc::new(Mutex::keyed(Account::of(number), |account| (account.owner, account.balance)))
        }
        5 => Arc::new(Mutex::new(VecDeque::<u32>::of(number))),
        7 => Arc::new(Mutex::new(Option::<String>::of(number))),
        8 => Arc::new(Mutex::new(<[bool; 5]>::of(number))),
        _ => Arc::new(Mutex::new(<(char, f64)>::of(number))),
    }
}

impl<T: Stands> AnyMutex for Mutex<T> {
    fn lock(&self, seen: &mut Told) -> Box<dyn Held + '_> {
        match self.lock() {
            Ok(data) => begin(data, 0, seen),
            Err(poisoned) => begin(poisoned.into_inner(), PAYLOAD, seen),
        }
    }

    fn try_lock(&self, seen: &mut Told) -> Option<Box<dyn Held + '_>> {
        match self.try_lock() {
            Ok(data) => Some(begin(data, 0, seen)),
            Err(TryLockError::Poisoned(data)) => Some(begin(data.into_inner(), PAYLOAD, seen)),
            Err(TryLockError::WouldBlock) => {
                seen.push(-1);
                None
            }
        }
    }

    fn wait_at_most_twice(&self, condvar: &Condvar, seen: &mut Told) -> Box<dyn Held + '_> {
        let data = self.lock().unwrap_or_else(PoisonError::into_inner);
        match condvar.wait_while(data, is_zero_twice()) {
            Ok(data) => begin(data, 0, seen),
            Err(poisoned) => begin(poisoned.into_inner(), PAYLOAD, seen),
        }
    }

    fn wait_in_time(&self, condvar: &Condvar, seen: &mut Told) -> Box<dyn Held + '_> {
        let data = self.lock().unwrap_or_else(PoisonError::into_inner);
        let ((data, result), more) = match condvar.wait_timeout_while(data, SHORT, is_zero_twice())
        {
            Ok(waited) => (waited, 0),
            Err(poisoned) => (poisoned.into_inner(), PAYLOAD),
        };
        seen.push(result.timed_out().into());
        begin(data, more, seen)
    }

    fn is_poisoned(&self) -> bool {
        self.is_poisoned()
    }

    fn clear_poison(&self) {
        self.clear_poison();
    }
}

fn is_zero_twice<T: Stands>() -> impl FnMut(&mut T) -> bool {
    let mut looks = 0;
    move |data| {
        looks += 1;
        looks <= 2 && data.number() == 0
    }
}

fn begin<'a, T: Stands>(
    mut data: MutexGuard<'a, T>,
    more: i64,
    seen: &mut Told,
) -> Box<dyn Held + 'a> {
    seen.push(data.number() + more);
    data.leave(MODULUS);
    Box::new(data)
}

impl<T: Stands> Held for MutexGuard<'_, T> {
    fn leave(&mut self, number: i64) {
        T::leave(self, number);
    }
}

pub struct Account {
    owner: &'static str,
    balance: i64,
}

impl Stands for Account {
    fn of(number: i64) -> Self {
        Self {
            owner: ["Ada", "Bob"][usize::from(number > 1)],
            balance: number % 2 + number / 4 * 2,
        }
    }

    fn number(&self) -> i64 {
        self.balance + if self.owner == "Bob" { 2 } else { 0 }
    }
}

impl Stands for i64 {
    fn of(number: i64) -> Self {
        number
    }

    fn number(&self) -> i64 {
        *self
    }
}

impl Stands for Vec<i64> {
    fn of(number: i64) -> Self {
        (0..number).collect()
    }

    fn number(&self) -> i64 {
        self.len() as i64
    }
}

impl Stands for VecDeque<u32> {
    fn of(number: i64) -> Self {
        [number as u32, 7].into()
    }

    fn number(&self) -> i64 {
        self[0].into()
    }
}

impl Stands for Option<String> {
    fn of(number: i64) -> Self {
        (number > 0).then(|| "x".repeat(number as usize - 1))
    }

    fn number(&self) -> i64 {
        self.as_ref().map_or(0, |text| text.len() as i64 + 1)
    }
}

impl Stands for [bool; 5] {
    fn of(number: i64) -> Self {
        std::array::from_fn(|i| i as i64 == number)
    }

    fn number(&self) -> i64 {
        self.iter().position(|&is| is).map_or(-1, |i| i as i64)
    }
}

impl Stands for (char, f64) {
    fn of(number: i64) -> Self {
        (['a', 'b'][(number % 2) as usize], f64::from(number as u8 / 2) / 2.0)
    }

    fn number(&self) -> i64 {
        i64::from(self.0 == 'b') + 2 * (self.1 * 2.0) as i64
    }
}
