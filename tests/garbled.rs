//! Noise in place of tokens, reports and commands: never a panic, always one of the exit codes, and
//! an error is told in few lines.
#![cfg(all(not(loom), feature = "shuttle"))]

use assert_cmd::Command;
use proptest::prelude::*;
use std::sync::LazyLock;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Engine, Failure, Found, Program};
use tellers::gate::Results;
use tellers::suite::{self, Audit};
use tellers::trace::{Look, Picture, Token};
use tellers::world::{ThreadId, Turn};

fn race() -> Program<Audit> {
    let scenario = suite::find("race").expect("it is in the suite");
    scenario.program(scenario.setup)
}

fn found() -> Found {
    let report = product(&race(), &Limits::default()).expect("it can be explored");
    report.failures[&Failure::LostUpdate].clone()
}

fn token() -> &'static str {
    static TOKEN: LazyLock<String> =
        LazyLock::new(|| Token::new("race", "", Failure::LostUpdate, &found()).to_string());
    &TOKEN
}

fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("TELLERS_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Runs the program, where it may write what it likes; it must end as documented.
fn runs(args: &[String]) -> Result<(), TestCaseError> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::cargo_bin("tellers").expect("the program is built");
    command.current_dir(folder.path()).args(args).write_stdin("");
    let output = command.output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    prop_assert!(matches!(output.status.code(), Some(0..=12)), "{:?}\n{told}", output.status);
    prop_assert!(!told.contains("panicked"), "{told}");
    prop_assert!(told.lines().count() <= 12, "{told}");
    Ok(())
}

/// What `check --json` writes.
fn report() -> &'static [u8] {
    static REPORT: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let mut command = Command::cargo_bin("tellers").expect("the program is built");
        command.args(["check", "race", "--json", "-"]).output().expect("it runs").stdout
    });
    &REPORT
}

/// Words that commands are made of, some of them wrong.
fn word() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "check",
        "explain",
        "replay",
        "report",
        "list",
        "race",
        "ordered",
        "inverted",
        "trains",
        "--engine",
        "product",
        "dfs",
        "random",
        "all",
        "loom",
        "--threads",
        "--transfers",
        "--retries",
        "--executions",
        "--max-states",
        "--seed",
        "--json",
        "-",
        "--shard",
        "1/2",
        "3/2",
        "--full",
        "--raw",
        "--format",
        "html",
        "mermaid",
        "markdown",
        "json",
        "0",
        "1",
        "2",
        "5",
        "-1",
        "4294967296",
        "--",
        "--help",
        "",
    ]);
    prop_oneof![9 => known.prop_map(str::to_owned), 1 => "[^\0/]{0,12}"]
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn no_noise_is_a_token(text in ".{0,80}") {
        prop_assert!(text.parse::<Token>().is_err());
    }

    #[test]
    fn a_token_that_lost_or_changed_a_letter_is_damaged(at in 0..1_000_usize, letter in "[a-z2-7_]?") {
        let token = token();
        let at = at % token.len();
        let garbled = format!("{}{letter}{}", &token[..at], &token[at + 1..]);
        prop_assume!(garbled != token);
        prop_assert!(garbled.parse::<Token>().is_err(), "{garbled}");
    }

    #[test]
    fn no_noise_is_a_report(text in "[\\[\\]{}:,\"a-z0-9 ]{0,80}") {
        prop_assert!(Results::parse(&text).is_err());
    }
}

proptest! {
    #![proptest_config(cases(80))]

    /// Whoever knows the format can make a token of anything; the steps must then be those of the race.
    #[test]
    fn a_forged_token_is_refused_or_shown(
        threads in prop::collection::vec((0..3_usize, 0..6_u32), 0..3),
        movers in prop::collection::vec(0..6_usize, 0..40),
        keep in 0..40_usize,
        no_return in prop::option::of(0..1_000_usize),
        repeats_from in prop::option::of(0..1_000_usize),
    ) {
        let mut token: Token = token().parse().expect("it was just made");
        let kept = keep.min(token.schedule.turns.len());
        let threads = threads.into_iter().map(|(maker, nth)| (ThreadId::new(maker), nth));
        token.schedule.threads.extend(threads);
        let all = token.schedule.threads.len() + 1;
        token.schedule.turns.truncate(kept);
        let more = movers.into_iter().map(|mover| Turn::from(ThreadId::new(mover % all)));
        token.schedule.turns.extend(more);
        (token.no_return, token.repeats_from) = (no_return, repeats_from);
        let Ok(token) = token.to_string().parse::<Token>() else { return Ok(()) };
        let trace = Engine::replay(&race(), &token.schedule).expect("this build can");
        if let Ok(found) = token.found(trace) {
            let picture = Picture::of("race", token.failure, &found);
            prop_assert!(!picture.text(Look::default()).is_empty());
        }
    }

    /// The same steps, with marks where there is no step.
    #[test]
    fn marks_beyond_the_steps_do_no_harm(
        no_return in prop::option::of(0..1_000_usize),
        repeats_from in prop::option::of(0..1_000_usize),
    ) {
        let mut token: Token = token().parse().expect("it was just made");
        (token.no_return, token.repeats_from) = (no_return, repeats_from);
        let trace = Engine::replay(&race(), &token.schedule).expect("this build can");
        if let Ok(found) = token.found(trace) {
            let picture = Picture::of("race", token.failure, &found);
            prop_assert!(!picture.text(Look::default()).is_empty());
        }
    }
}

proptest! {
    #![proptest_config(cases(25))]

    /// The same from the command line, in every format.
    #[test]
    fn a_forged_mark_is_refused_or_shown_in_every_format(
        no_return in prop::option::of(0..60_usize),
        repeats_from in prop::option::of(0..60_usize),
        format in prop::sample::select(vec!["text", "html", "markdown", "mermaid", "json"]),
    ) {
        let mut token: Token = token().parse().expect("it was just made");
        (token.no_return, token.repeats_from) = (no_return, repeats_from);
        runs(&["replay", &token.to_string(), "--format", format].map(str::to_owned))?;
    }

    #[test]
    fn a_report_with_a_hole_is_refused_or_judged(at in 0..100_000_usize, len in 1..200_usize) {
        let mut json = report().to_vec();
        let start = at % json.len();
        json.drain(start..(start + len).min(json.len()));
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("results.json");
        std::fs::write(&path, json).expect("it is written");
        runs(&["report".to_owned(), path.display().to_string()])?;
    }

    #[test]
    fn no_command_is_answered_with_a_panic(words in prop::collection::vec(word(), 0..6)) {
        let mut args = words;
        // What is asked for is done, and should not take long.
        if matches!(args.first().map(String::as_str), Some("check")) {
            args.extend(["--executions", "5", "--max-states", "500"].map(str::to_owned));
        }
        runs(&args)?;
    }
}
