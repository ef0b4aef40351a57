//! Which halves of which transfers a sum saw.

use super::lost_update::{grouped_abs, losses, signed, sum};
use super::{Fact, Lost, Told};
use crate::trace::Trace;
use crate::trace::updates::{Update, Updates};
use crate::trace::words::{Words, grouped, listed};
use crate::world::{CellId, CellOp, Op, Outcome, ThreadId};

/// A sum that was taken while money was on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TornAudit {
    /// Who took the sum.
    pub auditor: ThreadId,
    /// The indices of its loads, one for each cell that anybody writes.
    pub loads: Vec<usize>,
    /// What they add up to.
    pub sum: i64,
    /// What they should have added up to: the first values of those cells.
    pub expected: i64,
    /// The transfers of which it saw one half only.
    pub halves: Vec<Half>,
    /// The updates that had been lost by then.
    pub losses: Vec<Lost>,
    /// What the same cells add up to at the end of the trace.
    pub last: i64,
}

/// A transfer of which one half was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Half {
    /// The update that the sum saw.
    pub seen: Update,
    /// The update that it did not see; none if it was never made.
    pub unseen: Option<Update>,
}

impl TornAudit {
    pub(in crate::trace) fn find(trace: &Trace) -> Option<Self> {
        let Updates { updates, .. } = Updates::of(trace);
        let written = written(trace);
        let expected =
            written.iter().fold(0_i64, |sum, &cell| sum.wrapping_add(trace.initial.value(cell)));
        let (auditor, loads, sum) =
            audits(trace, &updates, &written).into_iter().find(|&(_, _, sum)| sum != expected)?;
        let saw = |update: &Update| {
            loads.iter().any(|&load| {
                trace.steps[load].op == Op::Cell(update.cell, CellOp::Load) && update.store < load
            })
        };
        let halves = transfers(&updates).into_iter().filter_map(|pair| half(pair, saw)).collect();
        let losses = losses(trace, &updates).into_iter().filter(|lost| saw(&lost.update)).collect();
        let last = last_sum(trace, &written);
        Some(Self { auditor, loads, sum, expected, halves, losses, last })
    }

    pub(super) fn tell(&self, words: &Words<'_>) -> Told {
        let mut facts = vec![self.tell_of_loads(words)];
        for half in &self.halves {
            facts.extend(half.tell(words));
        }
        for lost in &self.losses {
            facts.push(Fact::new(lost.in_one_line(words), lost.key_steps()));
        }
        let remedy = "If every transfer, and the sum, were made under one and the same lock, the sum could see none of them half done.";
        Told { summary: self.summary(words), facts, remedy: Some(remedy.to_owned()) }
    }

    pub(super) fn key_steps(&self) -> Vec<usize> {
        let halves = self.halves.iter().flat_map(|half| {
            [Some(half.seen.store), half.unseen.map(|unseen| unseen.store)].into_iter().flatten()
        });
        let losses = self.losses.iter().flat_map(Lost::key_steps);
        self.loads.iter().copied().chain(halves).chain(losses).collect()
    }

    fn summary(&self, words: &Words<'_>) -> String {
        let auditor = words.thread(self.auditor);
        let when = match &self.halves[..] {
            [] => "after an update had been lost".to_owned(),
            [half] => format!(
                "while {}'s transfer of {} was half done",
                words.thread(half.seen.thread),
                grouped_abs(half.seen.delta()),
            ),
            halves => format!("while {} transfers were half done", halves.len()),
        };
        let afterwards = match self.last == self.expected {
            true => " Nothing is lost: at the end the total is right.",
            false => "",
        };
        format!(
            "{auditor} took the sum {when}, and found {} instead of {}.{afterwards}",
            grouped(self.sum),
            grouped(self.expected),
        )
    }

