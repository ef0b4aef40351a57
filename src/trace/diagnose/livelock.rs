//! What threads do over and over, and what each keeps waiting for.

use super::{Fact, Told};
use crate::engine::Failure;
use crate::trace::words::{Words, listed};
use crate::trace::{Replay, Step, Trace};
use crate::world::{Op, Outcome, Shown, ThreadId, World};

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
    /// The indices of the steps by which it asks; none if it goes round without asking.
    pub asks: Vec<usize>,
    /// For each of them, who held the lock that it asked for, if it did ask for one.
    pub holders: Vec<Option<ThreadId>>,
}

const LUCK: &str = "After each of these steps all can still run to their ends. A random pause before the \
                    next try makes such luck unlikely; locks taken in one fixed order exclude it.";

const PATIENCE: &str = "After each of these steps all can still run to their ends: it lasts only as long as \
                        nobody else is given a turn. A wait that blocks, where there is one, in place of \
                        the loop excludes it.";

const HOPE: &str = "What each of them asks for is up to another one that goes round: if one of them let the others \
                    have it first, this could not happen.";

impl Livelock {
    pub(super) fn find(trace: &Trace, from: usize) -> Option<Self> {
        let mut trying: Vec<Trying> = Vec::new();
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
                }
            }
            replay.advance();
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
        let tries = |&ask: &usize| words.trace.steps[ask].op.is_timed();
        let luck = if self.key_steps().iter().any(tries) { LUCK } else { PATIENCE };
        let hope = (self.trying.len() > 1).then_some(HOPE);
        let (summary, remedy) = if failure == Failure::Starvation {
            (
                format!("{names} can go round for ever: by bad luck alone {get} any further."),
                Some(luck),
            )
        } else {
            (format!("{names} {go} round for ever: whoever moves next, {get} any further."), hope)
        };
        let facts = self.trying.iter().flat_map(|trying| trying.tell(words)).collect();
        Told { summary, facts, remedy: remedy.map(str::to_owned) }
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        self.trying.iter().flat_map(|trying| trying.asks.iter().copied()).collect()
    }
}

impl Trying {
    fn tell(&self, words: &Words<'_>) -> Vec<Fact> {
        let thread = words.thread(self.thread);
        let tell = |(&ask, holder): (&usize, &Option<ThreadId>)| {
            let step = &words.trace.steps[ask];
            let mut line = match step.op.object(self.thread) {
                Some(object) if step.op.is_timed() => {
                    format!("{thread} keeps timing out on {}", words.trace.names.name(object))
                }
                _ => format!("{thread} keeps asking: {}", words.done(step.op, step.outcome)),
            };
            line += &format!(" {}", words.at(ask));
            if let Some(holder) = holder {
                line += &format!(", held by {}", words.thread(*holder));
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
