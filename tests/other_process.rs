//! What an engine finds is shown again by another process, from the text of its token.
#![cfg(all(not(loom), feature = "shuttle"))]

use crate::common::{Shape, Told, for_random_programs, program, source};
use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::process::Command;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Found, Program, Report, dfs, minimised, pct, random, replay_token};
use tellers::trace::{Look, Picture, Token};

/// How many programs are looked at.
const CASES: u32 = 80;

/// Set in the other process, to the file that says what it is to replay.
const VARIABLE: &str = "TELLERS_REPLAYS";

/// What all engines found of one program: the token of each failure, and what is shown of it.
type Finds = Vec<(String, String)>;

#[test]
fn every_counterexample_is_shown_again_by_another_process() {
    match std::env::var_os(VARIABLE) {
        Some(file) => replay_all(&file),
        None => find_and_have_replayed(),
    }
}

fn find_and_have_replayed() {
    let all = RefCell::new(Vec::<Finds>::new());
    for_random_programs(CASES, Shape::ALL, |main| {
        all.borrow_mut().push(finds(&program(main)));
        true
    });
    let all = all.into_inner();
    let count = all.iter().map(Vec::len).sum::<usize>();
    assert!(count > 0, "there is something to replay");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("replays.json");
    std::fs::write(&file, serde_json::to_vec(&all).expect("it is text")).expect("it is written");
    let said = have_replayed(file.as_os_str());
    assert!(said.contains(&format!("replayed {count} of {count}")), "{said}");
    println!("replayed {count} of {count}");
}

/// What this same test says in another process.
fn have_replayed(file: &OsStr) -> String {
    let mut other = Command::new(std::env::current_exe().expect("this is a program"));
    let name = "other_process::every_counterexample_is_shown_again_by_another_process";
    other.args(["--exact", name, "--nocapture"]).env(VARIABLE, file);
    let output = other.output().expect("it runs");
    [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat()
}

/// The same programs again, each with what was found of it.
fn replay_all(file: &OsStr) {
    let json = std::fs::read(file).expect("it was just written");
    let all: Vec<Finds> = serde_json::from_slice(&json).expect("it is a list of finds");
    let count = all.iter().map(Vec::len).sum::<usize>();
    let (all, wrong) = (Cell::new(all.into_iter()), RefCell::new(Vec::new()));
    for_random_programs(CASES, Shape::ALL, |main| {
        let mut left = all.take();
        let finds = left.next().expect("these are the same programs");
        all.set(left);
        let differ = finds.iter().filter_map(|find| difference(&program(main), find));
        wrong.borrow_mut().extend(differ.map(|why| format!("{why}\n{}", source(main))));
        true
    });
    let wrong = wrong.into_inner();
    println!("replayed {} of {count}", count - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong[0]);
}

/// Why a token does not show the same again, if it does not.
fn difference(program: &Program<Told>, (token, shown): &(String, String)) -> Option<String> {
    let token: Token = token.parse().expect("it was just made");
    match replay_token(program, &token) {
        Ok(found) => {
            let again = picture(token.failure, &found);
            (again != *shown).then(|| format!("{shown}\nis shown as\n{again}"))
        }
        Err(error) => Some(format!("{error}:\n{shown}")),
    }
}

fn finds(program: &Program<Told>) -> Finds {
    let limits = Limits { states: 5_000, samples: 0, ..Limits::default() };
    let proved = product(program, &limits).expect("it can be explored");
    let sampled = [random(program, 5, 0), pct(program, 5, 0), dfs(program, 100)];
    let simplified = failures(&sampled[0])
        .map(|(failure, found)| (failure, minimised(program, failure, found)))
        .collect::<Vec<_>>();
    let found = [&proved].into_iter().chain(&sampled).flat_map(failures);
    let simplified = simplified.iter().map(|(failure, found)| (*failure, found));
    found.chain(simplified).map(|(failure, found)| find(failure, found)).collect()
}

/// Every failure of a report, as it is shown and as it was found, and a cycle that is none.
fn failures(report: &Report<Told>) -> impl Iterator<Item = (Failure, &Found)> {
    let cycle = report.proof.as_ref().and_then(|proof| proof.starvation.as_ref());
    let found = report.failures.iter().chain(&report.as_found).map(|(&kind, found)| (kind, found));
    found.chain(cycle.map(|cycle| (Failure::Starvation, cycle)))
}

fn find(failure: Failure, found: &Found) -> (String, String) {
    (Token::new("random", "", failure, found).to_string(), picture(failure, found))
}

fn picture(failure: Failure, found: &Found) -> String {
    let picture = Picture::of("random", failure, found);
    picture.text(Look { full: true, ..Look::default() }) + &picture.mermaid()
}
