//! A shared integer.

use super::backend;
use crate::trace::Place;
use std::borrow::Cow;

/// A shared integer that can be read and written, each in one step, and nothing else.
///
/// `x -= n` is a [`load`](Self::load) and a [`store`](Self::store) with a gap between them, as it is
/// in Python. Under loom both are relaxed, so a load may see an old value.
///
/// ```
/// # #[cfg(all(not(loom), feature = "shuttle"))]
/// # {
/// use std::sync::Arc;
/// use tellers::sync::{Cell, thread};
///
/// let report = tellers::check(|| {
///     let balance = Arc::new(Cell::named("balance", 100));
///     let theirs = Arc::clone(&balance);
///     let teller = thread::spawn(move || theirs.store(theirs.load() - 30));
///     balance.store(balance.load() - 20);
///     teller.join().unwrap();
/// });
/// let left: Vec<i64> = report.outcomes.keys().map(|ending| ending.cells[0]).collect();
/// assert_eq!(left, [50, 70, 80]);
/// # }
/// ```
#[derive(Debug)]
pub struct Cell(backend::Cell);

impl Cell {
    /// A cell with this value, called by the place that makes it.
    #[track_caller]
    pub fn new(value: i64) -> Self {
        Self(backend::Cell::new(value, None, Place::caller()))
    }

    /// A cell with a name and this value.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>, value: i64) -> Self {
        Self(backend::Cell::new(value, Some(name.into()), Place::caller()))
    }

    /// Reads the value.
    #[track_caller]
    #[inline]
    pub fn load(&self) -> i64 {
        self.0.load(Place::caller())
    }

    /// Writes the value.
    #[track_caller]
    #[inline]
    pub fn store(&self, value: i64) {
        self.0.store(value, Place::caller());
    }
}
