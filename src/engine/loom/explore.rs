//! One search by loom.

use crate::supervisor;
use crate::sync::backend::{Leave, Over, Run, main_thread, with_run};
use crate::sync::quiet;
use crate::sync::refusal::Refusal;
use crate::sync::value::Value;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How loom is to search.
#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    /// The most preemptions in a run, if they are bounded.
    pub(super) preemptions: Option<usize>,
    /// The most choices in a run.
    pub(super) max_branches: usize,
    /// Whether no race of loads may be missed.
    pub(super) thorough: bool,
}

/// How a search ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Search {
    /// Loom has nothing left to explore.
    Complete,
    /// The engine has seen enough.
    Stopped,
    /// Loom cannot go on, and this is why.
    GaveUp(String),
}

/// Has loom explore a program. `watch` sees each run when it has ended, and says whether to go on.
///
/// Every setting that an environment variable of loom's could change is set here.
pub(super) fn explore(
    settings: Settings,
    program: Arc<dyn Fn() -> Value + Send + Sync>,
    watch: impl FnMut(&mut Run, Over) -> bool + 'static,
    refusal: Refusal,
) -> Search {
    with_run(|run| *run = Run::watched(watch, settings.thorough, refusal));
    let explored = loop {
        let program = Arc::clone(&program);
        let explored = catch_unwind(AssertUnwindSafe(|| {
            builder(settings).check(move || main_thread(&*program));
        }));
        if with_run(Run::begins_again) {
            continue;
        }
        if explored.is_err() || !with_run(Run::chooses_again) {
            break explored;
        }
    };
    // A thread that overflowed its stack has not said so.
    supervisor::moves(false);
    let mut run = with_run(std::mem::take);
    match explored {
        Ok(()) => {
            run.report();
            Search::Complete
        }
        Err(payload) => match payload.downcast::<Leave>() {
            Ok(leave) => match *leave {
                Leave::Enough => Search::Stopped,
                Leave::TooLarge(why) => Search::GaveUp(why),
            },
            Err(payload) => Search::GaveUp(complaint(&*payload, settings)),
        },
    }
}

/// What loom says when it panics.
fn complaint(payload: &(dyn Any + Send), settings: Settings) -> String {
    match quiet::text(payload) {
        text if text.starts_with("Model exceeded maximum number of branches") => {
            format!("a run has more than {} choices", settings.max_branches)
        }
        _ if !is_text(payload) => "a thread has overflowed its stack".to_owned(),
        text => text,
    }
}

/// Loom's own panics have a text; what its coroutines throw at the end of their stacks has none.
fn is_text(payload: &(dyn Any + Send)) -> bool {
    payload.is::<&str>() || payload.is::<String>()
}

/// The coroutines that loom runs its threads on install a panic hook when they are first used.
pub(super) fn install_looms_hook() {
    builder(Settings { preemptions: None, max_branches: 10, thorough: false }).check(|| ());
}

fn builder(settings: Settings) -> loom::model::Builder {
    let mut builder = loom::model::Builder::new();
    builder.max_threads = loom::MAX_THREADS;
    builder.max_branches = settings.max_branches;
    builder.max_permutations = None;
    builder.max_duration = None;
    builder.preemption_bound = settings.preemptions;
    builder.checkpoint_file = None;
    builder.checkpoint_interval = usize::MAX;
    builder.location = false;
    builder.log = false;
    builder
}
