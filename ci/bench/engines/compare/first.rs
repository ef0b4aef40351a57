//! The first failure of a wide program, and the simplest one of a program that few ways lead astray.

use super::row::Row;
use super::tellers::scenario;
use super::time::{median, own};
use ::tellers::engine::product::{Limits, product};
use ::tellers::engine::{Program, Report, Watch};
use ::tellers::sync::{Cell, Lock, thread};
use std::hash::Hash;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(1);

pub(super) fn rows() -> Vec<Row> {
    vec![
        first("first failure, 6 × 3 increments", increments(6, 3)),
        first("first failure, race, 4 × 3", scenario("race", 4, 3)),
        simplest(7),
        simplest(8),
    ]
}

/// The search until it has a failure to show.
fn first<R>(name: &str, program: Program<R>) -> Row
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let (time, report) = median(|| {
        let stop = Arc::<AtomicBool>::default();
        let press = Arc::clone(&stop);
        let watch = Watch::new(stop, |_| ());
        let watch = watch.showing(Duration::ZERO, move |_, _| press.store(true, Ordering::Relaxed));
        let program = program.clone().watched_by(watch);
        own(|| product(&program, &Limits::default()).expect("it is deterministic"))
    });
    let runs = Some(report.coverage.executions);
    let row = Row { runs, time: Some(time), ..Row::new(name, "product") };
    row.asked("it fails", !report.failures.is_empty()).within(LIMIT)
}

/// Philosophers who may deadlock, beside those who cannot.
fn simplest(seats: usize) -> Row {
    let explore = |in_order| {
        let program = philosophers(seats, in_order);
        median(|| own(|| product(&program, &Limits::default()).expect("it is deterministic")))
    };
    let (ordered, _) = explore(true);
    let (time, report): (_, Report<()>) = explore(false);
    let states = report.proof.map(|proof| proof.states as u64);
    let name = format!("simplest failure, {seats} philosophers");
    let row = Row { states, time: Some(time), ..Row::new(name, "product") };
    let ratio = time.as_secs_f64() / ordered.as_secs_f64();
    row.asked(format!("at most 2 × as long as in order: {ratio:.1} ×"), ratio <= 2.0)
}

fn philosophers(seats: usize, in_order: bool) -> Program<()> {
    Program::new(move || {
        let forks: Arc<Vec<Lock>> = Arc::new((0..seats).map(|_| Lock::new()).collect());
        let all = (0..seats).map(|seat| {
            let forks = Arc::clone(&forks);
            thread::spawn(move || {
                let (left, right) = (seat, (seat + 1) % seats);
                let (one, other) = match in_order {
                    true => (left.min(right), left.max(right)),
                    false => (left, right),
                };
                let _one = forks[one].guard();
                let _other = forks[other].guard();
            })
        });
        all.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().expect("it is well"));
    })
}

fn increments(threads: usize, times: usize) -> Program<()> {
    Program::new(move || {
        let sum = Arc::new(Cell::new(0));
        let all = (0..threads).map(|_| {
            let sum = Arc::clone(&sum);
            thread::spawn(move || (0..times).for_each(|_| sum.store(sum.load() + 1)))
        });
        all.collect::<Vec<_>>().into_iter().for_each(|thread| thread.join().expect("it is well"));
        assert_eq!(sum.load(), (threads * times) as i64);
    })
}