    fn tell_of_loads(&self, words: &Words<'_>) -> Fact {
        let loads: Vec<String> = self
            .loads
            .iter()
            .map(|&load| {
                let step = &words.trace.steps[load];
                format!("{} {}", words.done(step), words.at(load))
            })
            .collect();
        let line = format!(
            "{} reads {}: {}",
            words.thread(self.auditor),
            listed(&loads),
            grouped(self.sum)
        );
        Fact::new(line, self.loads.clone())
    }
}

impl Half {
    fn tell(&self, words: &Words<'_>) -> Vec<Fact> {
        let thread = words.thread(self.seen.thread);
        let one = |verb: &str, update: &Update| {
            let line = format!(
                "{verb} the {} that {thread} made to {} {}",
                signed(update.delta()),
                words.trace.names.of(update.cell),
                words.at(update.store),
            );
            Fact::new(line, [update.store])
        };
        let missing = || Fact::new(format!("and {thread} never made the other half"), []);
        let other = self.unseen.as_ref().map_or_else(missing, |unseen| one("it lacks", unseen));
        vec![one("that sum has", &self.seen), other]
    }
}

/// The cells that somebody writes.
fn written(trace: &Trace) -> Vec<CellId> {
    let mut cells: Vec<CellId> = trace
        .steps
        .iter()
        .filter_map(|step| match step.op {
            Op::Cell(cell, CellOp::Store(_)) => Some(cell),
            _ => None,
        })
        .collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// Each time that a thread read all of `cells` one after the other without computing a store from
/// any of those loads: who, which steps, and the sum.
fn audits(trace: &Trace, updates: &[Update], cells: &[CellId]) -> Vec<(ThreadId, Vec<usize>, i64)> {
    let mut found = Vec::new();
    let mut under_way = std::collections::HashMap::<ThreadId, Vec<(usize, CellId, i64)>>::new();
    for (at, step) in trace.steps.iter().enumerate() {
        let loads = under_way.entry(step.thread).or_default();
        match (step.op, step.outcome) {
            (Op::Cell(cell, CellOp::Load), Outcome::Value(value)) if cells.contains(&cell) => {
                if updates.iter().any(|update| update.load == at) {
                    loads.clear();
                    continue;
                }
                loads.retain(|&(_, earlier, _)| earlier != cell);
                loads.push((at, cell, value));
                if loads.len() == cells.len() {
                    let values: Vec<i64> = loads.iter().map(|&(_, _, value)| value).collect();
                    let steps = loads.drain(..).map(|(at, ..)| at).collect();
                    found.push((step.thread, steps, sum(&values)));
                }
            }
            (Op::Cell(_, CellOp::Store(_)), _) => loads.clear(),
            _ => {}
        }
    }
    found
}

/// The updates of each thread in pairs of equal and opposite amounts; the second is missing where
/// a thread never came to it.
fn transfers(updates: &[Update]) -> Vec<(Update, Option<Update>)> {
    let mut pairs: Vec<(Update, Option<Update>)> = Vec::new();
    for update in updates {
        let open = pairs.iter_mut().rev().find(|(first, _)| first.thread == update.thread);
        match open {
            Some((first, second @ None))
                if first.cell != update.cell && first.delta() == update.delta().wrapping_neg() =>
            {
                *second = Some(*update);
            }
            _ => pairs.push((*update, None)),
        }
    }
    pairs
}

fn half((first, second): (Update, Option<Update>), saw: impl Fn(&Update) -> bool) -> Option<Half> {
    if first.delta() == 0 {
        return None;
    }
    match (saw(&first), second.filter(|second| saw(second))) {
        (true, None) => Some(Half { seen: first, unseen: second }),
        (false, Some(seen)) => Some(Half { seen, unseen: Some(first) }),
        _ => None,
    }
}

fn last_sum(trace: &Trace, cells: &[CellId]) -> i64 {
    let world = crate::trace::replay::last_world(trace);
    cells.iter().fold(0, |sum, &cell| sum.wrapping_add(world.value(cell)))
}
