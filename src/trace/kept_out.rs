//! Who could move and does not, while others go round.

use super::{Replay, Trace};
use crate::world::{Op, ThreadId, ThreadOp, ThreadState};

/// The threads that could move, or end where somebody asks whether they have, and that never do in the steps
/// from this one on.
pub(crate) fn kept_out(trace: &Trace, from: usize) -> Vec<ThreadId> {
    let mut replay = Replay::new(trace);
    while replay.advance().is_some() {}
    let world = replay.world();
    let round = || trace.steps.iter().skip(from);
    let able = trace.pending.iter().filter(|pending| world.certain(pending.thread, pending.op));
    let is_asked_for = |thread: ThreadId| {
        let question = Op::Thread(thread, ThreadOp::IsFinished);
        round().any(|step| step.op == question)
    };
    let leaving = trace.ends.iter().map(|end| end.thread).filter(|&thread| {
        matches!(world.thread(thread), ThreadState::Leaving(_)) && is_asked_for(thread)
    });
    let all = able.map(|pending| pending.thread).chain(leaving);
    all.filter(|&thread| round().all(|step| step.thread != thread)).collect()
}
