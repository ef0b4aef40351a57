//! Why a search has to end without an answer.

use parking_lot::Mutex;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

/// Why a search must not be believed, once that is known. Whoever searches, every run, and every object that
/// a run has made share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusal(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    reason: Option<String>,
    /// A run that has ended, and some of whose objects have not.
    outlived: Option<Mark>,
}

/// Stands for one run: every object has the one that it was made in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mark(Arc<Refusal>);

/// How often, and after what time, objects that have outlived their run are looked after.
const LOOKS: u32 = 50;
const PAUSE: Duration = Duration::from_millis(1);

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
            self.0.lock().outlived.get_or_insert_with(|| run.clone());
        }
    }

    /// The reason, when all runs have ended. An object that outlives its run may be on a thread that no run
    /// knows of, and about to be used there: that is waited for, for a while.
    pub(crate) fn last_reason(&self) -> Option<String> {
        let outlived = self.0.lock().outlived.take();
        for _ in 0..LOOKS {
            if self.reason().is_some() || outlived.as_ref().is_none_or(|run| !run.is_in_use()) {
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

    /// Whether anybody else has it.
    fn is_in_use(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

impl PartialEq for Mark {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
