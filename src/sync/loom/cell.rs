//! A cell, whose old values a load may see.

use super::{perform, with_run};
use crate::sync::Name;
use crate::sync::object::Object;
use crate::trace::{Maker, Place};
use crate::world::{CellId, CellOp, Op, Outcome};
use loom::sync::atomic::Ordering::Relaxed;
use loom::sync::atomic::{AtomicBool, AtomicI64};

#[derive(Debug)]
pub(in crate::sync) struct Cell {
    object: Object<CellId>,
    value: AtomicI64,
    /// Passed before a load, so that loom sees every race of loads.
    turnstile: AtomicBool,
}

impl Cell {
    #[track_caller]
    pub(in crate::sync) fn new(value: i64, name: Name, place: Place) -> Self {
        let object = Object::beginning(value, Maker::Mover(name), place);
        Self { object, value: AtomicI64::new(value), turnstile: AtomicBool::new(false) }
    }

    #[track_caller]
    pub(in crate::sync) fn load(&self, place: Place) -> i64 {
        let access = || {
            if with_run(|run| run.thorough) {
                self.turnstile.swap(true, Relaxed);
            }
            Some(Outcome::Value(self.value.load(Relaxed)))
        };
        match perform(Op::Cell(self.object.id(place), CellOp::Load), place, access) {
            Outcome::Value(value) => value,
            other => unreachable!("a load answers with a value, not {other:?}"),
        }
    }

    #[track_caller]
    pub(in crate::sync) fn store(&self, value: i64, place: Place) {
        perform(Op::Cell(self.object.id(place), CellOp::Store(value)), place, || {
            self.value.store(value, Relaxed);
            Some(Outcome::Done)
        });
    }
}
