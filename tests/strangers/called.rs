//! Who called the function in which an operation stands is told, and shown.

use super::{in_one_line, said};
use std::sync::Arc;
use tellers::engine::{Effort, Engine, Failure, Program};
use tellers::suite;
use tellers::sync::{Cell, Lock, thread};
use tellers::trace::view::{At, View};
use tellers::trace::{Look, Picture};

fn take_both(first: &Lock, second: &Lock) {
    let _first = first.guard();
    let _second = second.guard();
}

const FORTH: u32 = line!() + 7;
const BACK: u32 = line!() + 10;

fn crosswise() {
    let locks = Arc::new((Lock::named("left"), Lock::named("right")));
    let (one, two) = (Arc::clone(&locks), locks);
    let forth = thread::spawn(move || {
        take_both(&one.0, &one.1);
        one.0.locked();
    });
    let back = thread::spawn(move || {
        take_both(&two.1, &two.0);
        two.0.locked();
    });
    forth.join().unwrap();
    back.join().unwrap();
}

fn at(line: u32) -> String {
    format!("{}:{line}", file!())
}

#[test]
fn whoever_called_the_helper_is_told_of_each_thread() {
    let told = said(crosswise);
    let words = in_one_line(&told);
    for (steps, line) in
        [("step 1 and the wait of Thread-1", FORTH), ("step 2 and the wait of Thread-2", BACK)]
    {
        assert!(words.contains(&format!("{steps}: called from {}", at(line))), "{told}");
    }
    let (_, shown) = told.split_once("\ncalled from:\n").expect("they are shown");
    for (line, steps) in [(FORTH, "step 1 and the wait"), (BACK, "step 2 and the wait")] {
        let mut lines = shown.lines().skip_while(|shown| !shown.starts_with(&format!("{line} | ")));
        assert!(lines.nth(1).is_some_and(|label| label.ends_with(&format!("^ {steps}"))), "{told}");
    }
}

#[test]
fn callers_are_in_the_picture_and_a_picture_without_them_can_be_read() {
    let program = Program::new(crosswise);
    let report = Engine::Product.run(&program, Effort::default()).expect("it is answered");
    let found = &report.failures[&Failure::Deadlock];
    let unseen = Picture::of("crosswise", Failure::Deadlock, found);
    assert!(!unseen.text(Look::default()).contains("called from"));
    assert!(!unseen.json().contains("callers"));
    View::parse(&unseen.json()).expect("it is a picture");
    let seen = Engine::followed(&program, found);
    let view = View::parse(&Picture::of("crosswise", Failure::Deadlock, &seen).json());
    let view = view.expect("it is a picture");
    let by = |line| vec![At { file: file!().to_owned(), line }];
    let steps = view.steps.iter().filter(|step| step.number.is_some());
    assert_eq!(steps.map(|step| step.callers.clone()).collect::<Vec<_>>(), [by(FORTH), by(BACK)]);
    let waits = view.pending.iter().filter(|comes| comes.shown);
    assert_eq!(waits.map(|comes| comes.callers.clone()).collect::<Vec<_>>(), [by(FORTH), by(BACK)]);
    assert!(view.sources[file!()].contains_key(&FORTH));
}

#[test]
fn no_caller_is_left_out_where_the_bank_calls_last() {
    let scenario = suite::find("race").expect("it is in the suite");
    let program = scenario.program(scenario.setup);
    let report = Engine::Product.run(&program, Effort::default()).expect("it is answered");
    let seen = Engine::followed(&program, &report.failures[&Failure::LostUpdate]);
    let view = View::parse(&Picture::of("race", Failure::LostUpdate, &seen).json());
    let view = view.expect("it is a picture");
    let key: Vec<_> = view.steps.iter().filter(|step| step.key).collect();
    assert!(key.len() == 3 && key.iter().all(|step| step.at.file.ends_with("accounts.rs")));
    for step in key {
        let files: Vec<&str> = step.callers.iter().map(|caller| &*caller.file).collect();
        assert!(files[0].ends_with("bank/accounts.rs"), "{files:?}");
        assert!(files[1].ends_with("bank/unlocked.rs"), "{files:?}");
    }
}

#[test]
fn callers_are_shown_in_the_order_of_calling() {
    let scenario = suite::find("timeout").expect("it is in the suite");
    let program = scenario.program(scenario.setup);
    let report = Engine::Product.run(&program, Effort::default()).expect("it is answered");
    let found = report.proof.and_then(|proof| proof.starvation).expect("it may starve");
    let seen = Engine::followed(&program, &found);
    let look = Look { source: true, ..Look::default() };
    let text = Picture::of("timeout", Failure::Starvation, &seen).text(look);
    let (_, shown) = text.split_once("\ncalled from:\n").expect("they are shown");
    let at = |file: &str| shown.find(file).unwrap_or_else(|| panic!("{file}: {text}"));
    assert!(at("suite/timeouts.rs") < at("suite/running.rs"), "{text}");
}

#[test]
fn nobody_calls_what_stands_in_the_body_of_a_thread() {
    let told = said(|| {
        let cell = Arc::new(Cell::named("cell", 0));
        let theirs = Arc::clone(&cell);
        let other = thread::spawn(move || theirs.store(theirs.load() + 1));
        cell.store(cell.load() + 1);
        other.join().unwrap();
        assert_eq!(cell.load(), 2);
    });
    assert!(!told.contains("called from"), "{told}");
}
