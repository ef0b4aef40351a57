//! Locks taken in order: what executions cost, and states do not.

use super::row::Row;
use super::tellers::{by_dfs, by_product, scenario};
use super::{loom, shuttle};
use ::tellers::bank::{Accounts, INITIAL, move_funds2};
use ::tellers::engine::Program;
use ::tellers::sync::{Lock, thread};
use std::sync::Arc;

/// How many runs of the real code the smaller program may take.
const RUNS: u64 = 6;

pub(super) fn rows() -> Vec<Row> {
    let mut rows = two();
    rows.extend(four());
    rows
}

fn two() -> Vec<Row> {
    let name = "ordered, 2 × 3";
    let program = pair(3);
    let (product, _) = by_product(name, &program);
    let (words, mutexes) = (loom::two_words(name, 3), loom::two_mutexes(name, 3));
    let few = product.runs.is_some_and(|runs| runs <= RUNS);
    let product = product.asked(format!("at most {RUNS} runs"), few).faster(300.0, &words);
    vec![product, words, mutexes, shuttle::two(name, 3), by_dfs(name, &program)]
}

fn four() -> Vec<Row> {
    let name = "ordered, 4 × 1";
    let (product, _) = by_product(name, &scenario("ordered", 4, 1));
    let loom = loom::mutexes(name, 4, 1);
    vec![product.faster(1_000.0, &loom), loom]
}

/// The lesson's transfers in two threads, the main thread being one of them. Here each load and each
/// store of a balance is an operation as well.
fn pair(transfers: usize) -> Program<i64> {
    const EXPECTED: i64 = 2 * INITIAL;
    Program::new(move || {
        let shared = Arc::new((Accounts::numbered(2), Lock::new(), Lock::new()));
        let theirs = Arc::clone(&shared);
        let teller = move |(accounts, first, second): &(Accounts, Lock, Lock), from: usize| {
            let amounts = std::iter::repeat_n(30, transfers);
            move_funds2(accounts, (from, first), (1 - from, second), EXPECTED, amounts)
        };
        let spawned = thread::spawn(move || teller(&theirs, 1));
        teller(&shared, 0);
        spawned.join().expect("it does not panic");
        shared.0.total()
    })
}
