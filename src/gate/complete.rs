//! Finds out what is missing.

use super::read::{EVERYTHING, guess, part_of};
use super::{Build, Fault, Planned, Results, Rule, Shard, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What was asked for: of a program, files, and the builds that they are to be of.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    pub(super) program: &'a str,
    pub(super) files: &'a [PathBuf],
    pub(super) builds: &'a [Build],
    pub(super) unbuilt: &'a [Build],
}

/// Builds, shards and checks of which there is no result. A build that failed or a file that could
/// not be read is missed once.
pub(super) fn missing(wanted: &Wanted<'_>, sources: &[Source]) -> Vec<Fault> {
    let failed = wanted.unbuilt.iter().map(|&build| unbuilt(wanted.program, build));
    let builds = wanted.builds.iter().copied().filter(|build| !wanted.unbuilt.contains(build));
    failed.chain(builds.flat_map(|build| missing_of(build, wanted, sources))).collect()
}

fn missing_of(build: Build, wanted: &Wanted<'_>, sources: &[Source]) -> Vec<Fault> {
    let all = || sources.iter().map(|source| &source.results);
    let of_build = || sources.iter().filter(|source| source.results.build == build);
    let own: Vec<&Results> = of_build().map(|source| &source.results).collect();
    if own.is_empty() {
        let named = wanted.files.iter().any(|file| guess(file) == Some(build));
        return if named { Vec::new() } else { vec![without_results(wanted.program, build)] };
    }
    let shards = missing_shards(wanted.program, build, of_build());
    if !shards.is_empty() {
        return shards;
    }
    let unplanned = unplanned(&own, all());
    let unchecked = unchecked(&own);
    unplanned
        .map(|name| unchecked_fault(wanted.program, build, name, "not to be checked by".into()))
        .chain(unchecked.map(|plan| {
            let why = format!("not checked with {} by", plan.engine);
            unchecked_fault(wanted.program, build, &plan.scenario, why)
        }))
        .collect()
}

fn unbuilt(program: &str, build: Build) -> Fault {
    Fault {
        rule: Rule::Built,
        what: format!("the {build} build"),
        why: "failed".into(),
        command: build.check(program, EVERYTHING, &file(build)),
        cell: None,
        at: None,
    }
}

fn without_results(program: &str, build: Build) -> Fault {
    Fault {
        rule: Rule::Complete,
        what: format!("the {build} build"),
        why: "no results".into(),
        command: build.check(program, EVERYTHING, &file(build)),
        cell: None,
        at: None,
    }
}

fn file(build: Build) -> String {
    format!("target/gate/{build}.json")
}

/// Shards of one command were asked for the same, and have the same plan.
fn missing_shards<'a>(
    program: &str,
    build: Build,
    own: impl Iterator<Item = &'a Source>,
) -> Vec<Fault> {
    let mut families = BTreeMap::<(&str, &[Planned]), BTreeMap<Shard, &Path>>::new();
    for Source { path, results } in own {
        let family = families.entry((&results.asked, &results.planned)).or_default();
        family.insert(results.shard, path);
    }
    let mut faults = Vec::new();
    for ((asked, _), there) in families {
        let Some((known, path)) = there.first_key_value() else { continue };
        let shards = (1..=known.of).map(|part| Shard { part, ..*known });
        for shard in shards.filter(|shard| !there.contains_key(shard)) {
            faults.push(Fault {
                rule: Rule::Shards,
                what: format!("shard {shard} of the {build} build"),
                why: "no results".into(),
                command: build.check(
                    program,
                    &format!("{asked} --shard {shard}"),
                    &beside(path, build, shard),
                ),
                cell: None,
                at: None,
            });
        }
    }
    faults
}

/// The file of a shard, beside that of another one.
fn beside(other: &Path, build: Build, shard: Shard) -> String {
    let name = |stem: &str| format!("{stem}-{}of{}.json", shard.part, shard.of);
    match part_of(other) {
        Some((stem, _)) => other.with_file_name(name(stem)).display().to_string(),
        None => format!("target/gate/{}", name(build.name())),
    }
}

/// Scenarios that other builds checked and this one was never asked to.
fn unplanned<'a>(
    own: &[&'a Results],
    all: impl Iterator<Item = &'a Results>,
) -> impl Iterator<Item = &'a str> {
    let planned = all.flat_map(|results| &results.planned).map(|plan| plan.scenario.as_str());
    let mut seen = BTreeSet::new();
    let mut names: Vec<&str> = planned.filter(|&name| seen.insert(name)).collect();
    names.retain(|name| !own.iter().any(|results| results.plans(name)));
    names.into_iter()
}

/// What was planned and not done, by an interrupt for example.
fn unchecked<'a>(own: &[&'a Results]) -> impl Iterator<Item = &'a Planned> {
    let checks = own.iter().flat_map(|results| &results.checks);
    let done: BTreeSet<_> =
        checks.map(|check| (&check.scenario, &check.size, check.engine)).collect();
    let mut seen = BTreeSet::new();
    let mut planned: Vec<&Planned> =
        own.iter().flat_map(|results| &results.planned).filter(|plan| seen.insert(*plan)).collect();
    planned.retain(|plan| !done.contains(&(&plan.scenario, &plan.size, plan.engine)));
    planned.into_iter()
}

fn unchecked_fault(program: &str, build: Build, scenario: &str, why: String) -> Fault {
    Fault {
        rule: Rule::Complete,
        what: scenario.to_owned(),
        why: format!("{why} the {build} build"),
        command: build.check(program, &format!("{EVERYTHING} {scenario}"), &file(build)),
        cell: None,
        at: None,
    }
}
