//! Why a search has to end without an answer.

#[cfg(any(loom, feature = "shuttle"))]
use super::backend::with_run;
#[cfg(any(loom, feature = "shuttle"))]
use super::run::State;
use crate::trace::Place;
use crate::world::Kind;
use parking_lot::Mutex;
use std::sync::{Arc, Weak};
use std::thread::sleep;
use std::time::Duration;

/// Why a search must not be believed, once that is known. Whoever searches, every run, and every object that
/// a run has made share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusal(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    reason: Option<String>,
    /// The runs that have ended, and some of whose objects have not.
    outlived: Vec<Mark>,
}

/// Why a search ends with a run in which a panic unwinds a thread that cannot be answered.
#[cfg_attr(
    all(not(loom), not(feature = "shuttle")),
    expect(dead_code, reason = "an OS thread is left by itself")
)]
pub(crate) const LOST: &str = "by a thread that a panic unwinds and that, when its run was over, came to what nothing can answer: it waits for what never comes, starts a thread, or asks without end";

/// The payload of the panic of whoever uses a primitive where nobody checks anything. A thread of std that a
/// checked closure starts may be that, and nobody need look at what it panics with: so a search refuses
/// itself when one of its threads drops it. A thread that has a name is taken for that of another test.
#[cfg(any(loom, feature = "shuttle"))]
struct Outside(String);

#[cfg(any(loom, feature = "shuttle"))]
impl Drop for Outside {
    fn drop(&mut self) {
        let why = std::mem::take(&mut self.0);
        with_run(|run| {
            if run.state == State::Running {
                run.refuse(format!("because {why}"));
            }
        });
    }
}

/// What is no object's is used outside of every run.
pub(super) fn used_outside(place: Place) -> String {
    format!("tellers::sync is used outside of a checked closure, at {place}")
}

/// Panics because of a use where nobody checks anything.
#[cfg(any(loom, feature = "shuttle"))]
#[cold]
#[track_caller]
pub(super) fn outside(why: String) -> ! {
    let is_of_a_test = std::thread::current().name().is_some();
    if is_of_a_test || !crate::supervisor::is_searching() {
        panic!("{why}");
    }
    eprintln!("{why}");
    std::panic::resume_unwind(Box::new(Outside(why)))
}

/// What a search is told of a check that begins inside of a checked closure.
pub(super) fn inside_of_a_run(place: Option<Place>) -> String {
    let place = place.map_or_else(String::new, |place| format!(" at {place}"));
    format!("by a check{place} inside of a checked closure: check it by itself")
}

/// An object, and where it is used that does not belong there.
pub(super) struct Stray<'a> {
    pub(super) kind: Kind,
    pub(super) name: Option<&'a str>,
    pub(super) made: Place,
    pub(super) used: Place,
}

impl Stray<'_> {
    fn what(&self) -> String {
        let name = self.name.map_or_else(String::new, |name| format!(" `{name}`"));
        format!("the {}{name}, made at {}", self.kind.noun(), self.made)
    }

    /// It is used where no run is.
    pub(super) fn outside(&self) -> String {
        format!(
            "{}, is used outside of the run that made it, at {}: make it inside of the checked closure, and use it there, on threads of tellers::sync::thread",
            self.what(),
            self.used
        )
    }

    /// It was made outside of every run, and is used by a thread that no run knows of, while a run uses what stands
    /// for it.
    pub(super) fn beside_a_run(&self) -> String {
        format!(
            "by the use, at {}, of {}, on a thread that no run knows of, while one uses what stands for it: start threads \
             by tellers::sync::thread, and give those a name that have nothing to do with a check",
            self.used,
            self.what()
        )
    }

    /// It was made outside of every run, and is used in one.
    pub(super) fn of_no_run(&self) -> String {
        format!(
            "by the use, at {}, of {}, outside of every run: make it inside of the checked closure",
            self.used,
            self.what()
        )
    }

    /// It is used in another run than its own.
    pub(super) fn in_another_run(&self) -> String {
        format!(
            "by the use, at {}, of {}, in another run than this one: a static outlives its run, and so does what a closure captures, so make it inside of the checked closure and hand it on",
            self.used,
            self.what()
        )
    }
}

/// Stands for one run: every object has the one that it was made in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark(Arc<Refusal>);

/// How often, and after what time, objects that have outlived their run are looked after.
const LOOKS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(1);

/// So many runs are looked after: the latest, and the first.
const MOST_OUTLIVED: usize = 64;

impl Refusal {
    /// The first reason is the one that is told, in words that go on from "cut short".
    pub(crate) fn note(&self, why: String) {
        self.0.lock().reason.get_or_insert(why);
    }

    /// The reason, if there is one.
    pub(crate) fn reason(&self) -> Option<String> {
        self.0.lock().reason.clone()
    }

    /// A run has ended, with all of its threads.
    pub(crate) fn ended(&self, run: &Mark) {
        if run.is_in_use() {
            let outlived = &mut self.0.lock().outlived;
            outlived.retain(Mark::is_in_use);
            outlived.truncate(MOST_OUTLIVED - 1);
            outlived.push(run.clone());
        }
    }

    /// The reason, when all runs have ended. An object that outlives its run may be on a thread that no run
    /// knows of, and about to be used there: that is waited for, for a while.
    pub(crate) fn last_reason(&self) -> Option<String> {
        let outlived = std::mem::take(&mut self.0.lock().outlived);
        for _ in 0..LOOKS {
            if self.reason().is_some() || !outlived.iter().any(Mark::is_in_use) {
                break;
            }
            sleep(PAUSE);
        }
        self.reason()
    }
}

impl Mark {
    /// That of a new run of this search.
    pub(super) fn new(search: &Refusal) -> Self {
        Self(Arc::new(search.clone()))
    }

    /// Its search must not be believed.
    pub(super) fn refuse(&self, why: String) {
        self.0.note(why);
    }

    /// For whoever looks at the run without keeping it.
    pub(super) fn watcher(&self) -> Watcher {
        Watcher(Arc::downgrade(&self.0))
    }

    /// Whether anybody else has it.
    fn is_in_use(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

/// A run that may be over.
#[derive(Debug)]
pub(super) struct Watcher(Weak<Refusal>);

impl Watcher {
    /// Whether anything is left of it.
    pub(super) fn is_there(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Its search must not be believed, if there is one.
    pub(super) fn refuse(&self, why: &str) {
        if let Some(refusal) = self.0.upgrade() {
            refusal.note(why.to_owned());
        }
    }
}

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
