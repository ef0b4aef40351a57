//! `tellers explain` and `tellers replay`, end to end.
#![cfg(all(not(loom), feature = "shuttle"))]

use assert_cmd::Command;
use tellers::trace::view::View;

fn tellers(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tellers"));
    command.args(args);
    command
}

/// What it prints when all is well.
fn printed(args: &[&str]) -> String {
    let output = tellers(args).assert().success().get_output().stdout.clone();
    String::from_utf8(output).expect("it prints text")
}

/// The one line that it prints when nothing makes sense.
fn refused(args: &[&str]) -> String {
    let assert = tellers(args).assert().code(2);
    let output = assert.get_output();
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr.clone()).expect("it prints text")
}

fn token(text: &str) -> &str {
    let (_, rest) = text.split_once("tellers replay ").expect("there is a token");
    rest.split_whitespace().next().expect("it is a word")
}

/// Without what only a search knows: how many interleavings there are, and how many fail.
fn of_one_run(page: &str, known: &[String]) -> String {
    let list = serde_json::to_string(known).expect("it is a list of texts");
    let lines = page.lines().filter(|line| !line.starts_with("<p class=\"known\">"));
    lines.map(|line| line.replace(&list, "[]") + "\n").collect()
}

#[test]
fn a_token_shows_the_same_in_every_format() {
    let scenarios = [("inverted", "deadlock"), ("race", "lost-update"), ("timeout", "starvation")];
    for (scenario, failure) in scenarios {
        let explained =
            |format| printed(&["explain", scenario, "--failure", failure, "--format", format]);
        let text = explained("text");
        let replayed = |format| printed(&["replay", token(&text), "--format", format]);
        let view = View::parse(&explained("json")).expect("it is a view");
        assert!(!view.known.is_empty());
        for format in ["text", "markdown"] {
            let (explained, replayed) = (explained(format), replayed(format));
            assert!(explained.starts_with(&replayed), "{explained}\n{replayed}");
        }
        assert_eq!(explained("mermaid"), replayed("mermaid"));
        assert_eq!(of_one_run(&explained("html"), &view.known), replayed("html"));
        let again = View::parse(&replayed("json")).expect("it is a view");
        assert_eq!(View { known: Vec::new(), ..view }, again);
    }
}

#[test]
fn json_can_be_read() {
    let view = View::parse(&printed(&["explain", "ring", "--format", "json"]));
    let view = view.expect("it is a view");
    assert_eq!((view.title.as_str(), view.failure.as_str()), ("ring", "deadlock"));
    let last = view.steps.last().expect("there are steps");
    assert_eq!(last.after.waits.iter().filter(|wait| wait.in_cycle).count(), 3);
    assert!(view.rerun.is_some_and(|rerun| (rerun.reproduced, rerun.tried) == (10, 10)));
}

#[test]
fn a_damaged_token_is_refused_in_one_line() {
    let text = printed(&["explain", "inverted"]);
    let token = token(&text);
    for damaged in [&token[1..], &token[..token.len() - 1], &token.to_uppercase()] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                refused(&["replay", damaged]),
                @"error: the token is damaged: copy it again, the whole word"
            );
        }
    }
    for word in ["inverted", ""] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                refused(&["replay", word]),
                @r#"error: this is no token: one is a scenario's name, an underscore, and small letters and digits; copy the whole word behind "tellers replay""#
            );
        }
    }
}

#[test]
fn a_page_shows_one_failure() {
    insta::assert_snapshot!(
        refused(&["explain", "forced-release", "--format", "html"]),
        @"error: forced-release fails in more than one way: choose one by --failure: lost-update, torn-audit, release-unlocked, starvation"
    );
    insta::assert_snapshot!(
        refused(&["explain", "ordered", "--format", "html"]),
        @"error: no failure of ordered was found that could be shown; without --format, `tellers explain` says what was looked at"
    );
}

#[test]
fn colours_are_for_terminals() {
    assert!(!printed(&["explain", "race"]).contains('\u{1b}'));
    let forced = |variable: &str, value: &str| {
        let mut command = tellers(&["explain", "race"]);
        let output = command.env(variable, value).assert().success().get_output().stdout.clone();
        String::from_utf8(output).expect("it prints text")
    };
    assert!(forced("CLICOLOR_FORCE", "1").contains('\u{1b}'));
    assert!(!forced("NO_COLOR", "1").contains('\u{1b}'));
}

#[test]
fn what_is_found_at_random_is_shown_as_simple_as_it_can_be() {
    let args = ["explain", "forced-release", "--failure", "lost-update"];
    let args = [&args[..], &["--engine", "random", "--executions", "300"]].concat();
    let raw = printed(&[&args[..], &["--raw"]].concat());
    let simple = printed(&args);
    let switches = |text: &str| -> u32 {
        let (before, _) = text.split_once(" context switch").expect("their number is shown");
        before.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("it is a number")
    };
    assert!(switches(&simple) < switches(&raw), "{simple}\n{raw}");
    assert_eq!(switches(&simple), 2);
}

/// How simple each engine's failures are in the end, and what is said of them first.
#[test]
fn every_engine_shows_what_it_finds() {
    let headlines = |scenario: &str, engine: &str| {
        let text = printed(&["explain", scenario, "--engine", engine]);
        let said: Vec<String> = text
            .split("replay: ")
            .filter_map(|picture| {
                let mut paragraphs = picture.split("\n\n").filter(|part| part.contains("switch"));
                let head = paragraphs.next()?.lines().last()?;
                let summary = picture.rsplit("\n\n").next()?;
                let lines = summary.lines().take_while(|line| !line.starts_with(['▸', ' ']));
                Some(format!("{head}\n{}\n", lines.collect::<Vec<_>>().join(" ")))
            })
            .collect();
        format!("$ tellers explain {scenario} --engine {engine}\n{}", said.concat())
    };
    let scenarios = ["inverted", "race-audit", "forced-release"];
    let engines = ["product", "random", "pct", "dfs"];
    let all =
        scenarios.iter().flat_map(|scenario| engines.map(|engine| headlines(scenario, engine)));
    insta::assert_snapshot!(all.collect::<Vec<_>>().join("\n"));
}
