//! Checks a scenario of the suite for the gate.

use super::bounds::Bounds;
use super::record::Subject;
use super::results::{Check, Expected, Failed, Planned, Shown};
use crate::engine::{Effort, Engine, EngineError, Extent, Failure, Watch};
use crate::suite::{Checked, Demand, Scenario, Setup, budget, demand, picture};

/// A check as it was asked for, before it is shared out to shards.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The engine.
    pub engine: Engine,
    /// The size.
    pub setup: Setup,
    /// The effort of all shards together.
    pub effort: Effort,
}

impl Asked<'_> {
    /// What to write down of a check.
    pub fn checked(&self, checked: &Checked<'_>) -> Check {
        self.checked_watched(checked, &Watch::default())
    }

    /// The same; a failure is made no simpler once `watch` says so.
    pub fn checked_watched(&self, checked: &Checked<'_>, watch: &Watch) -> Check {
        let Self { scenario, engine, setup, effort } = *self;
        let report = &checked.report;
        let shows = scenario.expectation.shows.iter().map(|show| Shown {
            about: show.about.to_owned(),
            always: show.always,
            shown: (show.holds)(report, &setup),
        });
        let demand = demand(scenario, engine, setup, effort, &report.extent);
        let failures = report.failures.iter().map(|(&failure, found)| {
            let watch = watch.clone().within(effort.time);
            let program = scenario.program(setup).watched_by(watch);
            let found = Engine::followed(&program, &Engine::minimised(&program, failure, found));
            Failed::of(&picture(scenario, setup, failure, &found), self.explain(failure))
        });
        self.subject(shows.collect(), demand).checked(report, failures.collect())
    }

    /// What to write down if the engine has no answer.
    pub fn unanswered(&self, error: &EngineError) -> Check {
        let Self { scenario, engine, setup, effort } = *self;
        let demand = demand(scenario, engine, setup, effort, &Extent::Exhausted);
        self.subject(Vec::new(), demand).unanswered(Some(error.to_string()))
    }

    /// What is to be checked.
    pub fn planned(&self) -> Planned {
        let (scenario, size) = (self.scenario.name.to_owned(), self.size());
        Planned { scenario, size, engine: self.engine }
    }

    fn size(&self) -> String {
        format!("{}x{}", self.setup.threads, self.setup.transfers)
    }

    fn subject(&self, shows: Vec<Shown>, demand: Demand) -> Subject {
        let Self { scenario, engine, setup, .. } = *self;
        Subject {
            scenario: scenario.name.to_owned(),
            at: scenario.at,
            size: self.size(),
            retries: setup.retries.bound(),
            engine,
            expected: Expected {
                failures: scenario.expectation.failures.iter().copied().collect(),
                shows,
                thorough: demand.thorough,
                exhaustive: demand.exhaustive,
            },
            command: self.command("check", ""),
        }
    }

    fn explain(&self, failure: Failure) -> String {
        self.command("explain", &format!(" --failure {}", failure.name()))
    }

    /// The command that does this to the scenario with the same engine, size and effort.
    fn command(&self, what: &str, more: &str) -> String {
        let Self { scenario, engine, setup, effort } = *self;
        let (usual, spent) = budget(scenario, engine);
        let option = |name: &str, value: Option<u64>| {
            value.map(|value| format!(" --{name} {value}")).unwrap_or_default()
        };
        let unless = |same: bool, value: u64| (!same).then_some(value);
        let threads = unless(setup.threads == usual.threads, setup.threads as u64);
        let transfers = unless(setup.transfers == usual.transfers, setup.transfers as u64);
        let retries = setup.retries.bound().filter(|_| setup.retries != usual.retries);
        let executions = unless(effort.executions == spent.executions, effort.executions);
        let options = [
            option("threads", threads),
            option("transfers", transfers),
            option("retries", retries.map(u64::from)),
            option("executions", executions),
            Bounds::options(spent, effort),
            option("seed", unless(effort.seed == spent.seed, effort.seed)),
        ];
        let (build, name, options) = (engine.build(), scenario.name, options.concat());
        format!("{build} -q -- {what} {name} --engine {engine}{more}{options}")
    }
}
