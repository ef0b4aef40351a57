//! The command line, end to end: what people read, and what scripts are told.
#![cfg(all(not(loom), feature = "shuttle"))]

use assert_cmd::Command;
use std::fs;
use std::process::{Output, Stdio};
use tellers::engine::Failure;
use tellers::gate::{Build, Reach, Results, Shard};
use tellers::suite::scenarios;

fn tellers(args: &str) -> Command {
    let mut command = Command::cargo_bin("tellers").expect("the program is built");
    command.args(args.split_whitespace());
    command
}

fn output(args: &str) -> Output {
    tellers(args).output().expect("the program runs")
}

/// All that a command shows, and its exit code.
fn shown(args: &str) -> String {
    let output = output(args);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the output is text");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let code = output.status.code().expect("the program exits");
    format!("{out}{err}exit code {code}\n")
}

/// Without who called what: optimised code does not have every frame that its source has.
pub(crate) fn without_callers(text: &str) -> String {
    let mut is_of_callers = false;
    let is_left = |line: &&str| {
        is_of_callers = line.contains(" called from ") || is_of_callers && line.starts_with("    ");
        !is_of_callers
    };
    text.split_inclusive('\n').filter(is_left).collect()
}

#[test]
fn check_prints_a_line_for_each_scenario() {
    insta::assert_snapshot!("check", shown(""));
    assert_eq!(shown("check"), shown(""));
}

#[test]
fn check_says_what_a_bound_or_a_limit_leaves_out() {
    insta::assert_snapshot!("check_dfs", shown("timeout ring --engine dfs --executions 10000"));
    insta::assert_snapshot!("check_cut_short", shown("race timeout inverted --max-states 20"));
}

#[test]
fn without_a_terminal_columns_says_how_wide_the_text_is() {
    let width = |columns: &str| {
        let mut command = tellers("explain race");
        let text = command.env("COLUMNS", columns).output().expect("it runs").stdout;
        let text = String::from_utf8(text).expect("it is UTF-8");
        let of_text = text.lines().filter(|line| !line.starts_with("replay: "));
        of_text.map(textwrap::core::display_width).max()
    };
    assert!(width("60") <= Some(60));
    assert!(width("none") > Some(60) && width("0") == width("100"));
}

#[test]
fn check_with_all_engines_has_a_line_for_each() {
    insta::assert_snapshot!("check_all", shown("check race --engine all"));
}

#[test]
fn list_tells_what_is_expected() {
    insta::assert_snapshot!("list", shown("list"));
}

#[test]
fn help_documents_the_exit_codes() {
    insta::assert_snapshot!("help", shown("--help"));
}

#[test]
fn explain_shows_the_deadlock() {
    insta::assert_snapshot!("explain_inverted", without_callers(&shown("explain inverted")));
}

#[test]
fn explain_has_nothing_to_show_of_what_cannot_fail() {
    insta::assert_snapshot!("explain_ordered", shown("explain ordered"));
}

#[test]
fn misuse_is_told_in_plain_words() {
    let misuses = [
        "chekc",
        "explain",
        "explain rase",
        "check --engine sat",
        "check --engine loom",
        "check race --threads 9",
        "check --executions 0",
        "check --transfers 0",
        "demo inverted",
        "list race",
    ];
    let told: Vec<String> =
        misuses.iter().map(|args| format!("$ tellers {args}\n{}", shown(args))).collect();
    insta::assert_snapshot!("misuse", told.join("\n"));
}

#[test]
fn shuttles_own_seed_is_refused() {
    let output = tellers("check race").env("SHUTTLE_RANDOM_SEED", "7").output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        told,
        "error: SHUTTLE_RANDOM_SEED would silently change what is checked: unset it\n"
    );
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_same_command_prints_the_same_bytes() {
    let once = output("check race timeout --engine all --seed 3 --json -");
    let again = output("check race timeout --engine all --seed 3 --json -");
    assert!(once == again && !once.stdout.is_empty());
}

#[test]
fn another_seed_is_another_sample() {
    let sample =
        |seed| output(&format!("race-audit --engine random --executions 50 --seed {seed}"));
    assert_ne!(sample(1), sample(2));
}

#[test]
fn colour_is_for_terminals() {
    let plain = output("explain race").stdout;
    assert!(!plain.contains(&0x1b));
    let forced = tellers("explain race").env("CLICOLOR_FORCE", "1").output().expect("it runs");
    assert!(forced.stdout.contains(&0x1b));
    let mut unwanted = tellers("explain race");
    let unwanted = unwanted.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1").output();
    assert_eq!(unwanted.expect("it runs").stdout, plain);
}

#[test]
fn json_says_what_the_table_says() {
    let output = output("check race ordered --json -");
    let text = String::from_utf8(output.stdout).expect("it is text");
    let results = Results::parse(&text).expect("it holds results");
    assert_eq!(
        (results.build, results.shard, results.planned.len()),
        (Build::Default, Shard::WHOLE, 2)
    );
    let [race, ordered] = &results.checks[..] else { panic!("two checks") };
    assert!(race.is_as_expected() && ordered.is_as_expected());
    let [lost] = &race.failures[..] else { panic!("one failure") };
    assert_eq!((lost.failure, lost.size.context_switches), (Failure::LostUpdate, 1));
    assert_eq!((lost.at.file.as_str(), lost.at.line), ("src/bank/accounts.rs", 36));
    assert!(shown("explain race").starts_with(&lost.text));
    assert_eq!((ordered.scenario.as_str(), &ordered.extent), ("ordered", &Reach::Exhausted));
    assert_eq!((ordered.outcomes.len(), ordered.coverage.states), (1, Some(68)));
}

