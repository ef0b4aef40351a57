//! Reads files of results.

use super::{Build, Fault, Results, Rule, Shard, Unreadable};
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

/// What is asked for where nothing says what was.
pub(super) const EVERYTHING: &str = "--engine all";

/// Reads each file; those that cannot be read are faults.
pub(super) fn read_all(program: &str, paths: &[PathBuf]) -> (Vec<Source>, Vec<Fault>) {
    let (mut sources, mut unread) = (Vec::new(), Vec::new());
    for path in paths {
        match read(path) {
            Ok(results) => sources.push(Source { path: path.clone(), results }),
            Err(why) => unread.push((path, why)),
        }
    }
    let fault = |(path, (rule, why)): (&PathBuf, _)| Fault {
        rule,
        what: path.display().to_string(),
        why,
        command: again(program, path, &sources),
        cell: None,
        at: None,
    };
    let faults = unread.into_iter().map(fault).collect();
    (sources, faults)
}

fn read(path: &Path) -> Result<Results, (Rule, String)> {
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => (Rule::Complete, "not there".into()),
        io::ErrorKind::InvalidData => (Rule::Readable, "no text".into()),
        kind => (Rule::Readable, format!("cannot be read: {kind}")),
    })?;
    Results::parse(&text).map_err(|error| match error {
        Unreadable::Broken(_) => (Rule::Readable, error.to_string()),
        Unreadable::Version { .. } => (Rule::Version, error.to_string()),
    })
}

/// The command that writes a file again. What it was asked for, the other shards may tell.
fn again(program: &str, path: &Path, sources: &[Source]) -> String {
    let Some(build) = guess(path) else { return without(program, sources) };
    let file = path.display().to_string();
    let Some((stem, shard)) = part_of(path) else { return build.check(program, EVERYTHING, &file) };
    let is_like = |path: &Path| {
        part_of(path).is_some_and(|(other, known)| (other, known.of) == (stem, shard.of))
    };
    let like = sources.iter().find(|source| is_like(&source.path));
    let asked = like.map_or(EVERYTHING, |source| source.results.asked.as_str());
    build.check(program, &format!("{asked} --shard {shard}"), &file)
}

/// The command that reports on the other files: what is no file of results by its name is not ours to
/// write.
fn without(program: &str, sources: &[Source]) -> String {
    let files = sources.iter().map(|source| format!(" {}", source.path.display()));
    format!("{program} -q -- report{}", files.collect::<String>())
}

/// What the files of all shards are called alike, and which one this is of: both by its name, as in
/// `default-1of2.json`.
pub(super) fn part_of(path: &Path) -> Option<(&str, Shard)> {
    let (stem, shard) = path.file_stem()?.to_str()?.rsplit_once('-')?;
    Some((stem, shard.replacen("of", "/", 1).parse().ok()?))
}

/// The build that a file is of, by its name: `os.json`, or `default-larger.json`.
pub(super) fn guess(path: &Path) -> Option<Build> {
    let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
    Build::ALL.into_iter().find(|build| {
        let rest = name.strip_prefix(build.name());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}
