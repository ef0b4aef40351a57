//! What a thread does when nobody disturbs it.

use super::follows::followed;
use super::replay::run_once;
use super::{Erased, filter};
use crate::trace::{Pending, Step, Trace, Unreached};
use crate::world::{Op, ThreadId, Turn};

/// What each blocked thread of a deadlock would have done after the operation that it never got
/// past: what it does when it is let run on alone from the start.
pub(crate) fn unreached(program: &Erased, trace: &Trace) -> Vec<Unreached> {
    let copy = trace.clone();
    let alone = program.supervised(move |program| {
        let blocked = copy.pending.iter().filter(|pending| pending.thread != ThreadId::MAIN);
        blocked.map(|pending| (*pending, alone(program, &copy, pending.thread))).collect::<Vec<_>>()
    });
    let all = alone.unwrap_or_default().into_iter();
    all.filter_map(|(pending, alone)| beyond(program, trace, pending, alone)).collect()
}

fn beyond(program: &Erased, trace: &Trace, pending: Pending, alone: Trace) -> Option<Unreached> {
    let thread = pending.thread;
    // A thread that did not get to its end alone waits for another one: that tells nothing.
    let alone = Some(alone).filter(|alone| alone.steps.len() < filter::MAX_STEPS)?;
    let alone = Trace { steps: followed(program, &alone), ..alone };
    let steps = after(own_steps(&alone, thread), &own_steps(trace, thread), pending.op)?;
    Some(Unreached { thread, steps, names: alone.names })
}

/// A run in which a thread moves whenever it can, numbered as another one; before it can, the main
/// thread moves.
fn alone(program: &Erased, like: &Trace, thread: ThreadId) -> Trace {
    let replayed = run_once(program, like.names.clone(), filter::MAX_STEPS, move |offered| {
        let next = Some(thread).filter(|thread| offered.contains(thread));
        next.or_else(|| offered.iter().min().copied()).map(Turn::from)
    });
    replayed.trace.numbered_as(&like.names)
}

/// What comes after an operation, if what comes before it is known.
fn after(mut alone: Vec<Step>, known: &[Step], next: Op) -> Option<Vec<Step>> {
    let ops = known.iter().map(|step| step.op).chain([next]);
    let as_known =
        alone.len() > known.len() && alone.iter().map(|step| step.op).zip(ops).all(|(a, b)| a == b);
    as_known.then(|| alone.split_off(known.len() + 1))
}

fn own_steps(trace: &Trace, thread: ThreadId) -> Vec<Step> {
    trace.steps.iter().filter(|step| step.thread == thread).copied().collect()
}
