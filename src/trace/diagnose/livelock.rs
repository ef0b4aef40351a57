//! What threads do over and over, and what each keeps waiting for.

use super::held::{Held, last_taken};
use super::{Fact, Told};
use crate::engine::Failure;
use crate::trace::kept_out;
use crate::trace::words::{Words, listed};
use crate::trace::{Replay, Step, Trace};
use crate::world::{CellOp, EventOp, Object, Op, Outcome, Shown, ThreadId, World};

/// Steps that can repeat for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Livelock {
    /// The index of the first step that repeats; all after it do, too.
    pub from: usize,
    /// What the threads that take part keep asking for.
    pub trying: Vec<Trying>,
}

/// What a thread keeps asking for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trying {
    /// The thread.
    pub thread: ThreadId,
    /// The indices of the steps by which it asks, or reads what nobody who goes round writes; if it does
    /// neither, those by which it reads.
    pub asks: Vec<usize>,
    /// For each of them, who held the lock that it asked for, if it did ask for one.
    pub holders: Vec<Option<ThreadId>>,
}

const LUCK: &str = "After each of these steps all can still run to their ends.";

const PAUSE: &str = "A random pause before the next try makes such luck unlikely.";

const ORDER: &str = "A random pause before the next try makes such luck unlikely; locks taken in one fixed order exclude it.";

const PATIENCE: &str = "It lasts only as long as those who could end it get no turn. A wait that blocks, \
                        where there is one, in place of the loop excludes it.";

const HOPE: &str = "Each of them holds what another one asks for: if one gave up what it holds until the others \
                    have gone on, this could not happen.";

const FLAGS: &str = "Each of them waits for an event that none of them sets: whoever is to set one would have to \
                     do so before it waits for another.";

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
                if is_asked(step.op, step.outcome) {
                    own.asks.push(at);
                    own.holders.push(holder(replay.world(), step));
                } else if matches!(step.op, Op::Cell(_, CellOp::Load)) {
                    loads.push((step.thread, at));
                }
            }
            replay.advance();
        }
        for own in &mut trying {
            let is_own = |&&(by, at): &&(ThreadId, usize)| {
                by == own.thread
                    && (own.asks.is_empty() || !is_written(trace, from, trace.steps[at].op))
            };
            let loads: Vec<usize> = loads.iter().filter(is_own).map(|&(_, at)| at).collect();
            own.holders.extend(loads.iter().map(|_| None));
            own.asks.extend(loads);
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
            let kept_out: Vec<&str> = kept_out(words.trace, self.from)
                .into_iter()
                .map(|thread| words.thread(thread))
                .collect();
            let summary = match kept_out[..] {
                [] => {
                    format!("{names} can go round for ever: by bad luck alone {get} any further.")
                }
                _ => format!(
                    "{names} can go round for ever, as long as {} could move and never {}.",
                    listed(&kept_out),
                    if kept_out.len() == 1 { "does" } else { "do" },
                ),
            };
            (summary, Some(self.luck(words.trace)))
        } else {
            let hope = match self.is_up_to_each_other() {
                true => Some(HOPE.to_owned()),
                false => self.ask_for_flags(words.trace).then(|| FLAGS.to_owned()),
            };
            (
                format!(
                    "{names} {go} round for ever: whoever moves next, the program never comes to an end."
                ),
                hope,
            )
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
        let tries = self.key_steps().into_iter().any(|ask| trace.steps[ask].op.is_timed());
        let cure = match tries {
            true if self.asks_with_one_held(trace) => ORDER,
            true => PAUSE,
            false if !kept_out(trace, self.from).is_empty() => PATIENCE,
            false => return LUCK.to_owned(),
        };
        format!("{LUCK} {cure}")
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        self.trying.iter().flat_map(|trying| trying.asks.iter().copied()).collect()
    }

    /// Whether they are one ring in which each holds what the one before asks for.
    fn is_up_to_each_other(&self) -> bool {
        let next = |trying: &Trying| {
            let mut holders: Vec<ThreadId> = trying.holders.iter().copied().flatten().collect();
            holders.dedup();
            let [holder] = holders[..] else { return None };
            self.trying.iter().find(|other| other.thread == holder)
        };
        let Some(first) = self.trying.first().filter(|_| self.trying.len() > 1) else {
            return false;
        };
        let ring = std::iter::successors(Some(first), |&at| next(at).filter(|it| *it != first));
        let ring: Vec<&Trying> = ring.take(self.trying.len() + 1).collect();
        ring.len() == self.trying.len() && ring.last().and_then(|last| next(last)) == Some(first)
    }

    /// Whether several go round, each for events that are not set, and that nobody who goes round touches.
    fn ask_for_flags(&self, trace: &Trace) -> bool {
        let is_unset = |&at: &usize| {
            let step = &trace.steps[at];
            matches!(step.op, Op::Event(_, EventOp::IsSet)) && step.outcome == Outcome::Is(false)
        };
        let touches = |step: &Step| matches!(step.op, Op::Event(_, EventOp::Set | EventOp::Clear));
        let waits = |trying: &Trying| !trying.asks.is_empty() && trying.asks.iter().all(is_unset);
        self.trying.len() > 1
            && self.trying.iter().all(waits)
            && !trace.steps[self.from..].iter().any(touches)
    }

    /// Whether some thread asks for a lock while it holds another one of those that are asked for.
    fn asks_with_one_held(&self, trace: &Trace) -> bool {
        let of = |trying: &Trying| -> Vec<(ThreadId, usize, Object)> {
            let asks = trying.asks.iter().zip(&trying.holders);
            let held = asks.filter(|(_, holder)| holder.is_some()).map(|(&at, _)| at);
            let lock = |at: usize| trace.steps[at].op.object(trying.thread);
            held.filter_map(|at| Some((trying.thread, at, lock(at)?))).collect()
        };
        let asks: Vec<_> = self.trying.iter().flat_map(of).collect();
        let is_asked_for = |lock| asks.iter().any(|&(_, _, other)| other == lock);
        asks.iter().any(|&(thread, at, own)| {
            Held::at(trace, thread, at).locks().any(|lock| lock != own && is_asked_for(lock))
        })
    }
}

