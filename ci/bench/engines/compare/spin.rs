//! Spin on a model of the same program, if it is installed.

use super::row::Row;
use super::time::{children, median};
use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

/// A program written once more, in Promela.
#[derive(Clone, Copy, Debug)]
pub(super) struct Model {
    pub(super) source: &'static str,
    /// What the rows are called, with its partial-order reduction and without.
    pub(super) engines: [&'static str; 2],
}

/// What each of the two is told when it is compiled.
const KINDS: [&[&str]; 2] = [&["-DSAFETY"], &["-DSAFETY", "-DNOREDUCE"]];

/// Room for the longest way of these models, and 2^20 slots: more of either only takes longer.
const PAN: [&str; 2] = ["-m100000", "-w20"];

/// With its partial-order reduction and without; one line that says why, if it cannot run.
pub(super) fn rows(name: &str, model: &Model, sizes: &[(&str, usize)]) -> Vec<Row> {
    let rows = model.engines.into_iter().zip(KINDS).map(|(engine, options)| {
        let (time, states) = run(model, sizes, options)?;
        Ok(Row { states: Some(states), time: Some(time), ..Row::new(name, engine) })
    });
    rows.collect::<io::Result<_>>().unwrap_or_else(|error| {
        let note = format!("{error}");
        vec![Row { note, ..Row::new(name, "spin") }]
    })
}

fn run(
    model: &Model,
    sizes: &[(&str, usize)],
    options: &[&str],
) -> io::Result<(std::time::Duration, u64)> {
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    std::fs::write(folder.join("model.pml"), model.source)?;
    let sizes = sizes.iter().map(|(name, size)| format!("-D{name}={size}"));
    let translate: Vec<String> =
        ["-a".to_owned()].into_iter().chain(sizes).chain(["model.pml".to_owned()]).collect();
    call(folder, "spin", &translate, "install the package spin")?;
    let compile = [&["-O2", "-o", "pan", "pan.c"], options].concat();
    call(folder, "cc", &compile, "install the package gcc")?;
    let pan = folder.join("pan");
    let (time, output) = median(|| children(|| call(folder, &pan, &PAN, "")));
    Ok((time, states(&String::from_utf8_lossy(&output?.stdout))?))
}

fn call(
    folder: &Path,
    program: impl AsRef<OsStr>,
    arguments: &[impl AsRef<OsStr>],
    otherwise: &str,
) -> io::Result<Output> {
    let missing = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => io::Error::other(otherwise),
        _ => error,
    };
    let output =
        Command::new(program).args(arguments).current_dir(folder).output().map_err(missing)?;
    let told = String::from_utf8_lossy(&output.stderr);
    if output.status.success() { Ok(output) } else { Err(io::Error::other(told.into_owned())) }
}

/// How many states pan stored; an error unless it finished and found nothing wrong.
fn states(told: &str) -> io::Result<u64> {
    let count = told.lines().find(|line| line.contains("states, stored"));
    let count = count.and_then(|line| line.split_whitespace().next()?.parse().ok());
    let complete = told.contains("errors: 0") && !told.contains("Search not completed");
    count.filter(|_| complete).ok_or_else(|| io::Error::other(format!("pan said: {told}")))
}
