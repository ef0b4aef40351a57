//! Locks taken in time or not at all, with retry loops that have no bound.

use super::row::{Row, align_right, milliseconds, number, plain};
use super::spin::{self, Model};
use super::tellers::{by_product, scenario};
use comfy_table::Table;
use std::time::Duration;

/// How many runs of the real code the program for two may take.
const RUNS: u64 = 1_000;

const WORDS: [&str; 2] = ["spin", "spin, not reduced"];
const TIMEOUT: Model = Model { source: include_str!("../../timeout.pml"), engines: WORDS };
const RING: Model = Model { source: include_str!("../../ring.pml"), engines: WORDS };
const PLAIN: Model = Model {
    source: include_str!("../../timeout-plain.pml"),
    engines: ["spin, plain", "spin, plain, not reduced"],
};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = two();
    rows.extend(ring(4, Duration::from_millis(30)));
    rows.extend(ring(5, Duration::from_secs(2)));
    rows
}

fn two() -> Vec<Row> {
    let name = "timeout, 2 × 100";
    let (product, proof) = by_product(name, &scenario("timeout", 2, 100));
    let few = product.runs.is_some_and(|runs| runs <= RUNS);
    let bytes = proof.bytes_per_state;
    let mut product = product
        .asked(format!("at most {RUNS} runs"), few)
        .within(Duration::from_millis(300))
        .asked(format!("64 bytes a state: {bytes}"), bytes <= 64);
    let [plain, tight] = [PLAIN, TIMEOUT].map(|model| spin::rows(name, &model, &[("N", 100)]));
    for (times, spins) in [(2.0, &plain), (1.0, &tight)] {
        if let Some(fastest) = fastest(spins) {
            product = product.faster(times, fastest);
        }
    }
    [vec![product], plain, tight].concat()
}

fn fastest(rows: &[Row]) -> Option<&Row> {
    rows.iter().filter(|row| row.time.is_some()).min_by_key(|row| row.time)
}

fn ring(threads: usize, limit: Duration) -> Vec<Row> {
    let name = format!("timeout-ring, {threads} × 2");
    let (product, _) = by_product(&name, &scenario("timeout-ring", threads, 2));
    let spins = spin::rows(&name, &RING, &[("K", threads), ("N", 2)]);
    [vec![product.within(limit)], spins].concat()
}

/// States, runs and time, as the number of transfers grows.
pub(super) fn growth() -> Table {
    let mut table = plain(["n", "states", "states / n²", "runs", "runs / n", "time"]);
    for n in [10, 20, 50, 100, 200, 300] {
        let (row, _) = by_product("timeout", &scenario("timeout", 2, n));
        let (states, runs) = (row.states.unwrap_or(0), row.runs.unwrap_or(0));
        table.add_row([
            n.to_string(),
            number(states),
            format!("{:.1}", states as f64 / (n * n) as f64),
            number(runs),
            format!("{:.1}", runs as f64 / n as f64),
            milliseconds(row.time.unwrap_or_default()),
        ]);
    }
    align_right(&mut table, 0..6);
    table
}
