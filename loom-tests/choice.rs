//! Free choices, of which loom has none of its own.

use super::{explore, returned};
use std::sync::Arc;
use tellers::choose;
use tellers::engine::{Extent, LoomBounds, Program, loom};
use tellers::sync::{Cell, thread};

#[test]
fn every_number_below_is_chosen() {
    assert_eq!(returned(&explore(|| choose(3))), [0, 1, 2].into());
}

#[test]
fn what_was_chosen_decides_what_comes_next() {
    let nested = || match choose(2) {
        0 => choose(2),
        _ => 10 + choose(3) + choose(2),
    };
    assert_eq!(returned(&explore(nested)), [0, 1, 10, 11, 12, 13].into());
}

#[test]
fn threads_choose_each_for_itself() {
    let two = || {
        let other = thread::spawn(|| choose(2));
        10 * choose(2) + other.join().unwrap()
    };
    assert_eq!(returned(&explore(two)), [0, 1, 10, 11].into());
}

#[test]
fn what_others_do_decides_out_of_how_many() {
    let some = || {
        let most = Arc::new(Cell::new(2));
        let theirs = Arc::clone(&most);
        let other = thread::spawn(move || theirs.store(3));
        let chosen = choose(most.load() as usize);
        other.join().unwrap();
        (chosen, most.load())
    };
    assert_eq!(returned(&explore(some)), [(0, 3), (1, 3), (2, 3)].into());
}

#[test]
fn who_chooses_without_end_is_given_up() {
    let program = Program::new(|| while choose(2) == 0 {});
    let report = loom(&program, &LoomBounds::default());
    let Extent::CutShort { reason } = report.extent else { panic!("it has no end") };
    assert_eq!(reason, "loom gave up: a thread makes more than 10,000 choices");
}
