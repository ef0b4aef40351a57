//! What a primitive knows of itself, and of the run that it was made in.
//!
//! A run numbers its objects from the start, so a primitive of another run would answer for one of this
//! run's. It is refused instead: the search that meets it ends, and says which object it was.

use super::Name;
use super::backend::{self, with_run};
use super::refusal::{self, Mark, Stray};
use super::run::State;
use crate::trace::{Maker, Place};
use crate::world::{Id, Kind, Primitive};

/// A primitive's identity.
#[derive(Debug)]
pub(super) struct Object<I> {
    pub(super) id: I,
    run: Mark,
    name: Name,
    place: Place,
}

impl<I: Id> Object<I> {
    /// Has the run under way make an object, or come to one.
    #[track_caller]
    pub(super) fn new(maker: Maker, place: Place) -> Self {
        match with_run(|run| run.state) {
            State::Running => {}
            State::Idle => outside(I::KIND, place),
            State::Over(_) => {
                let id = I::new(backend::index_after_the_end());
                return Self {
                    id,
                    run: with_run(|run| run.mark.clone()),
                    name: maker.name(),
                    place,
                };
            }
        }
        let name = maker.name();
        let (run, index) = with_run(|run| {
            (run.mark.clone(), run.tape.register(I::KIND, run.current, maker, place))
        });
        Self { id: I::new(index), run, name, place }
    }

    /// Its identity, for an operation of the run that it belongs to.
    #[cfg(loom)]
    #[track_caller]
    pub(super) fn id(&self, place: Place) -> I {
        self.check(place);
        self.id
    }

    /// That it belongs to the run that uses it.
    #[track_caller]
    #[inline]
    pub(super) fn check(&self, place: Place) {
        if !with_run(|run| run.mark == self.run) {
            self.refuse(place);
        }
    }

    /// Whether it belongs to the run that drops a part of it. Nobody panics who drops, but a search that does
    /// not see all of that must not be believed.
    pub(super) fn is_dropped_here(&self, place: Place) -> bool {
        let stray =
            || Stray { kind: I::KIND, name: self.name.as_deref(), made: self.place, used: place };
        with_run(|run| {
            match run.state {
                State::Idle => self.run.refuse(format!("because {}", stray().outside())),
                _ if run.mark == self.run => return true,
                _ => run.refuse(stray().in_another_run()),
            }
            false
        })
    }

    #[cold]
    #[track_caller]
    fn refuse(&self, place: Place) -> ! {
        let name = self.name.as_deref();
        let stray = Stray { kind: I::KIND, name, made: self.place, used: place };
        if with_run(|run| run.state) == State::Idle {
            let why = stray.outside();
            self.run.refuse(format!("because {why}"));
            panic!("{why}");
        }
        with_run(|run| run.refuse(stray.in_another_run()));
        backend::leave()
    }
}

impl<P: Primitive> Object<P> {
    /// Has the run under way make an object with this first state, or come to one that has it. What a thread has
    /// whoever comes to it begins by itself.
    #[track_caller]
    pub(super) fn beginning(first: P::State, maker: Maker, place: Place) -> Self {
        let (is_made, is_found) =
            (matches!(maker, Maker::Mover(_)), matches!(maker, Maker::Outside(_)));
        let object = Self::new(maker, place);
        if is_made {
            with_run(|run| run.create(object.id, first));
        } else if is_found {
            with_run(|run| run.find(object.id, first));
        }
        object
    }
}

/// Something is done where nobody checks anything.
#[cold]
#[track_caller]
fn outside(kind: Kind, place: Place) -> ! {
    refusal::outside(format!(
        "{} {} of tellers::sync is made outside of a checked closure, at {place}: make it inside, and use it on threads of tellers::sync::thread",
        if kind == Kind::Event { "an" } else { "a" },
        kind.noun()
    ))
}