#[test]
fn a_json_file_is_replaced_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("verdicts.json");
    fs::write(&path, "what was there before").expect("it is written");
    tellers("check race --json").arg(&path).assert().success();
    let text = fs::read(&path).expect("it is there");
    assert_eq!(text, output("check race --json -").stdout);
    let files = fs::read_dir(folder.path()).expect("it is there").count();
    assert_eq!(files, 1, "no temporary file stays behind");
}

#[test]
fn a_json_file_that_cannot_be_written_is_told() {
    let told = shown("check race --json /nonexistent/verdicts.json");
    assert!(told.ends_with(
        "error: failed to write to /nonexistent/verdicts.json: there is no such folder\nexit code 3\n"
    ));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_device_stays() {
    let told = shown("check race --json /dev/full");
    assert!(told.ends_with("error: failed to write to /dev/full: no storage space\nexit code 3\n"));
    assert!(!fs::metadata("/dev/full").expect("it is there").is_file());
}

#[test]
fn a_closed_pipe_is_quiet() {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let program = assert_cmd::cargo::cargo_bin("tellers");
    let child = std::process::Command::new(program)
        .arg("list")
        .stdout(writer)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let output = child.wait_with_output().expect("the program exits");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(3), &b""[..]));
}

#[test]
fn readme_shows_what_the_program_prints() {
    let readme = fs::read_to_string("README.md").expect("there is a README");
    let mut commands = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        let (command, printed) = block.split_once('\n').expect("a command, and what it prints");
        let Some(args) = command.strip_prefix("$ cargo run --release -q") else { continue };
        let args = args.trim().trim_start_matches("--");
        let out = output(args).stdout;
        let out = String::from_utf8_lossy(&out);
        assert_eq!(without_callers(&out), without_callers(printed), "{command}");
        commands += 1;
    }
    assert!(commands >= 3, "{commands} commands are shown with what they print");
}

#[cfg(target_os = "linux")]
#[test]
fn help_that_cannot_be_written_is_no_success() {
    let full = fs::File::options().write(true).open("/dev/full").expect("it is there");
    let program = assert_cmd::cargo::cargo_bin("tellers");
    let status = std::process::Command::new(program).arg("--help").stdout(full).status();
    assert_eq!(status.expect("the program runs").code(), Some(3));
}

#[test]
fn a_scenario_that_is_asked_for_twice_is_checked_once() {
    assert_eq!(shown("inverted race inverted"), shown("inverted race"));
}

#[test]
fn an_option_of_another_command_is_told_whose_it_is() {
    let tips = [
        ("check race --failure lost-update", "'--failure' is an option of 'explain'"),
        ("--format html", "'--format' is an option of 'explain' and 'replay'"),
        ("explain race --json -", "'--json' is an option of 'check'"),
        ("race --brief", "'--brief' is an option of 'report'"),
    ];
    for (args, tip) in tips {
        let told = shown(args);
        assert!(told.contains(&format!("tip: {tip}, and goes behind that word\n")), "{told}");
        assert!(told.ends_with("exit code 2\n"), "{told}");
    }
    assert!(!shown("check --nonsense").contains("is an option of"));
}

#[test]
fn the_gate_refuses_a_scenario_that_it_does_not_know_before_it_builds_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut gate = std::process::Command::new("ci/gate");
    gate.args(["--scenario", "race", "--scenario", "nonsense"]);
    gate.env("CARGO_TARGET_DIR", folder.path());
    let output = gate.output().expect("it runs");
    let told = String::from_utf8(output.stderr).expect("it is text");
    let (error, known) = told.trim_end().split_once("; there are ").expect("it lists them");
    assert_eq!(error, "error: no scenario is called \"nonsense\"");
    let mut known: Vec<_> = known.split(' ').collect();
    let mut all: Vec<_> = scenarios().iter().map(|scenario| scenario.name).collect();
    known.sort_unstable();
    all.sort_unstable();
    assert_eq!(known, all);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0);
}

#[test]
fn the_gate_refuses_a_limit_that_is_none_before_it_builds_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    for limit in ["0", "-1", "soon"] {
        let mut gate = std::process::Command::new("ci/gate");
        gate.args(["--max-time", limit]).env("CARGO_TARGET_DIR", folder.path());
        let output = gate.output().expect("it runs");
        let told = String::from_utf8(output.stderr).expect("it is text");
        assert_eq!(told, format!("error: --max-time is a whole number, at least 1, not {limit}\n"));
        assert_eq!(output.status.code(), Some(2));
    }
    assert_eq!(fs::read_dir(folder.path()).expect("it is there").count(), 0);
}

#[test]
fn a_number_below_nothing_is_told_what_it_must_be() {
    for option in ["max-time", "max-states", "max-memory", "threads", "executions"] {
        let told = shown(&format!("check race --{option} -1"));
        let must = "it must be a whole number, at least 1 and not too large\n";
        assert!(told.contains(&format!("error: invalid value '-1' for '--{option} <")), "{told}");
        assert!(told.contains(must) && told.ends_with("exit code 2\n"), "{told}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_output_is_one_that_takes_everything() {
    let program = assert_cmd::cargo::cargo_bin("tellers");
    let closed =
        std::process::Command::new("sh").args(["-c", "\"$0\" list >&-"]).arg(program).status();
    assert_eq!(closed.expect("the program runs").code(), Some(0));
}
