//! Programs of other crates, for a gate of their own.

use super::bounds::Bounds;
use super::record::Subject;
use super::results::{Check, Expected, Failed, Planned, Shown};
use crate::engine::{Coverage, Effort, Engine, EngineError, Extent, Failure, Program, Report};
use crate::trace::{Picture, Place};
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::Arc;

/// A closure over [`sync`](crate::sync), and what must be found out about it.
///
/// ```
/// use tellers::engine::Failure;
/// use tellers::gate::Model;
/// use tellers::sync::Lock;
///
/// let twice = Model::new("twice", || {
///     let lock = Lock::named("lock");
///     lock.acquire();
///     lock.acquire();
/// });
/// assert_eq!(twice.fails(Failure::Deadlock).name(), "twice");
/// ```
#[derive(Clone)]
pub struct Model {
    name: String,
    at: Place,
    failures: BTreeSet<Failure>,
    shows: Vec<Show>,
    look: Arc<Look>,
}

type Look = dyn Fn(&Model, &Asking<'_>) -> Result<Check, EngineError>;

/// What must be seen, and whether it was.
type Show = (&'static str, fn(&Coverage) -> bool);

/// A check of a model, before it is done.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asking<'a> {
    pub(super) engine: Engine,
    /// The effort of all shards together.
    pub(super) whole: Effort,
    /// The effort of this shard.
    pub(super) share: Effort,
    /// How the program is run that does it.
    pub(super) program: &'a str,
}

impl Model {
    /// A model that fails in no way: no interleaving of it deadlocks, livelocks or panics.
    #[track_caller]
    pub fn new<R>(
        name: impl Into<String>,
        body: impl Fn() -> R + Clone + Send + Sync + 'static,
    ) -> Self
    where
        R: Clone + Ord + Hash + Debug + Send + 'static,
    {
        let look = move |model: &Self, asking: &Asking<'_>| {
            let program = Program::new(body.clone()).at(model.at);
            let report = asking.engine.run(&program, asking.share)?;
            Ok(model.checked(asking, &program, &report))
        };
        let (name, at) = (name.into(), Place::caller());
        Self { name, at, failures: BTreeSet::new(), shows: Vec::new(), look: Arc::new(look) }
    }

    /// The same model, which is meant to fail in this way, too.
    #[must_use]
    pub fn fails(mut self, failure: Failure) -> Self {
        self.failures.insert(failure);
        self
    }

    /// The same model; a search that met no held lock has not looked at it.
    #[must_use]
    pub fn contended(mut self) -> Self {
        self.shows.push(("contention", |coverage| coverage.contended > 0));
        self
    }

    /// The same model; a search in which no timed acquire timed out has not looked at it.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.shows.push(("timeouts fired", |coverage| coverage.timeouts > 0));
        self
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn planned(&self, engine: Engine) -> Planned {
        Planned { scenario: self.name.clone(), size: String::new(), engine }
    }

    /// Checks the model. An engine that fails has no answer, and that is written down.
    pub(super) fn check(&self, asking: &Asking<'_>) -> Result<Check, EngineError> {
        match (self.look)(self, asking) {
            Err(EngineError::Failed(why)) => {
                Ok(self.subject(asking, Vec::new(), false).unanswered(Some(why)))
            }
            answer => answer,
        }
    }

    fn checked<R>(&self, asking: &Asking<'_>, program: &Program<R>, report: &Report<R>) -> Check
    where
        R: Clone + Ord + Hash + Debug + 'static,
    {
        let shows = self.shows.iter().map(|(about, holds)| Shown {
            about: (*about).to_owned(),
            always: false,
            shown: holds(&report.coverage),
        });
        let failures = report.failures.iter().map(|(&failure, found)| {
            let timed = program.clone().within(asking.share.time);
            let found = Engine::followed(&timed, &Engine::minimised(&timed, failure, found));
            let mut picture = Picture::of(&self.name, failure, &found);
            picture.unreached = Engine::unreached(program, &found.trace);
            let option = format!(" --failure {}", failure.name());
            Failed::of(&picture, self.command("explain", asking, &option))
        });
        let thorough = report.extent == Extent::Exhausted;
        self.subject(asking, shows.collect(), thorough).checked(report, failures.collect())
    }

    fn subject(&self, asking: &Asking<'_>, shows: Vec<Shown>, thorough: bool) -> Subject {
        Subject {
            scenario: self.name.clone(),
            at: self.at,
            size: String::new(),
            retries: None,
            engine: asking.engine,
            expected: Expected {
                failures: self.failures.clone(),
                shows,
                thorough,
                exhaustive: asking.engine == Engine::Product,
            },
            command: self.command("check", asking, ""),
        }
    }

    fn command(&self, what: &str, asking: &Asking<'_>, more: &str) -> String {
        let usual = Effort::of(asking.engine);
        let option = |name: &str, usual: u64, asked: u64| match usual == asked {
            true => String::new(),
            false => format!(" --{name} {asked}"),
        };
        let executions = option("executions", usual.executions, asking.whole.executions);
        let seed = option("seed", usual.seed, asking.whole.seed);
        let bounds = Bounds::options(usual, asking.whole);
        let program = super::Build::of(asking.engine).program(asking.program);
        let (name, engine) = (&self.name, asking.engine);
        format!("{program} -q -- {what} {name} --engine {engine}{more}{executions}{bounds}{seed}")
    }
}

impl Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model").field("name", &self.name).finish_non_exhaustive()
    }
}
