//! Writes down what an engine found out.

use super::results::{Check, Expected, Failed, Limit, Met, Reach, Size};
use crate::engine::{self, Engine, Report};
use crate::trace::view::{At, View};
use crate::trace::{Look, Picture, Place, Switches};
use std::fmt::Debug;

/// What is known of a check before it is done.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) scenario: String,
    pub(crate) at: Place,
    pub(crate) size: String,
    pub(crate) retries: Option<u32>,
    pub(crate) engine: Engine,
    pub(crate) expected: Expected,
    pub(crate) command: String,
}

impl Subject {
    /// The check, with the failures that were found.
    pub(crate) fn checked<R: Debug>(self, report: &Report<R>, failures: Vec<Failed>) -> Check {
        Check {
            extent: extent(&report.extent),
            bounds: report.bounds.iter().map(limit).collect(),
            coverage: coverage(report),
            may_starve: report.proof.as_ref().is_some_and(|proof| proof.starvation.is_some()),
            outcomes: report.outcomes.keys().map(|ending| format!("{ending:?}")).collect(),
            tries: report.tries.iter().map(written).collect(),
            failures,
            ..self.unanswered(None)
        }
    }

    /// The check, if the engine has no answer for this reason.
    pub(crate) fn unanswered(self, no_answer: Option<String>) -> Check {
        Check {
            scenario: self.scenario,
            at: self.at.into(),
            size: self.size,
            retries: self.retries,
            engine: self.engine,
            expected: self.expected,
            extent: Reach::CutShort("before it began".into()),
            bounds: Vec::new(),
            coverage: Met::default(),
            may_starve: false,
            outcomes: Default::default(),
            tries: Default::default(),
            failures: Vec::new(),
            no_answer,
            command: self.command,
        }
    }
}

impl Failed {
    /// What a picture shows, and the command that shows it.
    pub(crate) fn of(picture: &Picture<'_>, command: String) -> Self {
        let trace = View::of(picture);
        Self {
            failure: picture.failure,
            size: picture.size().into(),
            minimal: picture.minimal,
            at: blamed(picture, &trace),
            command,
            text: picture.text(Look::default()),
            page: picture.html(),
            trace,
        }
    }
}

/// The place that a failure comes down to: where a thread waits for ever, or the last of the steps
/// that matter.
fn blamed(picture: &Picture<'_>, view: &View) -> At {
    let blocked = view.pending.iter().find(|pending| pending.blocked && pending.shown);
    let key = || view.steps.iter().rfind(|step| step.key).or(view.steps.last());
    let at = blocked.map(|blocked| &blocked.at).or_else(|| key().map(|step| &step.at));
    at.cloned().unwrap_or_else(|| picture.trace.names.threads()[0].place.into())
}

fn extent(extent: &engine::Extent) -> Reach {
    match extent {
        engine::Extent::Exhausted => Reach::Exhausted,
        engine::Extent::Sampled { seed } => Reach::Sampled([*seed].into()),
        engine::Extent::CutShort { reason } => Reach::CutShort(reason.clone()),
    }
}

fn written(tries: &engine::Tries) -> String {
    let thread = |tries: &Vec<bool>| -> String {
        tries.iter().map(|&took| if took { '+' } else { '-' }).collect()
    };
    tries.iter().map(thread).collect::<Vec<_>>().join(" ").trim().to_owned()
}

fn limit(bound: &engine::Bound) -> Limit {
    Limit { limit: bound.limit.clone(), hits: bound.hits }
}

fn coverage<R>(report: &Report<R>) -> Met {
    let engine::Coverage { executions, steps, contended, timeouts, stale, preemptions, .. } =
        report.coverage;
    let states = report.proof.as_ref().map(|proof| proof.states as u64);
    let reduced = report.proof.as_ref().is_some_and(|proof| proof.reduced);
    Met { executions, states, reduced, steps, contended, timeouts, stale, preemptions }
}

impl From<Switches> for Size {
    fn from(size: Switches) -> Self {
        let Switches { stale, context, preemptions, steps } = size;
        Self { stale, context_switches: context, preemptions, steps }
    }
}
