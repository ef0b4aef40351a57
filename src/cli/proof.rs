//! What a proof says beyond its verdict, in sentences.

use tellers::bank::thousands;
use tellers::engine::{Count, Proof};
use tellers::gate::count;

/// What is known of all interleavings together; `complete` if no bound left any out.
pub(super) fn sentences(proof: &Proof, complete: bool) -> Vec<String> {
    let mut sentences = vec![interleavings(proof)];
    if complete && proof.completion_always_possible {
        sentences.push(
            "None of them is a dead end: every run can be brought to an end, right or wrong."
                .into(),
        );
    }
    sentences
}

fn interleavings(proof: &Proof) -> String {
    let states = count(proof.states as u64, "state");
    let failing: Vec<String> = proof
        .failing
        .iter()
        .map(|(failure, failing)| match failing {
            Count::Finite(number) => {
                format!("; {} end in a {failure}", thousands(number))
            }
            Count::Infinite => format!("; some of them end in a {failure}"),
        })
        .collect();
    let all = match &proof.interleavings {
        Count::Finite(number) => format!("{} interleavings", thousands(number)),
        Count::Infinite => "Infinitely many interleavings, since a loop may repeat,".into(),
    };
    let together = if proof.reduced {
        ", where a step that no other thread can see belongs to the one before"
    } else {
        ""
    };
    format!("{all} lead through {states}{together}{}.", failing.concat())
}
