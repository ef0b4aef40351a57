#![doc = include_str!("own.md")]

use super::bounds::Bounds;
use super::models::Asking;
use super::{
    Build, Check, Failed, Model, Reach, Report, ReportError, Results, Shard, Unwritten, asked_for,
    save, words,
};
use crate::Exit;
use crate::engine::{Effort, Engine, EngineError, Failure};
use crate::suite::Unmet;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Parser, Subcommand, value_parser};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Checks models, and puts the results of all builds together
#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check the models, and say whether the verdicts are the expected ones
    Check(Ask),
    /// Show how a model fails
    Explain(Explain),
    /// Put the results of `check --json` together, and say whether all is as expected
    Report(Report),
}

#[derive(Debug, clap::Args)]
struct Ask {
    /// Only these models
    #[arg(value_name = "MODEL")]
    models: Vec<String>,
    /// The engine, or all that this build has
    #[arg(long, value_parser = engine_parser(), default_value = "all")]
    engine: Engines,
    /// The most runs, in engines that count them
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = value_parser!(u64).range(1..))]
    executions: Option<u64>,
    #[command(flatten)]
    bounds: Bounds,
    /// Where random numbers start, in engines that draw some
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
    /// Do only part K of N of the work
    #[arg(long, value_name = "K/N", default_value_t = Shard::WHOLE, hide_default_value = true)]
    shard: Shard,
    /// Write the results as JSON to a file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Explain {
    #[command(flatten)]
    ask: Ask,
    /// Only this way of failing
    #[arg(long, value_name = "KIND", value_parser = failure_parser())]
    failure: Option<Failure>,
}

/// One engine, or all.
#[derive(Clone, Copy, Debug)]
enum Engines {
    All,
    One(Engine),
}

/// What keeps a command from its end.
#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("no model is called {name:?}; there are {known}")]
    Unknown { name: String, known: String },
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("failed to write to standard output: {0}")]
    Output(#[from] io::Error),
    #[error(transparent)]
    File(#[from] Unwritten),
}

/// Does what the command line asks for: `check`, `explain` or `report`. `program` is the command that
/// runs this program in the default build, `cargo run --release --example gate` for one.
///
/// ```standalone_crate
/// use std::process::{Command, ExitCode};
/// use tellers::gate::{Model, run};
///
/// fn main() -> ExitCode {
///     if std::env::args().len() > 1 {
///         return run("cargo run --release --example gate", &[Model::new("idle", || ())]);
///     }
///     let gate = std::env::current_exe().unwrap();
///     let check = Command::new(gate).args(["check", "idle"]).output().unwrap();
///     assert!(check.status.success() && check.stdout.starts_with(b"idle with "), "{check:?}");
///     ExitCode::SUCCESS
/// }
/// ```
pub fn run(program: &str, models: &[Model]) -> ExitCode {
    let args = Args::parse();
    let mut out = anstream::stdout().lock();
    let done = match args.command {
        Command::Check(ask) => check(program, models, &ask, &mut out),
        Command::Explain(explain) => explain.run(program, models, &mut out),
        Command::Report(report) => report.run(program, &mut out).map_err(Error::from),
    };
    let done = done.and_then(|exit| Ok(out.flush().map(|()| exit)?));
    done.unwrap_or_else(|error| error.told()).into()
}

fn check(program: &str, models: &[Model], ask: &Ask, out: &mut impl Write) -> Result<Exit, Error> {
    let results = ask.results(program, models)?;
    if let Some(path) = &ask.json {
        let text = results.to_json().map_err(io::Error::from)?;
        save(path, &text).map_err(|error| Unwritten { path: path.clone(), error })?;
    }
    for check in &results.checks {
        tell(check, out)?;
    }
    Ok(exit(&results.checks))
}

fn tell(check: &Check, out: &mut impl Write) -> io::Result<()> {
    let words = words::words(check).join(", ");
    writeln!(out, "{} with {}: {words}", check.scenario, check.engine)?;
    let unmet = check.unmet();
    for unmet in &unmet {
        writeln!(out, "  {unmet}")?;
    }
    if let Reach::CutShort(reason) = &check.extent
        && unmet.iter().any(Unmet::is_hollow)
        && !unmet.iter().any(Unmet::is_unproved)
    {
        writeln!(out, "  cut short {reason}")?;
    }
    Ok(())
}

/// Whether an engine came to no answer, or was cut short before it could.
fn is_open(check: &Check) -> bool {
    let unmet = check.unmet();
    let is_cut = matches!(check.extent, Reach::CutShort(_));
    check.no_answer.is_some() || is_cut && !unmet.is_empty() && unmet.iter().all(Unmet::is_hollow)
}

fn exit(checks: &[Check]) -> Exit {
    if checks.iter().any(is_open) {
        Exit::NoAnswer
    } else if checks.iter().all(Check::is_as_expected) {
        Exit::AsExpected
    } else {
        Exit::NotAsExpected
    }
}

impl Ask {
    fn results(&self, program: &str, models: &[Model]) -> Result<Results, Error> {
        let models = self.chosen(models)?;
        let engines = match &self.engine {
            Engines::All => Engine::of_this_build(),
            Engines::One(engine) => std::slice::from_ref(engine),
        };
        let pairs = || {
            let numbered = models.iter().enumerate();
            numbered.flat_map(|(at, model)| engines.iter().map(move |&engine| (at, *model, engine)))
        };
        let checks = pairs().filter_map(|(at, model, engine)| {
            let whole = self.effort(engine);
            let share = self.shard.share(at, engine, whole)?;
            Some(model.check(&Asking { engine, whole, share, program }))
        });
        Ok(Results {
            version: Results::VERSION,
            build: Build::this(),
            shard: self.shard,
            asked: asked_for(std::env::args_os()),
            planned: pairs().map(|(_, model, engine)| model.planned(engine)).collect(),
            checks: checks.collect::<Result<_, _>>()?,
        })
    }

    fn chosen<'a>(&self, models: &'a [Model]) -> Result<Vec<&'a Model>, Error> {
        if self.models.is_empty() {
            return Ok(models.iter().collect());
        }
        let find = |name: &String| {
            let found = models.iter().find(|model| model.name() == name);
            found.ok_or_else(|| {
                let known = models.iter().map(Model::name).collect::<Vec<_>>().join(", ");
                Error::Unknown { name: name.clone(), known }
            })
        };
        self.models.iter().map(find).collect()
    }

    fn effort(&self, engine: Engine) -> Effort {
        let usual = Effort::of(engine);
        let executions = self.executions.unwrap_or(usual.executions);
        let seed = self.seed.unwrap_or(usual.seed);
        Effort { executions, seed, ..self.bounds.of(usual) }
    }
}