impl Trying {
    fn tell(&self, from: usize, words: &Words<'_>) -> Vec<Fact> {
        let thread = words.thread(self.thread);
        let tell = |(&ask, holder): (&usize, &Option<ThreadId>)| {
            let step = &words.trace.steps[ask];
            let mut line = match step.op.object(self.thread) {
                Some(object) if step.op.is_timed() => {
                    format!("{thread} keeps timing out on {}", words.trace.names.name(object))
                }
                _ => format!("{thread} keeps asking: {}", words.done(step)),
            };
            line += &format!(" {}", words.at(ask));
            match *holder {
                Some(holder) if holder == self.thread => line += ", which it holds itself",
                Some(holder) => line += &format!(", held by {}", words.thread(holder)),
                None => {}
            }
            let taken = taken(words.trace, ask, *holder);
            if let Some(taken) = taken {
                line += &format!(" {}", words.at(taken));
            }
            if let Op::Cell(cell, CellOp::Load) = step.op
                && !is_written(words.trace, from, step.op)
            {
                line += &format!("; nobody who goes round writes {}", words.trace.names.of(cell));
            }
            Fact::new(line, [Some(ask), taken].into_iter().flatten().collect::<Vec<_>>())
        };
        self.asks.iter().zip(&self.holders).map(tell).collect()
    }
}

/// The step by which somebody had taken what a step asks for.
fn taken(trace: &Trace, ask: usize, holder: Option<ThreadId>) -> Option<usize> {
    let step = &trace.steps[ask];
    last_taken(trace, ask, step.op.object(step.thread)?, holder?)
}

/// Whether the cell that an operation is about is written in the steps from this one on.
fn is_written(trace: &Trace, from: usize, op: Op) -> bool {
    let same = |to: Op| to.object(ThreadId::MAIN) == op.object(ThreadId::MAIN);
    let mut round = trace.steps.iter().skip(from).map(|step| step.op);
    round.any(|other| matches!(other, Op::Cell(_, CellOp::Store(_))) && same(other))
}

/// Who has what a timed acquire is about.
fn holder(world: &World, step: &Step) -> Option<ThreadId> {
    let object = step.op.object(step.thread).filter(|_| step.op.is_timed())?;
    match world.shown(object) {
        Shown::Held(holder) => Some(holder),
        _ => None,
    }
}

/// Whether an operation is there for its answer, whatever that is, or for what it did not get.
fn is_asked(op: Op, outcome: Outcome) -> bool {
    op.asks() || op.is_timed() && outcome == Outcome::TimedOut
}
