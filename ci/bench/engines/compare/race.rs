//! No locks: threads that keep no order, so nearly all of the time goes into the search.

use super::row::Row;
use super::tellers::{by_product, scenario};
use ::tellers::bank::{Accounts, move_unaudited};
use ::tellers::engine::Program;
use ::tellers::sync::thread;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

const LIMIT: Duration = Duration::from_millis(1_500);
/// How many states a second there must be.
const SPEED: f64 = 2e6;

pub(super) fn rows() -> Vec<Row> {
    vec![
        row("race, 2 × 10, 10 and 10", &equal(10)).within(LIMIT),
        row("race, 2 × 10, 30 and 20", &scenario("race", 2, 10)),
    ]
}

fn row<R: Clone + Ord + Hash + Send + 'static>(name: &str, program: &Program<R>) -> Row {
    let (row, proof) = by_product(name, program);
    let seconds = row.time.unwrap_or_default().as_secs_f64();
    let speed = proof.states as f64 / seconds;
    let bytes = proof.bytes_per_state;
    row.asked(format!("2 million states a second: {:.2}", speed / 1e6), speed >= SPEED)
        .asked(format!("64 bytes a state: {bytes}"), bytes <= 64)
}

/// The suite's race with the same amount for both, so that more ways lead to one balance.
fn equal(transfers: usize) -> Program<Vec<i64>> {
    Program::new(move || {
        let accounts = Arc::new(Accounts::numbered(2));
        let spawn = |i: usize| {
            let accounts = Arc::clone(&accounts);
            let amounts = std::iter::repeat_n(10, transfers);
            thread::spawn(move || move_unaudited(&accounts, i, 1 - i, amounts))
        };
        for teller in [0, 1].map(spawn) {
            teller.join().expect("it does not panic");
        }
        accounts.balances()
    })
    .judged_by(|_| Vec::new())
}
