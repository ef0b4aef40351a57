//! What was made outside of every run, and what stands for it in one.
//!
//! A run changes nothing outside: the first of its threads that comes to such an object has the run make another
//! one, which begins with the value outside, and all of the run's threads use that.

mod users;

use super::backend;
use super::refusal::Stray;
use crate::trace::Place;
use crate::world::Kind;
use rustc_hash::FxHashMap;
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// What runs know something by that was made outside of all of them.
#[derive(Debug)]
pub(super) struct Outside {
    /// Of a static, given when a run first comes to it; 0 before.
    number: AtomicU32,
    /// Whether a run has ever come to it.
    is_known: AtomicBool,
    place: Place,
}

/// Something that stands for something in a run.
pub(super) type StandIn = Arc<dyn Any + Send + Sync>;

/// Makes what stands for something, as often as there are runs.
pub(super) type Recipe = Box<dyn Fn() -> StandIn + Send>;

/// All that stands for something in a run, by the numbers of that.
pub(super) type StandIns = FxHashMap<u32, StandIn>;

#[cfg(any(loom, feature = "shuttle"))]
pub(super) use users::uses;

static LAST: AtomicU32 = AtomicU32::new(0);

impl Outside {
    /// It is made at this place, now.
    pub(super) fn new(place: Place) -> Self {
        let outside = Self::of_static(place);
        outside.number();
        outside
    }

    /// It is made at this place, before anything else is.
    pub(super) const fn of_static(place: Place) -> Self {
        Self { number: AtomicU32::new(0), is_known: AtomicBool::new(false), place }
    }

    /// Where it was made.
    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// What stands for it in the run under way, which makes that when it first comes to it: `find` has what it is
    /// outside, and gives what makes such a thing with a number.
    #[cold]
    #[inline(never)]
    pub(super) fn stand_in<S: Any + Send + Sync, M: Fn(u32) -> S + Send + 'static>(
        &self,
        find: impl FnOnce() -> M,
    ) -> Arc<S> {
        self.is_known.store(true, Ordering::Relaxed);
        let number = self.number();
        let stand_in = backend::stand_in(number, || {
            let make = find();
            Box::new(move || Arc::new(make(number)))
        });
        stand_in.downcast().unwrap_or_else(|_| unreachable!("what stands for it is of its type"))
    }

    /// Whether it is used in a run, and not for itself. A search that has met it must not be believed if a thread
    /// uses it that no run knows of, and that may belong to one nevertheless: it has no name.
    #[inline]
    pub(super) fn is_in_run(&self, kind: Kind, used: Place) -> bool {
        let is_in_run = backend::is_checking();
        if !is_in_run && self.is_known.load(Ordering::Relaxed) {
            self.touched(&Stray { kind, name: None, made: self.place, used });
        }
        is_in_run
    }

    #[cold]
    fn touched(&self, stray: &Stray<'_>) {
        if std::thread::current().name().is_none() {
            users::refuse(self.number(), &stray.beside_a_run());
        }
    }

    /// Whoever uses it there has it alone, which no run does.
    #[track_caller]
    pub(super) fn is_had_alone(&self, kind: Kind, used: Place) {
        if self.is_in_run(kind, used) {
            backend::end_search(format!(
                "by the use, at {used}, of the {}, made at {}, outside of every run, as one that nobody else has: a run \
                 changes nothing outside, so make it inside of the checked closure",
                kind.noun(),
                self.place
            ));
        }
    }

    /// The number by which it is known.
    fn number(&self) -> u32 {
        let known = self.number.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let next = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let given = self.number.compare_exchange(0, next, Ordering::Relaxed, Ordering::Relaxed);
        given.map_or_else(|other| other, |_| next)
    }
}

/// No run drops what was made outside of all: so one that does has made it, and will make another one next time.
impl Drop for Outside {
    fn drop(&mut self) {
        if *self.is_known.get_mut() && backend::is_checking() {
            backend::refuse_quietly(format!(
                "by what was made at {}, by const_new, which is for statics, or outside of every run, and is dropped in \
                 one: make it inside of the checked closure, by new",
                self.place
            ));
        }
    }
}
