//! `report`, as a command of any program that has a gate.

use super::{Build, Judgement, Unwritten};
use crate::Exit;
use std::env::var_os;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What `report` can be told.
#[derive(Clone, Debug, clap::Args)]
pub struct Report {
    /// The files of all builds and shards
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The builds that there must be results of
    #[arg(long, value_name = "BUILDS", value_enum, value_delimiter = ',')]
    #[arg(default_values_t = Build::ALL)]
    builds: Vec<Build>,
    /// A build that failed, so that it has no results
    #[arg(long, value_name = "BUILD", value_enum)]
    unbuilt: Vec<Build>,
    /// Where report.html, summary.md, junit.xml, verdicts.json and report.sarif are written
    #[arg(long, value_name = "FOLDER", default_value = "target/gate")]
    out: PathBuf,
    /// Leave out how the scenarios fail
    #[arg(long)]
    brief: bool,
}

/// What keeps a report from its end.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The text is not taken.
    #[error(transparent)]
    Output(#[from] io::Error),
    /// A file cannot be written.
    #[error(transparent)]
    File(#[from] Unwritten),
}

impl Report {
    /// Judges the files, writes what the gate writes, and prints the verdict; `program` is the
    /// command that runs this program in the default build.
    ///
    /// Where GitHub's variables say so, the summary goes to the job's, too, and the faults are
    /// annotations.
    ///
    /// # Errors
    /// If something cannot be written. A full disk does not keep the text back, nor a closed pipe
    /// the files.
    pub fn run(&self, program: &str, out: &mut impl Write) -> Result<Exit, ReportError> {
        let verdict = Judgement::of(program, &self.files, &self.builds, &self.unbuilt);
        let width = console::Term::stdout().size_checked().map(|(_, columns)| columns);
        let written = self.write_files(&verdict);
        write!(out, "{}", verdict.text(width, self.brief))?;
        if var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
            write!(out, "{}", verdict.annotations())?;
        }
        out.flush()?;
        written?;
        Ok(verdict.exit())
    }

    fn write_files(&self, verdict: &Judgement) -> Result<(), Unwritten> {
        verdict.write_to(&self.out)?;
        match var_os("GITHUB_STEP_SUMMARY") {
            Some(path) => verdict.append_summary(Path::new(&path)),
            None => Ok(()),
        }
    }
}
