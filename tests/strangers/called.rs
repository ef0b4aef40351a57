//! Who called the function in which an operation stands is told, and shown.

use super::{in_one_line, said};
use std::sync::Arc;
use tellers::engine::{Effort, Engine, Failure, Program};
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
    for (steps, line) in [("steps 1 and 3 of Thread-1", FORTH), ("steps 2 and 4 of Thread-2", BACK)]
    {
        assert!(words.contains(&format!("{steps}: called from {}", at(line))), "{told}");
    }
    let (_, shown) = told.split_once("\ncalled from:\n").expect("they are shown");
    for (line, steps) in [(FORTH, "steps 1 and 3"), (BACK, "steps 2 and 4")] {
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
    let waits = view.pending.iter().filter(|comes| comes.number.is_some());
    assert_eq!(waits.map(|comes| comes.callers.clone()).collect::<Vec<_>>(), [by(FORTH), by(BACK)]);
    assert!(view.sources[file!()].contains_key(&FORTH));
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
