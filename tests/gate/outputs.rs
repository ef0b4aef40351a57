//! What the gate writes.

use super::common::{Gate, reported};
use quick_junit::{Report, TestCaseStatus};
use serde_json::Value;
use std::fs;
use std::process::Stdio;
use tellers::engine::Engine;

/// A gate that is red in one cell and lacks a build.
fn red() -> Gate {
    let mut gate = Gate::green();
    gate.check("race", Engine::Product).failures.clear();
    gate.write_all();
    let mut command = gate.report_of(&["default.json", "os.json"]);
    assert_eq!(reported(&mut command).code, 9);
    gate
}

fn read(gate: &Gate, name: &str) -> String {
    fs::read_to_string(gate.path("out").join(name)).expect("it is written")
}

#[test]
fn every_form_of_a_red_gate_tells_every_fault() {
    let gate = red();
    for name in ["report.html", "summary.md", "junit.xml", "verdicts.json", "report.sarif"] {
        let text = read(&gate, name);
        for told in ["lost update was not found", "no results"] {
            assert!(text.contains(told), "{name} does not say: {told}");
        }
    }
}

#[test]
fn the_summary_is_markdown() {
    let summary = read(&red(), "summary.md");
    insta::assert_snapshot!("summary", crate::cli::without_callers(&summary));
}

#[test]
fn junit_has_a_case_for_each_cell_and_for_what_is_missing() {
    let report = Report::deserialize_from_str(&read(&red(), "junit.xml")).expect("it is JUnit");
    let cases: Vec<_> = report.test_suites.iter().flat_map(|suite| &suite.test_cases).collect();
    assert_eq!((cases.len(), report.tests), (3 * 5 + 1, 3 * 5 + 1));
    let bad = cases.iter().filter(|case| !matches!(case.status, TestCaseStatus::Success { .. }));
    let names: Vec<(&str, &str)> =
        bad.map(|case| (case.classname.as_deref().unwrap_or(""), case.name.as_str())).collect();
    assert_eq!(names, [("race 2x1", "product"), ("results", "the loom build")]);
}

#[test]
fn sarif_has_a_result_for_each_fault_with_a_rule_and_a_place() {
    let log: Value = serde_json::from_str(&read(&red(), "report.sarif")).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules: Vec<&Value> = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| &rule["id"])
        .collect();
    let results = run["results"].as_array().expect("results");
    let places = results.iter().map(|result| {
        assert!(rules.contains(&&result["ruleId"]), "{result}");
        let place = &result["locations"][0]["physicalLocation"];
        (place["artifactLocation"]["uri"].as_str(), place["region"]["startLine"].as_u64())
    });
    let race = tellers::suite::find("race").expect("it is there").at;
    let places: Vec<_> = places.collect();
    assert_eq!(
        places,
        [(Some("Cargo.toml"), Some(1)), (Some(race.file()), Some(race.line().into()))]
    );
}

#[test]
fn verdicts_say_what_the_exit_code_says() {
    let document: Value = serde_json::from_str(&read(&red(), "verdicts.json")).expect("it is JSON");
    assert_eq!(document["version"], tellers::gate::VERDICTS_VERSION);
    assert_eq!((&document["green"], &document["exit"]), (&false.into(), &9.into()));
    let race = &document["scenarios"][0]["checks"][0];
    assert_eq!((&race["engine"], &race["as_expected"]), (&"product".into(), &false.into()));
    let lost = &document["scenarios"][0]["checks"][1]["failures"][0];
    let view = tellers::trace::View::parse(&lost["trace"].to_string()).expect("it is a trace");
    assert_eq!(view.failure, "lost update");
}

#[test]
fn the_page_holds_the_page_of_every_failure() {
    let mut gate = Gate::green();
    gate.write_all();
    assert_eq!(reported(&mut gate.command()).code, 0);
    let page = read(&gate, "report.html");
    let failures = [&gate.default, &gate.loom, &gate.os]
        .into_iter()
        .flat_map(|results| &results.checks)
        .map(|check| check.failures.len())
        .sum::<usize>();
    assert_eq!(page.matches("<template>").count(), failures);
    assert_eq!(page.matches("data-opens=").count(), failures);
    let text = &gate.check("race", Engine::Product).failures[0].text;
    assert!(page.contains(text.lines().next().expect("a headline")));
    for outside in ["src=\"", "http-equiv", "@import", "<link"] {
        assert!(!page.contains(outside), "the page asks for something outside: {outside}");
    }
}

#[test]
fn the_same_results_give_the_same_files() {
    let (once, again) = (red(), red());
    for name in ["report.html", "summary.md", "junit.xml", "verdicts.json", "report.sarif"] {
        assert!(read(&once, name) == read(&again, name), "{name}");
    }
}

#[test]
fn the_summary_of_a_job_is_added_to() {
    let gate = Gate::green();
    gate.write_all();
    gate.write("summary", "what another step said\n");
    let mut command = gate.command();
    assert_eq!(reported(command.env("GITHUB_STEP_SUMMARY", gate.path("summary"))).code, 0);
    let summary = fs::read_to_string(gate.path("summary")).expect("it is there");
    assert_eq!(summary, format!("what another step said\n{}", read(&gate, "summary.md")));
}

#[test]
fn a_green_gate_annotates_nothing() {
    let gate = Gate::green();
    gate.write_all();
    let reported = reported(gate.command().env("GITHUB_ACTIONS", "true"));
    assert!(!reported.out.contains("::error"), "{}", reported.out);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_text_is_shown_all_the_same() {
    let gate = Gate::green();
    gate.write_all();
    let reported = reported(gate.command().env("GITHUB_STEP_SUMMARY", "/dev/full"));
    assert!(reported.out.contains("all as expected"), "{}", reported.out);
    assert_eq!(reported.err, "error: failed to write to /dev/full: no storage space\n");
    assert_eq!(reported.code, 3);
}

#[test]
fn a_closed_pipe_does_not_keep_the_files_from_being_written() {
    let gate = Gate::green();
    gate.write_all();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let program = assert_cmd::cargo::cargo_bin("tellers");
    let child = std::process::Command::new(program)
        .current_dir(gate.path(""))
        .args(["report", "default.json", "loom.json", "os.json", "--out", "out"])
        .env_remove("GITHUB_STEP_SUMMARY")
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let output = child.wait_with_output().expect("the program exits");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(3), &b""[..]));
    assert!(read(&gate, "summary.md").contains("all as expected"));
}
