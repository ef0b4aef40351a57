//! On programs that nobody wrote, loom agrees with the reference: the same programs, from the same
//! seed, as in the other builds.

use crate::common::reference::without_doubt;
use crate::common::{
    Outcome, Shape, Told, for_random_programs, lines, nameless, outcomes, program,
};
use std::collections::BTreeSet;
use tellers::engine::{LoomBounds, Program, loom};

/// A program with more states than this is left out.
const MAX_STATES: usize = 1_000;

/// A program with more executions than this is left out.
const MAX_EXECUTIONS: u64 = 2_000;

/// Loops have a bound, since loom has none for them.
const SHAPE: Shape = Shape { children: 2, len: 3, endless: false, ..Shape::ALL };

/// Every outcome that loom finds, if it gets to the end.
fn explored(program: &Program<Told>) -> Option<BTreeSet<Outcome>> {
    let bounds = LoomBounds { max_executions: MAX_EXECUTIONS, ..LoomBounds::default() };
    let report = loom(program, &bounds);
    report.is_exhaustive().then(|| outcomes(&report))
}

#[test]
fn what_is_under_locks_has_the_outcomes_of_the_reference() {
    for_random_programs(60, Shape { disciplined: true, ..SHAPE }, |main| {
        let Some(known) = without_doubt(main, MAX_STATES) else { return false };
        let Some(found) = explored(&program(main)) else { return false };
        match known.races() {
            true => assert!(found.iter().any(Outcome::is_raced), "{found:?}"),
            false => assert_eq!(nameless(&found), nameless(&known.all())),
        }
        true
    });
}

#[test]
fn cells_without_locks_have_at_least_those() {
    for_random_programs(60, SHAPE, |main| {
        let Some(known) = without_doubt(main, MAX_STATES) else { return false };
        let Some(found) = explored(&program(main)) else { return false };
        let (found, all) = (nameless(&found), nameless(&known.all()));
        match known.races() {
            true => assert!(found.iter().any(Outcome::is_raced), "{found:?}"),
            false => assert!(all.is_subset(&found), "missed: {:?}", all.difference(&found)),
        }
        true
    });
}

/// Holds loom against the outcomes that a program is known to have.
pub(crate) fn agree(program: &Program<Told>, known: &[&str]) {
    assert_eq!(lines(&explored(program).expect("it is small")), known);
}
