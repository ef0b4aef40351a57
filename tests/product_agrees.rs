//! The product engine finds what shuttle's enumeration finds, no more and no less.
#![cfg(all(not(loom), feature = "shuttle"))]

mod common;

use proptest::prelude::*;
use tellers::engine::product::{Limits, product};
use tellers::engine::{Count, dfs};

/// Beyond this many interleavings a program is left out: enumerating it would take too long.
const MAX_EXECUTIONS: u64 = 1_000;

fn cases() -> ProptestConfig {
    let cases = std::env::var("TELLERS_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(300);
    ProptestConfig {
        cases,
        max_global_rejects: 20 * cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn outcomes_counts_and_simplest_failures_are_those_of_the_enumeration(
        threads in common::threads(2..=3, 5)
    ) {
        let program = common::program(threads);
        let known = dfs(&program, MAX_EXECUTIONS);
        prop_assume!(known.is_exhaustive());
        let found = product(&program, &Limits { samples: 8, ..Limits::default() }).unwrap();
        prop_assert_eq!(&found.outcomes, &known.outcomes);
        let proof = found.proof.unwrap();
        let cut: u64 = known.bounds.iter().map(|bound| bound.hits).sum();
        let ended = known.coverage.executions - cut;
        prop_assert_eq!(proof.interleavings, Count::Finite(ended.into()));
        prop_assert_eq!(&found.bounds, &known.bounds);
        let sizes = |failures: &std::collections::BTreeMap<_, tellers::engine::Found>| {
            failures.iter().map(|(&kind, found)| (kind, found.size)).collect::<Vec<_>>()
        };
        prop_assert_eq!(sizes(&found.failures), sizes(&known.failures));
    }
}
