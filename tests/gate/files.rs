//! Results that are not there, or cannot be read.

use super::common::{Gate, reported};
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn a_file_that_is_not_there_is_red() {
    let gate = Gate::green();
    gate.write_all();
    fs::remove_file(gate.path("loom.json")).expect("it was there");
    reported(gate.command().arg("--brief")).is_red(
        9,
        "MISSING: loom.json: not there; run RUSTFLAGS=\"--cfg loom\" cargo run --release \
         --target-dir target/loom -q -- check --engine all --json loom.json",
    );
}

#[test]
fn a_build_that_nobody_gave_a_file_of_is_red() {
    let gate = Gate::green();
    gate.write_all();
    reported(&mut gate.report_of(&["default.json", "loom.json"])).is_red(
        9,
        "MISSING: the os build: no results; run cargo run --release --no-default-features --features cli \
         --target-dir target/os -q -- check --engine all --json target/gate/os.json",
    );
    let asked =
        reported(gate.report_of(&["default.json", "loom.json"]).args(["--builds", "default,loom"]));
    assert_eq!(asked.code, 0);
}

#[test]
fn a_build_that_failed_is_red_and_not_missed_as_well() {
    let gate = Gate::green();
    gate.write_all();
    let mut command = gate.report_of(&["default.json", "os.json"]);
    let reported = reported(command.args(["--unbuilt", "loom"]));
    reported.is_red(
        8,
        "BUILD FAILED: the loom build: failed; run RUSTFLAGS=\"--cfg loom\" cargo run --release \
         --target-dir target/loom -q -- check --engine all --json target/gate/loom.json",
    );
    assert!(!reported.out.contains("MISSING"), "{}", reported.out);
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_red() {
    let gate = Gate::green();
    gate.write_all();
    let whole = fs::read(gate.path("os.json")).expect("it is there");
    for length in [0, 1, whole.len() / 2, whole.len() - 3] {
        fs::write(gate.path("os.json"), &whole[..length]).expect("it is written");
        reported(gate.command().arg("--brief")).is_red(
            10,
            "NO RESULTS: os.json: cut off before its end; run cargo run --release \
             --no-default-features --features cli --target-dir target/os -q -- check --engine all --json os.json",
        );
    }
}

#[test]
fn a_file_of_something_else_is_red() {
    let gate = Gate::green();
    gate.write_all();
    for other in ["verdicts", "{}", "[]", "{\"version\": 6}"] {
        gate.write("default.json", other);
        let reported = reported(gate.command().arg("--brief"));
        let start = "NO RESULTS: default.json: holds no results: ";
        assert!(reported.out.lines().any(|line| line.starts_with(start)), "{}", reported.out);
        assert_eq!(reported.code, 10);
    }
}

#[test]
fn a_file_of_another_version_is_red() {
    let mut gate = Gate::green();
    gate.loom.version += 1;
    gate.report().is_red(
        11,
        "OTHER VERSION: loom.json: of version 7, and this program reads version 6; \
         run RUSTFLAGS=\"--cfg loom\" cargo run --release --target-dir target/loom -q -- \
         check --engine all --json loom.json",
    );
}

#[test]
fn a_file_that_is_given_twice_is_red() {
    let gate = Gate::green();
    gate.write_all();
    let files = ["default.json", "loom.json", "os.json", "os.json"];
    reported(gate.report_of(&files).arg("--brief")).is_red(
        2,
        "GIVEN TWICE: race 2x1 with threads: in more than one of the files; \
         run cargo run --release -q -- check race --engine threads",
    );
}

#[test]
fn a_check_that_an_interrupt_kept_from_being_done_is_red() {
    let mut gate = Gate::green();
    gate.default.checks.pop();
    gate.report().is_red(
        9,
        "MISSING: timeout: not checked with dfs by the default build; run cargo run --release \
         -q -- check --engine all timeout --json target/gate/default.json",
    );
}

#[test]
fn a_scenario_that_one_build_left_out_is_red() {
    let mut gate = Gate::green();
    gate.loom.planned.retain(|plan| plan.scenario != "race");
    gate.loom.checks.retain(|check| check.scenario != "race");
    gate.report().is_red(
        9,
        "MISSING: race: not to be checked by the loom build; run RUSTFLAGS=\"--cfg loom\" \
         cargo run --release --target-dir target/loom -q -- check --engine all race \
         --json target/gate/loom.json",
    );
}

#[test]
fn a_check_that_is_killed_leaves_no_results() {
    let gate = Gate::green();
    gate.write_all();
    let path = gate.path("default.json");
    fs::remove_file(&path).expect("it was there");
    let mut killed = Command::new(assert_cmd::cargo::cargo_bin("tellers"))
        .args(["check", "--engine", "all", "--executions", "1000000", "--json"])
        .arg(&path)
        .stdout(Stdio::null())
        .spawn()
        .expect("the program runs");
    killed.kill().expect("it is still at work");
    killed.wait().expect("it ends");
    assert_eq!(reported(gate.command().arg("--brief")).code, 9);
}

#[test]
fn nothing_is_advised_that_would_overwrite_what_is_no_file_of_results() {
    let gate = Gate::green();
    gate.write_all();
    for name in ["verdicts.json", "os-release", "osmosis.json"] {
        gate.write(name, "no results");
        let files = ["default.json", "loom.json", "os.json", name];
        let reported = reported(gate.report_of(&files).arg("--brief"));
        let line =
            reported.out.lines().find(|line| line.starts_with("NO RESULTS: ")).expect("it is told");
        let (_, advice) = line.split_once("; run ").expect("it is advised");
        let report = "cargo run --release -q -- report default.json loom.json os.json";
        assert_eq!(advice, report, "{line}");
        assert_eq!(reported.code, 10);
    }
    let alone = reported(&mut gate.report_of(&["os-release"]));
    assert!(alone.out.contains("; run cargo run --release -q -- report\n"), "{}", alone.out);
}
