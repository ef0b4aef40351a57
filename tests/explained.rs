//! What is said of a failing program that nobody wrote is so, sentence by sentence.
#![cfg(all(not(loom), feature = "shuttle"))]

#[path = "diagnosis/claims.rs"]
mod claims;
#[path = "diagnosis/counting.rs"]
mod counting;

use crate::common::{Shape, Told, for_random_programs, program};
use claims::Claims;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem::discriminant;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Engine, Failure, Found, Program};
use tellers::trace::{Look, Picture};

/// A program with more states than this is left out.
const MAX_STATES: usize = 5_000;

#[test]
fn whatever_a_failing_program_is_told_is_so() {
    let said = RefCell::new(BTreeMap::<String, usize>::new());
    for_random_programs(400, Shape::ALL, |main| {
        let program = program(main);
        let limits = Limits { states: MAX_STATES, samples: 2, ..Limits::default() };
        let Ok(report) = product(&program, &limits) else { return false };
        let cycle = report.proof.as_ref().and_then(|proof| proof.starvation.as_ref());
        let failures = report.failures.iter().map(|(&failure, found)| (failure, found));
        let all: Vec<_> = failures.chain(cycle.map(|cycle| (Failure::Starvation, cycle))).collect();
        for &(failure, found) in &all {
            explain(&program, failure, found, &mut said.borrow_mut());
        }
        !all.is_empty()
    });
    let said = said.into_inner();
    let seen = |what: &str| said.keys().any(|told| told.contains(what));
    for what in ["Deadlock", "Livelock", "Panic", "Starvation", "Never", "Computed"] {
        assert!(seen(what), "nothing is told of {what}: {said:?}");
    }
}

fn explain(
    program: &Program<Told>,
    failure: Failure,
    found: &Found,
    said: &mut BTreeMap<String, usize>,
) {
    let found = Engine::followed(program, found);
    for step in &found.trace.steps {
        *said.entry(format!("{:?}", step.follows)).or_default() += 1;
    }
    let picture = Picture::of("random", failure, &found);
    let diagnosis = picture.diagnosis();
    let claims = Claims::of(&found.trace);
    claims.check(&diagnosis);
    claims.check_words(&diagnosis.tell(&found.trace));
    let text = picture.text(Look::default());
    let headline = diagnosis.headline().to_string().to_uppercase();
    assert!(text.starts_with(&headline), "{text}");
    counting::check(&picture, &text);
    let cause = diagnosis.cause.as_ref().map(discriminant);
    *said.entry(format!("{failure:?} {headline} {cause:?}")).or_default() += 1;
}
