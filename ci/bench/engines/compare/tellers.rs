//! The engines of this crate, on the scenarios of its suite.

use super::row::{Row, milliseconds};
use super::time::{median, own};
use ::tellers::engine::product::{Limits, product};
use ::tellers::engine::{Program, Proof, dfs};
use ::tellers::suite::{Setup, find};
use std::hash::Hash;

/// A scenario of the suite, with loops that have no bound.
pub(super) fn scenario(
    name: &str,
    threads: usize,
    transfers: usize,
) -> Program<impl Ord + Clone + Hash + Send + 'static> {
    let scenario = find(name).expect("the suite has it");
    scenario.program(Setup { transfers, ..Setup::of(threads) })
}

/// The product engine, once it has proved or refuted all there is.
pub(super) fn by_product<R>(name: &str, program: &Program<R>) -> (Row, Proof)
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let limits = Limits::default();
    let (time, report) = median(|| own(|| product(program, &limits).expect("it is deterministic")));
    let proof = report.proof.expect("no limit is so low");
    let unheld = Limits { samples: 0, ..limits };
    let (bare, _) = median(|| own(|| product(program, &unheld).expect("it is deterministic")));
    let held = time.saturating_sub(bare);
    let row = Row {
        note: format!(
            "of these {} for {} runs on the real code",
            milliseconds(held),
            proof.samples
        ),
        runs: Some(report.coverage.executions),
        states: Some(proof.states as u64),
        time: Some(time),
        ..Row::new(name, "product")
    };
    (row, proof)
}

/// Shuttle's enumeration, over [`sync`](::tellers::sync).
pub(super) fn by_dfs<R>(name: &str, program: &Program<R>) -> Row
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let (time, report) = own(|| dfs(program, u64::MAX >> 1));
    let runs = Some(report.coverage.executions);
    Row { runs, time: Some(time), ..Row::new(name, "dfs over sync") }
}
