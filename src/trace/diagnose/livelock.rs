//! What threads do over and over, and what each keeps waiting for.

use super::{Fact, Told};
use crate::engine::Failure;
use crate::trace::words::{Words, listed};
use crate::trace::{Replay, Step, Trace};
use crate::world::{CellOp, Op, Outcome, Shown, ThreadId, World};

/// Steps that can repeat for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Livelock {
    /// The index of the first step that repeats; all after it do, too.
    pub from: usize,
    /// What the threads that take part keep asking for in vain.
    pub trying: Vec<Trying>,
}

/// What a thread keeps asking for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trying {
    /// The thread.
    pub thread: ThreadId,
    /// The indices of the steps by which it asks, or reads, if it asks nothing else; none if it goes round
    /// without either.
    pub asks: Vec<usize>,
    /// For each of them, who held the lock that it asked for, if it did ask for one.
    pub holders: Vec<Option<ThreadId>>,
}

const LUCK: &str = "After each of these steps all can still run to their ends.";

const PAUSE: &str = "A random pause before the next try makes such luck unlikely.";

const ORDER: &str = "A random pause before the next try makes such luck unlikely; locks taken in one fixed order exclude it.";

const PATIENCE: &str = "It lasts only as long as none of the others is given a turn. A wait that blocks, \
                        where there is one, in place of the loop excludes it.";

const HOPE: &str = "Each of them holds what another one asks for: if one gave up what it holds until the others \
                    have gone on, this could not happen.";

impl Livelock {
    pub(super) fn find(trace: &Trace, from: usize) -> Option<Self> {
        let mut trying: Vec<Trying> = Vec::new();
        let mut loads: Vec<(ThreadId, usize)> = Vec::new();
        let mut replay = Replay::new(trace);
        while let Some(step) = replay.next_step() {
            let at = replay.at();
            if at >= from {
                let own = match trying.iter().position(|trying| trying.thread == step.thread) {
                    Some(known) => &mut trying[known],
                    None => {
                        let new = Trying { thread: step.thread, asks: vec![], holders: vec![] };
                        trying.push(new);
                        trying.last_mut()?
                    }
                };
                if is_in_vain(step.op, step.outcome) {
                    own.asks.push(at);
                    own.holders.push(holder(replay.world(), step));
                } else if matches!(step.op, Op::Cell(_, CellOp::Load)) {
                    loads.push((step.thread, at));
                }
            }
            replay.advance();
        }
        for own in trying.iter_mut().filter(|own| own.asks.is_empty()) {
            own.asks.extend(loads.iter().filter(|(by, _)| *by == own.thread).map(|&(_, at)| at));
            own.holders = vec![None; own.asks.len()];
        }
        trying.sort_by_key(|trying| trying.thread);
        (!trying.is_empty()).then_some(Self { from, trying })
    }

    /// A livelock is without hope; a starvation needs an unlucky scheduler.
    pub(super) fn tell(&self, words: &Words<'_>, failure: Failure) -> Told {
        let names: Vec<&str> =
            self.trying.iter().map(|trying| words.thread(trying.thread)).collect();
        let names = listed(&names);
        let (go, get) = match self.trying.len() {
            1 => ("goes", "it never gets"),
            2 => ("go", "neither gets"),
            _ => ("go", "none gets"),
        };
        let (summary, remedy) = if failure == Failure::Starvation {
            let kept_out: Vec<&str> =
                self.kept_out(words.trace).into_iter().map(|thread| words.thread(thread)).collect();
            let summary = match kept_out[..] {
                [] => {
                    format!("{names} can go round for ever: by bad luck alone {get} any further.")
                }
                _ => format!(
                    "{names} can go round for ever, as long as {} could move and never does.",
                    listed(&kept_out)
                ),
            };
            (summary, Some(self.luck(words.trace)))
        } else {
            let hope = self.is_up_to_each_other().then(|| HOPE.to_owned());
            (format!("{names} {go} round for ever: whoever moves next, {get} any further."), hope)
        };
        Told { summary, facts: self.facts(words), remedy }
    }

