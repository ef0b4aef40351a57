//! What is compared, and what is asked of each comparison.

mod first;
mod left;
mod loom;
mod ordered;
mod queue;
mod race;
mod row;
mod shuttle;
mod spin;
mod tellers;
mod time;
mod timeout;
mod word;

use row::Row;

pub(super) fn main() {
    println!("{} cores; processor time, median of several runs\n", cores());
    println!("left behind by a run that deadlocks: {}\n", left::behind());
    println!("{}\n", row::table(&rows()));
    println!("timeout, unbounded, 2 threads × n\n{}", timeout::growth());
}

fn rows() -> Vec<Row> {
    let mut rows = ordered::rows();
    rows.extend(timeout::rows());
    rows.extend(race::rows());
    rows.extend(first::rows());
    rows.extend(queue::rows());
    rows
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
