//! A lock: a flag, which is taken by compare and exchange.

use super::{ask, perform};
use crate::sync::Name;
use crate::sync::object::Object;
use crate::trace::{Maker, Place};
use crate::world::{LockId, LockOp, Op, Outcome};
use loom::sync::atomic::AtomicBool;
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::time::Duration;

#[derive(Debug)]
pub(in crate::sync) struct Lock {
    object: Object<LockId>,
    held: AtomicBool,
}

impl Lock {
    #[track_caller]
    pub(in crate::sync) fn new(name: Name, place: Place) -> Self {
        let object = Object::new(Maker::Mover(name), place);
        Self { object, held: AtomicBool::new(false) }
    }

    #[track_caller]
    pub(in crate::sync) fn acquire(&self, place: Place) {
        perform(Op::Lock(self.object.id(place), LockOp::Acquire), place, || {
            self.take().then_some(Outcome::Done)
        });
    }

    #[track_caller]
    pub(in crate::sync) fn acquire_timeout(&self, _: Duration, place: Place) -> bool {
        let access = || Some(if self.take() { Outcome::Acquired } else { Outcome::TimedOut });
        perform(Op::Lock(self.object.id(place), LockOp::AcquireTimeout), place, access)
            == Outcome::Acquired
    }

    #[track_caller]
    pub(in crate::sync) fn release(&self, place: Place) -> bool {
        perform(Op::Lock(self.object.id(place), LockOp::Release), place, || {
            let was_held = self.held.swap(false, Release);
            Some(if was_held { Outcome::Done } else { Outcome::NotHeld })
        }) == Outcome::Done
    }

    #[track_caller]
    pub(in crate::sync) fn locked(&self, place: Place) -> bool {
        ask(Op::Lock(self.object.id(place), LockOp::Locked), place, &self.held)
    }

    fn take(&self) -> bool {
        self.held.compare_exchange(false, true, Acquire, Relaxed).is_ok()
    }
}
