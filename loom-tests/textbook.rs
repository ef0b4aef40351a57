//! Programs from textbooks that hold when memory is in order, and do not when it is relaxed.

#[path = "../tests/textbook/exclusion.rs"]
mod exclusion;
#[path = "../tests/textbook/once.rs"]
mod once;

use tellers::engine::{Failure, LoomBounds, Program, loom};
use tellers::trace::{Look, Picture};
use tellers::world::{CellOp, Op};

/// Shows the simplest panic of a program, in which some load that `names` a cell was old.
fn broken<R>(name: &str, cell: &str, body: impl Fn() -> R + Send + Sync + 'static) -> String
where
    R: Clone + Ord + std::hash::Hash + Send + 'static,
{
    let bounds = LoomBounds { max_executions: 100_000, ..LoomBounds::default() };
    let report = loom(&Program::new(body), &bounds);
    let found = &report.failures[&Failure::Panic];
    let picture = Picture::of(name, Failure::Panic, found);
    let stale = picture.diagnosis().stale;
    let old = |load: usize| match found.trace.steps[load].op {
        Op::Cell(loaded, CellOp::Load) => found.trace.names.of(loaded) == cell,
        _ => false,
    };
    assert!(stale.iter().any(|stale| old(stale.load)), "{:?}", found.trace);
    picture.text(Look::default())
}

/// The store of one's own flag may reach the other thread after the load of the other's flag.
#[test]
fn petersons_algorithm_needs_memory_in_order() {
    insta::assert_snapshot!(broken("peterson", "wants0", || exclusion::peterson(Some(1))));
}

#[test]
fn dekkers_algorithm_needs_memory_in_order() {
    insta::assert_snapshot!(broken("dekker", "wants0", || exclusion::dekker(Some(1))));
}

/// What says that the value is there may be seen before the value.
#[test]
fn a_double_check_needs_memory_in_order() {
    insta::assert_snapshot!(broken("double check", "value", || once::double_checked(true)));
}
