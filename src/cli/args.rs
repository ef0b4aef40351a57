//! What can be asked for.

use super::format::Format;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use tellers::bank::Retries;
use tellers::engine::{Effort, Engine, Failure};
use tellers::gate::{Asked, Bounds, Report, Shard, from_1};
use tellers::suite::{Scenario, SetupError, budget, find, scenarios};

/// A small bank, and the proof of what its threads can and cannot do to the money
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
#[command(after_help = "Exit codes:
  0  everything is as expected
  1  something is not as expected
  2  the command, or the environment that it was given in, makes no sense
  3  the answer could not be written, or nobody read it to its end
  4  an engine could not come to an answer, or was cut short before it could prove one
  5  ctrl-C stopped the search; what it had covered is shown

Of `report`, where several of these and 1, 2 and 4 hold, the first in this order:
  2  a check is in more than one file
  8  a build failed
 10  a file of results is cut off, or is none
 11  a file of results is of another version
 12  a shard is missing
  9  a result that must be there is not
  4  an engine could not come to an answer
  1  a verdict is not the expected one
  6  engines that must agree do not
  7  a proof saw less than it had to")]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) check: Check,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Check scenarios, and say whether the verdicts are the expected ones (the default)
    Check(Check),
    /// Show how a scenario fails: the interleaving as a table, and why
    Explain(Explain),
    /// Run the real code along a token that `explain` gave, and show the same interleaving
    Replay(Replay),
    /// Put the results of `check --json` together, and say whether all is as expected
    Report(Report),
    /// List the scenarios, and what is expected of each
    List,
    /// Run a program of the lesson on real threads
    Demo(Demo),
}

#[derive(Debug, clap::Args)]
pub(super) struct Demo {
    /// The scenario
    #[arg(value_parser = scenario_parser())]
    pub(super) scenario: &'static Scenario,
    /// How many transfers each thread makes, instead of as many as in the lesson
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = from_1::<u32>)]
    pub(super) transfers: Option<u32>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// Only these scenarios
    #[arg(value_name = "SCENARIO", value_parser = scenario_parser())]
    scenarios: Vec<&'static Scenario>,
    /// The engine, or all that this build has
    #[arg(long, value_parser = engine_parser(true))]
    engine: Option<Engines>,
    #[command(flatten)]
    size: Size,
    /// Write the verdicts as JSON to a file, or to standard output instead of the table (-)
    #[arg(long, value_name = "FILE")]
    pub(super) json: Option<PathBuf>,
    /// Do only part K of N of the work
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE, hide_default_value = true)]
    pub(super) shard: Shard,
    /// Leave out how long it took, as is done when the output is no terminal
    #[arg(long)]
    pub(super) no_time: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// The scenario
    #[arg(value_parser = scenario_parser())]
    pub(super) scenario: &'static Scenario,
    /// The engine that looks for the failure
    #[arg(long, value_parser = engine_parser(false))]
    engine: Option<Engines>,
    #[command(flatten)]
    pub(super) size: Size,
    /// Only this way of failing
    #[arg(long, value_name = "KIND", value_parser = failure_parser())]
    pub(super) failure: Option<Failure>,
    /// Show the first failing run as it was found, and not the simplest that can be made of it
    #[arg(long)]
    pub(super) raw: bool,
    #[command(flatten)]
    pub(super) show: Show,
}

#[derive(Debug, clap::Args)]
pub(super) struct Replay {
    /// The token
    pub(super) token: String,
    #[command(flatten)]
    pub(super) show: Show,
}

/// How an interleaving is shown.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// What it is shown as; json, html and mermaid show one failure, so where there are several,
    /// choose by --failure
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Show every step of a long interleaving
    #[arg(long)]
    pub(super) full: bool,
    /// Show the lines of source that the failure comes down to
    #[arg(long)]
    pub(super) source: bool,
}

