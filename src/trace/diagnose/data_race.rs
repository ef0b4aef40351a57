//! Which two accesses race, and what each thread held meanwhile.

use super::held::Held;
use super::{Fact, Told};
use crate::trace::replay::last_world;
use crate::trace::words::Words;
use crate::trace::{Pending, Trace};
use crate::world::{Op, ThreadId, UnsafeCellId, UnsafeCellOp};

/// A thread came to use data that somebody used, and one of the two writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataRace {
    /// What the thread was about to do, and where.
    pub access: Pending,
    /// The data.
    pub data: UnsafeCellId,
    /// The index of the step by which the access began that went on.
    pub began: usize,
}

impl DataRace {
    pub(super) fn find(trace: &Trace) -> Option<Self> {
        let world = last_world(trace);
        let access = *trace.pending.iter().find(|pending| world.races(pending.op))?;
        let Op::UnsafeCell(data, _) = access.op else { return None };
        let began = going_on(trace, data);
        let of_another = |&&at: &&usize| trace.steps[at].thread != access.thread;
        let began = *began.iter().rev().find(of_another).or(began.last())?;
        Some(Self { access, data, began })
    }

    /// Who uses the data.
    fn user(&self, trace: &Trace) -> ThreadId {
        trace.steps[self.began].thread
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let trace = words.trace;
        let threads = [self.access.thread, self.user(trace)];
        let is_alone = threads[0] == threads[1];
        let ([mine, theirs], data) =
            (threads.map(|it| words.thread(it)), trace.names.of(self.data));
        let (comes_to, does) = (use_of(self.access.op).0, use_of(trace.steps[self.began].op).1);
        let (whoever, why) = match is_alone {
            true => ("it", "its accesses overlap"),
            false => (theirs, "nothing orders the two"),
        };
        let summary = format!(
            "{mine} comes to {comes_to} {data} while {whoever} {does} it: {why}, and what the program does from here on is not defined."
        );
        let (step, place) = (words.step(self.began), trace.steps[self.began].place);
        let began = format!("{theirs} {does} {data} since {step} ({place})");
        let comes = format!("{mine} comes to {comes_to} it ({})", self.access.place);
        let comes = Fact { words: comes, steps: vec![], places: vec![self.access.place] };
        let mut facts = vec![Fact::new(began, [self.began]), comes];
        let remedy = match is_alone {
            true => format!(
                "If {mine} ended the one access before it begins the other, they could not overlap."
            ),
            false => {
                facts.push(self.tell_of_locks(words));
                format!(
                    "A mutex that each holds for as long as it uses {data} would order the two."
                )
            }
        };
        Told { summary, facts, remedy: Some(remedy) }
    }

    /// Which locks each holds: none can be a mutex of both, or one would have waited.
    fn tell_of_locks(&self, words: &Words<'_>) -> Fact {
        let (trace, world) = (words.trace, last_world(words.trace));
        let (mine, theirs) = (self.access.thread, self.user(trace));
        let [own, other] = [mine, theirs].map(|by| Held::at_last(trace, &world, by));
        match own.in_common(&other).names(words) {
            None => own.against(mine, (&other, theirs), words),
            Some(shared) => {
                let line = format!("both hold {shared}, and each lets the other in");
                Fact::new(line, [own.steps(), other.steps()].concat())
            }
        }
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        vec![self.began]
    }
}

/// The indices of the steps by which accesses to the data began that go on.
fn going_on(trace: &Trace, data: UnsafeCellId) -> Vec<usize> {
    let mut begun: Vec<usize> = Vec::new();
    for (at, step) in trace.steps.iter().enumerate() {
        match step.op {
            Op::UnsafeCell(to, deed) if to == data => match deed {
                UnsafeCellOp::BeginRead | UnsafeCellOp::BeginWrite => begun.push(at),
                UnsafeCellOp::EndRead | UnsafeCellOp::EndWrite(_) => {
                    let own = |&begun: &usize| trace.steps[begun].thread == step.thread;
                    begun.iter().rposition(own).map(|last| begun.remove(last));
                }
                _ => {}
            },
            _ => {}
        }
    }
    begun
}

/// What a thread comes to do with data, and does.
fn use_of(op: Op) -> (&'static str, &'static str) {
    match op {
        Op::UnsafeCell(_, UnsafeCellOp::BeginRead) => ("read", "reads"),
        Op::UnsafeCell(_, UnsafeCellOp::BeginWrite) => ("write", "writes"),
        _ => ("have", "has"),
    }
}
