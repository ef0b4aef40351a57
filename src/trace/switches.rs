//! How much a scheduler had to interfere to make an interleaving happen.

use super::{Replay, Step, Trace};
use crate::world::{Op, ThreadId, ThreadOp};

/// The size of an interleaving: the fewer of each, the simpler it is to understand. Ordered by
/// old values, then context switches, then preemptions, then steps.
///
/// The main thread's spawning and joining is housekeeping: it counts neither as a step nor as a
/// switch. The [end](Op::End) of a thread is a step, but takes the turn from nobody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Switches {
    /// How many questions were answered with an old value; only loom does that.
    pub stale: u32,
    /// How often another thread moved than the one before, which had not come to its end.
    pub context: u32,
    /// How many of those took the turn from a thread that could have gone on.
    pub preemptions: u32,
    /// How many operations took effect.
    pub steps: u32,
}

/// Whether an operation belongs to the starting and joining of threads.
pub(crate) fn is_housekeeping(thread: ThreadId, op: Op) -> bool {
    thread == ThreadId::MAIN
        && matches!(op, Op::Thread(_, ThreadOp::Spawn) | Op::Thread(_, ThreadOp::Join))
}

impl Switches {
    /// The size of a trace.
    pub fn of(trace: &Trace) -> Self {
        let mut size = Self::default();
        let mut last = None;
        let mut replay = Replay::new(trace);
        while let Some(step) = replay.next_step() {
            if !is_housekeeping(step.thread, step.op) {
                size.steps += 1;
                if step.op != Op::End
                    && let Some(previous) = last.replace(step.thread)
                    && previous != step.thread
                    && let Some(next) = next_op(trace, &trace.steps[replay.at()..], previous)
                {
                    size.context += 1;
                    size.preemptions += u32::from(replay.world().certain(previous, next));
                }
            }
            size.stale += u32::from(replay.advance() != Some(step.outcome));
        }
        size
    }
}

/// Why there are fewer context switches than a reader counts who goes by the threads of the steps, if there
/// are.
pub(super) fn uncounted(trace: &Trace) -> Option<&'static str> {
    let shown = || trace.steps.iter().filter(|step| !is_housekeeping(step.thread, step.op));
    let turns =
        |steps: Vec<ThreadId>| steps.windows(2).filter(|pair| pair[0] != pair[1]).count() as u32;
    let all = turns(shown().map(|step| step.thread).collect());
    let without_ends =
        turns(shown().filter(|step| step.op != Op::End).map(|step| step.thread).collect());
    let counted = Switches::of(trace).context;
    match all {
        _ if all == counted => None,
        _ if all == without_ends => {
            Some("leaving a thread that has only its end left is no context switch")
        }
        _ => Some(
            "neither an end nor leaving a thread that has only its end left is a context switch",
        ),
    }
}

/// What a thread does next, if it had not come to its end.
fn next_op(trace: &Trace, rest: &[Step], thread: ThreadId) -> Option<Op> {
    let later = rest.iter().find(|step| step.thread == thread).map(|step| step.op);
    let later = later.filter(|&op| op != Op::End);
    later.or_else(|| trace.pending.iter().find(|p| p.thread == thread).map(|p| p.op))
}