/// How large, and how long.
#[derive(Debug, clap::Args)]
pub(super) struct Size {
    /// How many threads move money
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = from_1::<u32>)]
    threads: Option<u32>,
    /// How many transfers each of them makes
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = from_1::<u32>)]
    transfers: Option<u32>,
    /// How often a loop may go round before a run is left out of the check
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    retries: Option<u32>,
    /// The most runs, in engines that count them
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = from_1::<u64>)]
    executions: Option<u64>,
    #[command(flatten)]
    bounds: Bounds,
    /// Where random numbers start, in engines that draw some
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
}

/// One engine, or all.
#[derive(Clone, Copy, Debug)]
enum Engines {
    All,
    One(Engine),
}

impl Check {
    /// Every pair of a scenario and an engine that is asked for, at its size.
    pub(super) fn whole(&self) -> Result<Vec<Asked<'static>>, SetupError> {
        let engines = match self.engine {
            None => &Engine::of_this_build()[..1],
            Some(Engines::All) => Engine::of_this_build(),
            Some(Engines::One(ref engine)) => std::slice::from_ref(engine),
        };
        let pairs =
            self.chosen().into_iter().flat_map(|s| engines.iter().map(move |&engine| (s, engine)));
        pairs.map(|(scenario, engine)| self.size.ask(scenario, engine)).collect()
    }

    /// Each scenario that is asked for, once; all, if none is.
    fn chosen(&self) -> Vec<&'static Scenario> {
        if self.scenarios.is_empty() {
            return scenarios().iter().collect();
        }
        let mut chosen: Vec<&Scenario> = Vec::new();
        for &scenario in &self.scenarios {
            if !chosen.iter().any(|known| known.name == scenario.name) {
                chosen.push(scenario);
            }
        }
        chosen
    }

    /// The part of it that this shard does.
    pub(super) fn tasks(&self) -> Result<Vec<Task>, SetupError> {
        let whole = self.whole()?;
        let mut scenarios: Vec<&str> = whole.iter().map(|asked| asked.scenario.name).collect();
        scenarios.dedup();
        let task = |asked: Asked<'static>| {
            let position = scenarios.iter().position(|&name| name == asked.scenario.name)?;
            let share = self.shard.share(position, asked.engine, asked.effort)?;
            Some(Task { asked, share })
        };
        Ok(whole.into_iter().filter_map(task).collect())
    }
}

impl Explain {
    pub(super) fn ask(&self) -> Result<Asked<'static>, SetupError> {
        let engine = match self.engine {
            Some(Engines::One(engine)) => engine,
            _ => Engine::of_this_build()[0],
        };
        self.size.ask(self.scenario, engine)
    }
}

/// A check to be done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub(super) asked: Asked<'static>,
    /// The effort of this shard.
    pub(super) share: Effort,
}

impl Size {
    fn ask(
        &self,
        scenario: &'static Scenario,
        engine: Engine,
    ) -> Result<Asked<'static>, SetupError> {
        let (mut setup, mut effort) = budget(scenario, engine);
        setup.threads = self.threads.map_or(setup.threads, |n| n as usize);
        setup.transfers = self.transfers.map_or(setup.transfers, |n| n as usize);
        if scenario.loops {
            setup.retries = self.retries.map_or(setup.retries, Retries::at_most);
        }
        effort.executions = self.executions.unwrap_or(effort.executions);
        effort = self.bounds.of(effort);
        effort.seed = self.seed.unwrap_or(effort.seed);
        scenario.allows(&setup)?;
        Ok(Asked { scenario, engine, setup, effort })
    }
}

fn scenario_parser() -> impl TypedValueParser<Value = &'static Scenario> {
    PossibleValuesParser::new(scenarios().iter().map(|s| s.name)).try_map(|name| find(&name))
}

fn failure_parser() -> impl TypedValueParser<Value = Failure> {
    let names = Failure::ALL.iter().map(|failure| failure.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

fn engine_parser(all: bool) -> impl TypedValueParser<Value = Engines> {
    let names = Engine::ALL.iter().map(|engine| engine.name());
    PossibleValuesParser::new(names.chain(all.then_some("all"))).try_map(|name| {
        if name == "all" { Ok(Engines::All) } else { name.parse().map(Engines::One) }
    })
}