impl Explain {
    fn run(&self, program: &str, models: &[Model], out: &mut impl Write) -> Result<Exit, Error> {
        let results = self.ask.results(program, models)?;
        let mut ways = BTreeMap::<(usize, Failure), Vec<(&Failed, Engine)>>::new();
        for check in &results.checks {
            let is_asked =
                |failed: &&Failed| self.failure.is_none_or(|asked| asked == failed.failure);
            let mut asked = check.failures.iter().filter(is_asked).peekable();
            if asked.peek().is_none() {
                tell(check, out)?;
            }
            let scenario = |model: &Model| model.name() == check.scenario;
            let at = models.iter().position(scenario).unwrap_or(models.len());
            for failed in asked {
                ways.entry((at, failed.failure)).or_default().push((failed, check.engine));
            }
        }
        for found in ways.values() {
            show(found, out)?;
        }
        Ok(exit(&results.checks))
    }
}

/// The simplest interleaving of those that engines found, and which engines did.
fn show(found: &[(&Failed, Engine)], out: &mut impl Write) -> io::Result<()> {
    let Some((simplest, _)) = found.iter().min_by_key(|(failed, _)| failed.size) else {
        return Ok(());
    };
    writeln!(out, "{}", simplest.text)?;
    let engines: Vec<&str> = found.iter().map(|(_, engine)| engine.name()).collect();
    if engines.len() > 1 {
        writeln!(out, "this way of failing was found with {}\n", engines.join(", "))?;
    }
    Ok(())
}

impl Error {
    fn told(&self) -> Exit {
        let closed =
            matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe);
        if !closed {
            anstream::eprintln!("error: {self}");
        }
        match self {
            Self::Output(_) | Self::File(_) => Exit::Unwritten,
            Self::Engine(EngineError::Failed(_)) => Exit::NoAnswer,
            Self::Unknown { .. } | Self::Engine(_) => Exit::Misuse,
        }
    }
}

impl From<ReportError> for Error {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Output(error) => error.into(),
            ReportError::File(error) => error.into(),
        }
    }
}

fn engine_parser() -> impl TypedValueParser<Value = Engines> {
    let names = Engine::ALL.iter().map(|engine| engine.name());
    PossibleValuesParser::new(names.chain(["all"])).try_map(|name| {
        if name == "all" { Ok(Engines::All) } else { name.parse().map(Engines::One) }
    })
}

fn failure_parser() -> impl TypedValueParser<Value = Failure> {
    let names = Failure::ALL.iter().map(|failure| failure.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse())
}

#[cfg(test)]
mod tests;
