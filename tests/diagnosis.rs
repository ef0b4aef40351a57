//! Every claim of a diagnosis holds in the world, for random programs as for the lesson's.
#![cfg(all(not(loom), feature = "shuttle"))]

mod by_hand;
mod claims;
mod scripts;

use claims::Claims;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use scripts::{scripts, written};
use std::collections::BTreeMap;
use tellers::engine::{Failure, random};
use tellers::suite;
use tellers::trace::{Cause, Look, Picture, Trace, View};

fn hold(trace: &Trace, failure: Failure) -> Option<Cause> {
    let diagnosis = tellers::trace::Diagnosis::of(trace, failure);
    let claims = Claims::of(trace);
    claims.check(&diagnosis);
    claims.check_words(&diagnosis.tell(trace));
    diagnosis.cause
}

#[test]
fn the_lessons_failures_are_explained_truly() {
    for scenario in suite::scenarios() {
        let report = random(&scenario.program(scenario.setup), 500, 3);
        for (&failure, found) in &report.failures {
            assert!(hold(&found.trace, failure).is_some(), "{} {failure}", scenario.name);
        }
    }
}

#[test]
fn random_programs_fail_in_every_way() {
    let mut runner = TestRunner::deterministic();
    let mut found = BTreeMap::new();
    for seed in 0..200 {
        let script = scripts().new_tree(&mut runner).expect("nothing is rejected").current();
        for (&failure, simplest) in &random(&written(&script), 20, seed).failures {
            if hold(&simplest.trace, failure).is_some() {
                *found.entry(failure).or_insert(0) += 1;
            }
        }
    }
    assert!(found.len() == 5 && found.values().all(|&times| times >= 5), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn random_failures_are_explained_truly(program in scripts(), seed: u64) {
        let report = random(&written(&program), 20, seed);
        for (&failure, found) in &report.failures {
            hold(&found.trace, failure);
        }
    }

    #[test]
    fn json_survives_being_read(program in scripts(), seed: u64) {
        let report = random(&written(&program), 5, seed);
        for (&failure, found) in &report.failures {
            let picture = Picture::of("random", failure, found);
            let read = View::parse(&picture.json()).expect("it was just written");
            prop_assert_eq!(read, View::of(&picture));
            prop_assert!(picture.markdown().contains("```mermaid\nsequenceDiagram\n"));
        }
    }

    #[test]
    fn no_picture_is_wider_than_asked(program in scripts(), seed: u64, width in 40_usize..200) {
        let report = random(&written(&program), 5, seed);
        for (&failure, found) in &report.failures {
            let picture = Picture::of("random", failure, found);
            for line in picture.text(Look { width, ..Look::default() }).lines() {
                prop_assert!(line.chars().count() <= width, "{}", line);
            }
        }
    }
}
