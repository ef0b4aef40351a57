//! Whether a store was computed from what the thread had read, found out by telling it something else.

use super::Erased;
use super::along::once;
use super::filter::{self, drive};
use crate::sync::backend::Guide;
use crate::trace::{Follows, Place, Step, Trace};
use crate::world::{CellOp, Finish, Op, Outcome, ThreadId, Turn, World};
use parking_lot::Mutex;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// By how much the wrong values differ that a thread is told, one in each run: a program may go another way
/// for one of them.
const LIES: [i64; 4] = [1, -1, 1_000, -1_000];

/// A trace with more stores than this is not looked into any further.
const MOST: usize = 500;

/// So many steps are taken even for somebody who does not wait any longer: what there is to tell of a short
/// trace takes no time to speak of.
const AT_ONCE: usize = 50_000;

/// The steps, with how each store follows from the thread's load before it of the same cell, as far as that can
/// be found out: the program is run along the trace up to the store, but the load answers something else.
pub(crate) fn followed(program: &Erased, trace: &Trace) -> Vec<Step> {
    let copy = trace.clone();
    let known = Arc::new(Mutex::new(trace.steps.clone()));
    let steps = Arc::clone(&known);
    // A program that does not come back from a lie shows no more than it had.
    let _ = program.supervised(move |program| look_into(program, &copy, &steps));
    let known = known.lock();
    known.clone()
}

fn look_into(program: &Erased, trace: &Trace, known: &Mutex<Vec<Step>>) {
    let stores = (0..trace.steps.len()).filter(|&at| is_store(&trace.steps[at]));
    let mut steps = 0;
    for store in stores.take(MOST) {
        if steps > AT_ONCE && program.watch.is_interrupted() {
            return;
        }
        steps += LIES.len() * store;
        let lied = load_before(&trace.steps, store).map(|load| {
            let seen =
                LIES.into_iter().filter_map(|lie| follows(program, trace, (load, store), lie));
            all_told(seen)
        });
        known.lock()[store].follows = lied.unwrap_or(Follows::Unknown);
    }
}

/// What several lies show together: an addition is one whatever is added to.
fn all_told(seen: impl Iterator<Item = Follows>) -> Follows {
    let together = |one, other| if one == other { one } else { Follows::Computed };
    seen.reduce(together).unwrap_or(Follows::Unknown)
}

fn is_store(step: &Step) -> bool {
    matches!(step.op, Op::Cell(_, CellOp::Store(_)))
}

/// The thread's latest load of the cell that a step stores to, with no store of its own in between.
fn load_before(steps: &[Step], store: usize) -> Option<usize> {
    let Step { thread, op, .. } = steps[store];
    let cell = op.object(thread);
    let mut before = steps[..store].iter();
    let latest =
        before.rposition(|step| step.thread == thread && step.op.object(thread) == cell)?;
    matches!(steps[latest].op, Op::Cell(_, CellOp::Load)).then_some(latest)
}

/// What the store does when the load answers that much more; nothing if the thread then does not come to it.
fn follows(
    program: &Erased,
    trace: &Trace,
    (load, store): (usize, usize),
    lie: i64,
) -> Option<Follows> {
    let lied = lied_to(program, trace, (load, store), lie);
    let (before, after) = (trace.steps[store], *lied.get(store)?);
    let (Op::Cell(cell, CellOp::Store(value)), Op::Cell(to, CellOp::Store(other))) =
        (before.op, after.op)
    else {
        return None;
    };
    if (before.thread, cell, before.place) != (after.thread, to, after.place) {
        return None;
    }
    Some(match other.wrapping_sub(value) {
        0 => Follows::Never,
        more if more == lie => Follows::Adds,
        _ => Follows::Computed,
    })
}

/// The steps of a run along a trace, up to a store, in which a load has told its thread a lie.
fn lied_to(program: &Erased, trace: &Trace, (load, store): (usize, usize), lie: i64) -> Vec<Step> {
    let mut turns: Vec<Turn> = trace.steps[..=store].iter().map(Step::turn).collect();
    let own = |step: &&Step| step.thread == trace.steps[load].thread;
    let countdown = trace.steps[..load].iter().filter(own).count();
    let liar = Liar { to: trace.steps[load].thread, countdown: Some(countdown), lie };
    let mut liar = Some(Box::new(liar) as Box<dyn Guide>);
    turns.reverse();
    let names = trace.names.clone();
    let done = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&done);
    drive(
        once(move |_| turns.pop()),
        program,
        trace.names.clone(),
        filter::MAX_STEPS,
        move |run| run.guide = liar.take(),
        move |run, _, _| *sink.borrow_mut() = run.tape.trace().numbered_as(&names).steps,
    );
    done.take()
}

/// Does all that the world does, but for one answer.
struct Liar {
    to: ThreadId,
    /// How many operations the thread performs before it is told the lie.
    countdown: Option<usize>,
    lie: i64,
}

impl Guide for Liar {
    fn announced(&mut self, _: &World, _: ThreadId, _: Op, _: Place) -> Option<u32> {
        None
    }

    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome {
        let outcome = world.apply(thread, op);
        if thread != self.to || op == Op::End {
            return outcome;
        }
        let is_now = self.countdown == Some(0);
        self.countdown = self.countdown.and_then(|left| left.checked_sub(1));
        match outcome {
            Outcome::Value(value) if is_now => Outcome::Value(value.wrapping_add(self.lie)),
            _ => outcome,
        }
    }

    fn cut(&mut self, _: ThreadId) -> bool {
        true
    }

    fn left(&mut self, _: ThreadId, panic: Option<&str>, _: bool) -> Finish {
        Finish { panicked: panic.is_some(), token: 0 }
    }
}
