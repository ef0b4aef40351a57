//! Reads files of results.

use super::{Build, Fault, Results, Rule, Unreadable};
use std::io;
use std::path::{Path, PathBuf};

/// A file of results that was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What it holds.
    pub results: Results,
}

/// Reads each file; those that cannot be read are faults.
pub(super) fn read_all(program: &str, paths: &[PathBuf]) -> (Vec<Source>, Vec<Fault>) {
    let (mut sources, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        match read(program, path) {
            Ok(results) => sources.push(Source { path: path.clone(), results }),
            Err(fault) => faults.push(*fault),
        }
    }
    (sources, faults)
}

fn read(program: &str, path: &Path) -> Result<Results, Box<Fault>> {
    let fault = |rule, why: String| {
        Box::new(Fault {
            rule,
            what: path.display().to_string(),
            why,
            command: guess(path).unwrap_or(Build::Default).check(
                program,
                "",
                &path.display().to_string(),
            ),
            cell: None,
            at: None,
        })
    };
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => fault(Rule::Complete, "not there".into()),
        io::ErrorKind::InvalidData => fault(Rule::Readable, "no text".into()),
        kind => fault(Rule::Readable, format!("cannot be read: {kind}")),
    })?;
    Results::parse(&text).map_err(|error| match error {
        Unreadable::Broken(_) => fault(Rule::Readable, error.to_string()),
        Unreadable::Version { .. } => fault(Rule::Version, error.to_string()),
    })
}

/// The build that a file is of, by its name.
pub(super) fn guess(path: &Path) -> Option<Build> {
    let name = path.file_name()?.to_str()?;
    Build::ALL.into_iter().find(|build| name.starts_with(build.name()))
}
