//! Results of real runs, and what `tellers report` says of them once they have been changed.

use assert_cmd::Command;
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;
use tellers::engine::Engine;
use tellers::gate::{Asked, Build, Check, Planned, Results, Shard};
use tellers::suite::{budget, check, find};

/// Files of results, and the folder that they are in.
pub(crate) struct Gate {
    folder: tempfile::TempDir,
    pub(crate) default: Results,
    pub(crate) loom: Results,
    pub(crate) os: Results,
}

/// What a report printed, and what it exited with.
#[derive(Debug)]
pub(crate) struct Reported {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Gate {
    /// What a program that is as expected gives in all builds: `race`, `ordered` and `timeout`.
    pub(crate) fn green() -> Self {
        static DEFAULT: OnceLock<Results> = OnceLock::new();
        let default = DEFAULT.get_or_init(default_build).clone();
        let loom = lent(&default, Build::Loom, Engine::Dfs, Engine::Loom);
        let os = lent(&default, Build::Os, Engine::Random, Engine::Threads);
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, default, loom, os }
    }

    /// One check of the default build.
    pub(crate) fn check(&mut self, scenario: &str, engine: Engine) -> &mut Check {
        let of = [&mut self.default, &mut self.loom, &mut self.os];
        let mut checks = of.into_iter().flat_map(|results| &mut results.checks);
        let found = checks.find(|check| check.scenario == scenario && check.engine == engine);
        found.expect("it was checked")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("it is written");
    }

    /// Writes the file of each build.
    pub(crate) fn write_all(&self) {
        for results in [&self.default, &self.loom, &self.os] {
            let text = results.to_json().expect("it can be written");
            self.write(&format!("{}.json", results.build), &text);
        }
    }

    /// The report of the three files, as they are in the folder.
    pub(crate) fn command(&self) -> Command {
        self.report_of(&["default.json", "loom.json", "os.json"])
    }

    pub(crate) fn report_of(&self, files: &[&str]) -> Command {
        let mut command = Command::cargo_bin("tellers").expect("the program is built");
        command.current_dir(self.folder.path()).arg("report").args(files).args(["--out", "out"]);
        command.env_remove("GITHUB_ACTIONS").env_remove("GITHUB_STEP_SUMMARY");
        command
    }

    /// Writes the files as they are now, and what the report says of them.
    pub(crate) fn report(&self) -> Reported {
        self.write_all();
        reported(self.command().arg("--brief"))
    }
}

pub(crate) fn reported(command: &mut Command) -> Reported {
    let output = command.output().expect("the program runs");
    let text = |bytes| String::from_utf8(bytes).expect("the output is text");
    let code = output.status.code().expect("the program exits");
    Reported { out: text(output.stdout), err: text(output.stderr), code }
}

impl Reported {
    /// That the gate is red with this code, and says so on this line.
    #[track_caller]
    pub(crate) fn is_red(&self, code: i32, line: &str) {
        assert!(self.out.lines().any(|said| said == line), "no line {line}\nin {}", self.out);
        let closing = self.out.lines().last().unwrap_or_default();
        assert!(closing.starts_with("RED: "), "{closing}");
        assert_eq!(self.code, code, "{}", self.out);
    }
}

fn default_build() -> Results {
    let names = ["race", "ordered", "timeout"];
    let pairs = names.iter().flat_map(|name| {
        Engine::of_this_build().iter().map(|&engine| (find(name).expect("it is there"), engine))
    });
    let asked: Vec<Asked<'_>> = pairs
        .map(|(scenario, engine)| {
            let (setup, effort) = budget(scenario, engine);
            Asked { scenario, engine, setup, effort }
        })
        .collect();
    let look = |asked: &Asked<'_>| {
        let checked = check(asked.scenario, asked.engine, asked.setup, asked.effort);
        asked.checked(&checked.expect("the engine answers"))
    };
    Results {
        version: Results::VERSION,
        build: Build::Default,
        shard: Shard::WHOLE,
        asked: "race ordered timeout --engine all".into(),
        planned: asked.iter().map(Asked::planned).collect(),
        checks: asked.iter().map(look).collect(),
    }
}

/// What one engine found, as if another had.
fn lent(results: &Results, build: Build, from: Engine, to: Engine) -> Results {
    let planned = results.planned.iter().filter(|plan| plan.engine == from);
    let checks = results.checks.iter().filter(|check| check.engine == from);
    Results {
        build,
        planned: planned.map(|plan| Planned { engine: to, ..plan.clone() }).collect(),
        checks: checks.map(|check| lent_check(check, to)).collect(),
        ..results.clone()
    }
}

fn lent_check(check: &Check, to: Engine) -> Check {
    let command = check.command.replace(check.engine.name(), to.name());
    Check { engine: to, command, ..check.clone() }
}
