//! A shared integer.

use super::backend;
use crate::trace::Place;
use std::borrow::Cow;

/// A shared integer that can be read and written, each in one step, and nothing else.
///
/// `x -= n` is a [`load`](Self::load) and a [`store`](Self::store) with a gap between them, as it is
/// in Python. Under loom both are relaxed, so a load may see an old value.
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
