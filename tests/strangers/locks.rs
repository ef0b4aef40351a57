//! What is said of std's locks is what is said of the lesson's.

use super::{both, in_one_line, said};
use std::sync::Arc;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Failure, Program};
use tellers::sync::{Cell, Mutex, RwLock, thread};
use tellers::trace::Picture;

fn words(body: impl Fn() + Send + Sync + Clone + 'static) -> String {
    in_one_line(&said(body))
}

fn crosswise() {
    let pair = (Mutex::named("left", 0), Mutex::named("right", 0));
    both(
        pair,
        |(left, right)| *left.lock().unwrap() += *right.lock().unwrap(),
        |(left, right)| *right.lock().unwrap() += *left.lock().unwrap(),
    );
}

#[test]
fn the_page_draws_who_holds_a_mutex() {
    let report = product(&Program::new(crosswise), &Limits::default()).expect("it is answered");
    let found = &report.failures[&Failure::Deadlock];
    let page = Picture::of("crosswise", Failure::Deadlock, found).html();
    assert!(page.contains("<th scope=\"col\" class=\"lock\"><span>left</span></th>"));
    assert!(page.contains("title=\"left held by Thread-2\""));
}

#[test]
fn mutexes_in_opposite_orders_are_held_and_waited_for() {
    let said = words(crosswise);
    for sentence in [
        "Thread-1 and Thread-2 each hold the mutex that the other waits for: neither can ever go on.",
        "Thread-1 holds right (step 1,",
        "waits for left (line ",
        "Thread-2 holds left (step 2,",
        "If every thread took these mutexes in one and the same order, this could not happen.",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
}

#[test]
fn who_reads_and_waits_to_write_holds_what_it_reads() {
    let said = words(|| {
        let lock = Arc::new(RwLock::named("lock", 0));
        let reads = lock.read().unwrap();
        *lock.write().unwrap() += *reads;
    });
    assert!(
        said.contains("main waits for lock, to write, which it holds itself: it can never go on."),
        "{said}"
    );
}

#[test]
fn of_one_lock_that_two_read_and_wait_to_write_no_order_is_asked() {
    let said = words(|| {
        let upgrade = |lock: &RwLock<i64>| {
            let reads = lock.read().unwrap();
            *lock.write().unwrap() += *reads;
        };
        both(RwLock::named("lock", 1), upgrade, upgrade);
    });
    let own = "Thread-1 waits for lock, to write, which it holds itself: it can never go on.";
    assert!(said.contains(own) && !said.contains("in one and the same order"), "{said}");
}

#[test]
fn a_lock_that_both_read_keeps_neither_out() {
    let said = words(|| {
        let add = |(lock, cell): &(RwLock<()>, Cell)| {
            let _reads = lock.read().unwrap();
            cell.store(cell.load() + 1);
        };
        let shared = both((RwLock::named("lock", ()), Cell::named("sum", 0)), add, add);
        assert_eq!(shared.1.load(), 2);
    });
    let remedy = "If every thread took lock to write, and kept hold of it, from its read of sum to its write";
    assert!(said.contains("both held lock, to read") && said.contains(remedy), "{said}");
}

#[test]
fn a_mutex_that_only_one_of_two_writers_holds_is_named() {
    let said = words(|| {
        let add = |cell: &Cell| cell.store(cell.load() + 1);
        let shared = (Cell::named("sum", 0), Mutex::named("guard", ()));
        let shared = both(
            shared,
            move |(sum, guard)| {
                let _held = guard.lock().unwrap();
                add(sum);
            },
            move |(sum, _)| add(sum),
        );
        assert_eq!(shared.0.load(), 2);
    });
    assert!(said.contains("Thread-2 held no lock; Thread-1 held guard (step 2,"), "{said}");
    assert!(said.contains("no lock in common"), "{said}");
}

#[test]
fn two_that_are_made_in_one_line_have_different_names() {
    let said = words(|| {
        let pair = Arc::new([Mutex::new(0), Mutex::new(0)]);
        let theirs = Arc::clone(&pair);
        let other = thread::spawn(move || {
            let _first = theirs[0].lock().unwrap();
            let _second = theirs[1].lock().unwrap();
        });
        let _second = pair[1].lock().unwrap();
        let _first = pair[0].lock().unwrap();
        drop((_first, _second));
        other.join().unwrap();
    });
    let line = line!() - 11;
    for number in ["", " #2"] {
        let name = format!("mutex {}:{line}{number}", file!());
        assert!(said.contains(&format!("waits for {name} (")), "{name}\n{said}");
    }
}

#[test]
fn who_reads_again_behind_a_writer_is_told_what_it_is_behind() {
    let said = words(|| {
        let lock = Arc::new(RwLock::named("lock", 0));
        let theirs = Arc::clone(&lock);
        let writer = thread::spawn(move || *theirs.write().unwrap() += 1);
        let (_once, _again) = (lock.read().unwrap(), lock.read().unwrap());
        drop((_once, _again));
        writer.join().unwrap();
    });
    for sentence in [
        "waits for lock, to read (line ",
        ", behind Thread-1, which waits to write: it may be let in past it, and cannot count on that",
        "If no thread read again before it is done reading, no writer could come between and keep it out.",
    ] {
        assert!(said.contains(sentence), "{sentence}\n{said}");
    }
}

/// Who waits for a reader that is kept out does not read itself.
#[test]
fn who_reads_once_behind_a_writer_is_not_told_to_read_no_more() {
    let said = words(|| {
        let lock = Arc::new(RwLock::named("lock", 0));
        let [theirs, others] = [Arc::clone(&lock), Arc::clone(&lock)];
        let reading = lock.read().unwrap();
        let writer = thread::spawn(move || *theirs.write().unwrap() += 1);
        thread::spawn(move || drop(others.read().unwrap())).join().unwrap();
        drop(reading);
        writer.join().unwrap();
    });
    assert!(said.contains("behind Thread-1, which waits to write"), "{said}");
    assert!(!said.contains("read again"), "{said}");
}
