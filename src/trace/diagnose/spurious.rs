//! What happened for no reason, and may.

use super::{Fact, Told};
use crate::trace::words::Words;
use crate::trace::{Step, Trace};
use crate::world::{Doubt, Outcome};

/// The steps that nobody could count on.
pub(super) fn find_all(trace: &Trace) -> Vec<usize> {
    let is_one = |step: &Step| step.doubtful || step.outcome == Outcome::Failed;
    (0..trace.steps.len()).filter(|&at| is_one(&trace.steps[at])).collect()
}

/// Adds to what is told that these steps may be so, and what to do about it if nothing else is to be done.
pub(super) fn tell(words: &Words<'_>, spurious: &[usize], told: &mut Told) {
    let steps = &words.trace.steps;
    let kinds = spurious.iter().filter_map(|&at| Some((at, steps[at].op.doubt()?)));
    for (at, kind) in kinds {
        let who = words.thread(steps[at].thread);
        let line = format!("{who}: {} {}, {}", words.done(&steps[at]), words.at(at), may(kind));
        told.facts.push(Fact::new(line, [at]));
        told.remedy = told.remedy.take().or_else(|| remedy(kind));
    }
}

fn may(kind: Doubt) -> &'static str {
    match kind {
        Doubt::WakeUp => "as every wait may end",
        Doubt::WeakFailure => "as every weak compare-exchange may",
        Doubt::LetIn => "as a reader may be let in past a writer that waits",
    }
}

/// Who is let in past a writer reads what it would have read had it come earlier.
fn remedy(kind: Doubt) -> Option<String> {
    let remedy = match kind {
        Doubt::WakeUp => {
            "Who is woken has to look again at what it waits for, and to wait again if need be."
        }
        Doubt::WeakFailure => {
            "Where `compare_exchange_weak` fails it has to be tried again; `compare_exchange` fails only where the \
             value is another one."
        }
        Doubt::LetIn => return None,
    };
    Some(remedy.to_owned())
}
