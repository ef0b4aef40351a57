//! What a failure that loom found is shown as.

use std::sync::Arc;
use tellers::engine::{Engine, Failure, Found, Program, loom};
use tellers::sync::{Cell, Lock, thread};
use tellers::trace::{Look, Picture};
use tellers::world::{CellOp, Op};

/// The simplest failure of this kind.
fn simplest(failure: Failure, body: impl Fn() + Send + Sync + 'static) -> Found {
    let program = Program::new(body);
    let report = loom(&program, &Default::default());
    Engine::minimised(&program, failure, &report.failures[&failure])
}

#[test]
fn an_old_load_is_named_with_the_store_that_it_did_not_see() {
    let found = simplest(Failure::Panic, || {
        let (mine, theirs) = (Arc::new(Cell::named("mine", 0)), Arc::new(Cell::named("theirs", 0)));
        let (x, y) = (Arc::clone(&mine), Arc::clone(&theirs));
        let other = thread::spawn(move || {
            y.store(1);
            x.load()
        });
        mine.store(1);
        let seen = theirs.load() + other.join().expect("it does not panic");
        assert!(seen > 0, "each of the two went unseen");
    });
    let picture = Picture::of("each looks for the other", Failure::Panic, &found);
    let stale = picture.diagnosis().stale;
    assert_eq!(stale.len(), 1);
    let steps = &found.trace.steps;
    assert_eq!(steps[stale[0].load].op, Op::Cell(stale[0].cell, CellOp::Load));
    assert_eq!(steps[stale[0].unseen].op, Op::Cell(stale[0].cell, CellOp::Store(1)));
    assert_eq!((stale[0].seen, stale[0].latest), (0, 1));
    insta::assert_snapshot!(picture.text(Look::default()));
}

#[test]
fn a_deadlock_is_shown_as_in_the_other_builds() {
    let found = simplest(Failure::Deadlock, || {
        let locks = Arc::new(["left", "right"].map(Lock::named));
        for own in 0..2 {
            let locks = Arc::clone(&locks);
            thread::spawn(move || {
                let _own = locks[own].guard();
                let _other = locks[1 - own].guard();
            });
        }
    });
    let picture = Picture::of("inverted", Failure::Deadlock, &found);
    insta::assert_snapshot!(picture.text(Look::default()));
}
