//! What a proof says beyond its verdict, in sentences.

use tellers::engine::{Count, Proof};
use tellers::gate::count;
use tellers::thousands;

/// What is known of all interleavings together; `complete` if no bound left any out.
pub(super) fn sentences(proof: &Proof, complete: bool) -> Vec<String> {
    let mut sentences = vec![interleavings(proof)];
    if complete && proof.completion_always_possible {
        sentences.push(
            "From every state the program can still be brought to an end, right or wrong.".into(),
        );
    }
    if proof.failing.is_empty() {
        let tried = proof.tried.to_string();
        let (first, rest) = tried.split_at(1);
        sentences.push(format!("{}{rest}.", first.to_uppercase()));
    }
    sentences
}

fn interleavings(proof: &Proof) -> String {
    let states = count(proof.states as u64, "state");
    let failing: Vec<String> = proof
        .failing
        .iter()
        .enumerate()
        .map(|(i, (failure, failing))| {
            let how_many = match failing {
                Count::Finite(number) => thousands(number),
                Count::Infinite => "some".into(),
            };
            format!("{}{how_many} end in a {failure}", if i == 0 { "; " } else { ", " })
        })
        .collect();
    let (all, endless) = match &proof.interleavings {
        Count::Finite(number) => (thousands(number), ""),
        Count::Infinite => ("Infinitely many".into(), ", since a loop may repeat,"),
    };
    let together = if proof.reduced {
        ", where a step that no other thread can see belongs to the one before"
    } else {
        ""
    };
    let failing = failing.concat();
    format!("{all} interleavings{endless} lead through {states}{together}{failing}.")
}
