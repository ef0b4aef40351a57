//! Work that is shared out to several machines.

use super::common::{Gate, reported};
use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;
use tellers::engine::Engine;
use tellers::gate::{Reach, Results};

/// Writes what shards of the default build found, each to a file.
fn run(gate: &Gate, shards: &[&str]) -> Vec<String> {
    let write = |shard: &&str| {
        let file = format!("default-{}.json", shard.replace('/', "of"));
        gate.write(&file, &results(shard));
        file
    };
    shards.iter().map(write).collect()
}

/// Runs a shard, unless another test has.
fn results(shard: &str) -> String {
    static RUN: Mutex<BTreeMap<String, String>> = Mutex::new(BTreeMap::new());
    let run = || {
        let mut command = Command::cargo_bin("tellers").expect("the program is built");
        command.args(["check", "race", "ordered", "timeout", "--engine", "all", "--shard", shard]);
        let done = command.args(["--json", "-"]).assert().success();
        String::from_utf8_lossy(&done.get_output().stdout).into_owned()
    };
    RUN.lock().expect("it only runs").entry(shard.to_owned()).or_insert_with(run).clone()
}

fn report(gate: &Gate, files: &[String]) -> super::common::Reported {
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    reported(gate.report_of(&files).args(["--builds", "default", "--brief"]))
}

#[test]
fn shards_together_are_the_whole() {
    let gate = Gate::green();
    let reported = report(&gate, &run(&gate, &["1/3", "2/3", "3/3"]));
    insta::assert_snapshot!("shards", reported.out);
    assert_eq!(reported.code, 0);
}

#[test]
fn a_shard_that_is_not_there_is_red() {
    let gate = Gate::green();
    report(&gate, &run(&gate, &["1/3", "3/3"])).is_red(
        12,
        "SHARD MISSING: shard 2/3 of the default build: no results; run cargo run --release -q -- \
         check race ordered timeout --engine all --shard 2/3 --json default-2of3.json",
    );
}

#[test]
fn a_shard_that_is_cut_off_is_to_be_made_again_as_the_others_were() {
    let gate = Gate::green();
    let files = run(&gate, &["1/2", "2/2"]);
    gate.write(&files[0], "{");
    let reported = report(&gate, &files);
    let again = "run cargo run --release -q -- check race ordered timeout --engine all --shard 1/2 \
                 --json default-1of2.json";
    let told = reported.out.lines().filter(|line| line.ends_with(again)).count();
    assert_eq!((reported.code, told), (10, 2), "{}", reported.out);
}

#[test]
fn a_shard_of_another_sample_is_none_of_this_one() {
    let gate = Gate::green();
    let files = run(&gate, &["1/2", "2/2"]);
    let text = fs::read_to_string(gate.path(&files[1])).expect("it is there");
    let mut results = Results::parse(&text).expect("it holds results");
    results.asked += " --seed 5";
    gate.write(&files[1], &results.to_json().expect("it can be written"));
    report(&gate, &files).is_red(
        12,
        "SHARD MISSING: shard 2/2 of the default build: no results; run cargo run --release -q -- \
         check race ordered timeout --engine all --shard 2/2 --json default-2of2.json",
    );
}

#[test]
fn a_failure_that_no_shard_of_a_sample_finds_is_red() {
    let gate = Gate::green();
    let files = run(&gate, &["1/2", "2/2"]);
    for file in &files {
        let text = fs::read_to_string(gate.path(file)).expect("it is there");
        let mut results = Results::parse(&text).expect("it holds results");
        results.checks.iter_mut().for_each(|check| check.failures.clear());
        gate.write(file, &results.to_json().expect("it can be written"));
    }
    report(&gate, &files).is_red(
        1,
        "NOT AS EXPECTED: race 2x1 with pct: lost update was not found; \
         run cargo run --release -q -- check race --engine pct",
    );
}

#[test]
fn a_shard_of_a_sample_that_was_cut_short_is_no_second_copy() {
    let gate = Gate::green();
    let files = run(&gate, &["1/2", "2/2"]);
    let text = fs::read_to_string(gate.path(&files[1])).expect("it is there");
    let mut results = Results::parse(&text).expect("it holds results");
    for check in results.checks.iter_mut().filter(|check| check.engine == Engine::Random) {
        check.extent = Reach::CutShort("by an interrupt".into());
        check.expected.thorough = false;
    }
    gate.write(&files[1], &results.to_json().expect("it can be written"));
    let reported = report(&gate, &files);
    assert!(reported.out.contains("10,000 runs, cut"), "{}", reported.out);
    assert_eq!(reported.code, 0, "{}", reported.out);
}

#[test]
fn a_shard_that_makes_no_sense_is_misuse() {
    for shard in ["0/2", "3/2", "2"] {
        let mut command = Command::cargo_bin("tellers").expect("the program is built");
        command.args(["check", "race", "--shard", shard]).assert().code(2);
    }
}