    /// What each thread keeps asking for.
    pub(super) fn facts(&self, words: &Words<'_>) -> Vec<Fact> {
        let tell = |trying: &Trying| trying.tell(self.from, words);
        self.trying.iter().flat_map(tell).collect()
    }

    /// What would end it, where it needs an unlucky scheduler.
    fn luck(&self, trace: &Trace) -> String {
        let timed = self.key_steps().into_iter().map(|ask| &trace.steps[ask]);
        let mut locks: Vec<_> =
            timed.filter(|s| s.op.is_timed()).map(|s| s.op.object(s.thread)).collect();
        locks.sort_unstable();
        locks.dedup();
        let cure = match locks.len() {
            0 if !self.kept_out(trace).is_empty() => PATIENCE,
            0 => return LUCK.to_owned(),
            1 => PAUSE,
            _ => ORDER,
        };
        format!("{LUCK} {cure}")
    }

    /// The threads that could move and never do.
    fn kept_out(&self, trace: &Trace) -> Vec<ThreadId> {
        let world = crate::trace::replay::last_world(trace);
        let moves = |thread| self.trying.iter().any(|trying| trying.thread == thread);
        let pending = trace.pending.iter().filter(|pending| world.enabled(pending.op));
        pending.map(|pending| pending.thread).filter(|&thread| !moves(thread)).collect()
    }

    /// Whether what each of them asks for is held by another one of them.
    fn is_up_to_each_other(&self) -> bool {
        let goes_round = |thread| self.trying.iter().any(|trying| trying.thread == thread);
        let by_another = |trying: &Trying| {
            let holders = trying.holders.iter().flatten();
            holders.clone().any(|&holder| holder != trying.thread && goes_round(holder))
        };
        self.trying.len() > 1 && self.trying.iter().all(by_another)
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        self.trying.iter().flat_map(|trying| trying.asks.iter().copied()).collect()
    }
}

impl Trying {
    fn tell(&self, from: usize, words: &Words<'_>) -> Vec<Fact> {
        let thread = words.thread(self.thread);
        let written = |cell| {
            let round = words.trace.steps.iter().skip(from);
            round
                .clone()
                .any(|step| matches!(step.op, Op::Cell(to, CellOp::Store(_)) if to == cell))
        };
        let tell = |(&ask, holder): (&usize, &Option<ThreadId>)| {
            let step = &words.trace.steps[ask];
            let mut line = match step.op.object(self.thread) {
                Some(object) if step.op.is_timed() => {
                    format!("{thread} keeps timing out on {}", words.trace.names.name(object))
                }
                _ => format!("{thread} keeps asking: {}", words.done(step.op, step.outcome)),
            };
            line += &format!(" {}", words.at(ask));
            match *holder {
                Some(holder) if holder == self.thread => line += ", which it holds itself",
                Some(holder) => line += &format!(", held by {}", words.thread(holder)),
                None => {}
            }
            if let Op::Cell(cell, CellOp::Load) = step.op
                && !written(cell)
            {
                line += &format!("; nobody who goes round writes {}", words.trace.names.of(cell));
            }
            Fact::new(line, [ask])
        };
        self.asks.iter().zip(&self.holders).map(tell).collect()
    }
}

/// Who has what a timed acquire is about.
fn holder(world: &World, step: &Step) -> Option<ThreadId> {
    let object = step.op.object(step.thread).filter(|_| step.op.is_timed())?;
    match world.shown(object) {
        Shown::Held(holder) => Some(holder),
        _ => None,
    }
}

/// Whether an answer sends a thread round again.
fn is_in_vain(op: Op, outcome: Outcome) -> bool {
    op.asks() || op.is_timed() && outcome == Outcome::TimedOut
}
