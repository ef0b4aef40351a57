//! What primitives cost outside of a check, beside the real ones: `cargo bench --bench lock`.
//!
//! Two are measured in turns within one sample, so that a change of the machine's speed meets both. The
//! lesson's lock is one that production code would use only in the OS build (`--no-default-features`); std's
//! primitives are the real ones outside of a check in every build.

use criterion::Criterion;
use std::hint::black_box;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};
use tellers::sync::atomic::AtomicU64;
use tellers::sync::{Mutex, RwLock};

/// What an acquire and a release may cost, in those of the real lock.
const ALLOWED: f64 = 1.1;
/// What a load may cost more than the real one, in nanoseconds.
const MORE: f64 = 1.0;
/// How often the two take turns in a sample.
const TURNS: u64 = 64;

/// The time that both took for the same number of rounds.
struct Sample {
    ours: Duration,
    theirs: Duration,
    rounds: u64,
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args().without_plots();
    let (ours, theirs) = (Mutex::new(0_u64), std::sync::Mutex::new(0_u64));
    let samples = sampled(
        &mut criterion,
        "mutex, uncontended",
        || *black_box(&ours).lock().expect("nobody panics") += 1,
        || *black_box(&theirs).lock().expect("nobody panics") += 1,
    );
    report_ratio("lock and unlock a mutex", "std's", &samples);
    let (ours, theirs) = (RwLock::new(0_u64), std::sync::RwLock::new(0_u64));
    let samples = sampled(
        &mut criterion,
        "rwlock, uncontended",
        || drop(black_box(black_box(&ours).read().expect("nobody panics"))),
        || drop(black_box(black_box(&theirs).read().expect("nobody panics"))),
    );
    report_ratio("read an rwlock", "std's", &samples);
    let (ours, theirs) = (AtomicU64::new(0), std::sync::atomic::AtomicU64::new(0));
    let samples = sampled(
        &mut criterion,
        "atomic load",
        || {
            black_box(black_box(&ours).load(SeqCst));
        },
        || {
            black_box(black_box(&theirs).load(SeqCst));
        },
    );
    report_difference("load an atomic", "std's", &samples);
    #[cfg(all(not(loom), not(feature = "shuttle")))]
    lesson::measure(&mut criterion);
    criterion.final_summary();
}

#[cfg(all(not(loom), not(feature = "shuttle")))]
mod lesson {
    use super::{Criterion, black_box, report_ratio, sampled};
    use tellers::sync::Lock;

    pub(super) fn measure(criterion: &mut Criterion) {
        let (ours, theirs) = (Lock::new(), parking_lot::Mutex::new(()));
        let samples = sampled(
            criterion,
            "both locks, uncontended",
            || {
                let lock = black_box(&ours);
                lock.acquire();
                lock.release().expect("it is held");
            },
            || drop(black_box(&theirs).lock()),
        );
        report_ratio("acquire + release", "parking_lot's", &samples);
    }
}

fn sampled(
    criterion: &mut Criterion,
    what: &str,
    mut ours: impl FnMut(),
    mut theirs: impl FnMut(),
) -> Vec<Sample> {
    let mut samples = Vec::new();
    criterion.bench_function(what, |bencher| {
        bencher.iter_custom(|rounds| {
            let rounds = rounds.div_ceil(TURNS);
            let zero = Duration::ZERO;
            let mut sample = Sample { ours: zero, theirs: zero, rounds: rounds * TURNS };
            for _ in 0..TURNS {
                sample.ours += time(rounds, &mut ours);
                sample.theirs += time(rounds, &mut theirs);
            }
            let took = sample.ours + sample.theirs;
            samples.push(sample);
            took
        });
    });
    // Short ones, from the warm-up, say nothing.
    samples.retain(|sample| sample.theirs > Duration::from_millis(1));
    samples
}

fn time(rounds: u64, round: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..rounds {
        round();
    }
    start.elapsed()
}

/// The median of the samples' ratios.
fn report_ratio(what: &str, whose: &str, samples: &[Sample]) {
    let ratio = |sample: &Sample| sample.ours.as_secs_f64() / sample.theirs.as_secs_f64();
    match median(samples.iter().map(ratio)) {
        None => println!("{what}: no sample was long enough"),
        Some(ratio) => {
            println!("{what}: {ratio:.3} times {whose}, {} {ALLOWED}", judged(ratio <= ALLOWED));
        }
    }
}

/// The median of the samples' differences, for one round.
fn report_difference(what: &str, whose: &str, samples: &[Sample]) {
    let more = |sample: &Sample| {
        let more = sample.ours.as_secs_f64() - sample.theirs.as_secs_f64();
        more * 1e9 / sample.rounds as f64
    };
    match median(samples.iter().map(more)) {
        None => println!("{what}: no sample was long enough"),
        Some(more) => {
            println!("{what}: {more:.2} ns more than {whose}, {} {MORE}", judged(more <= MORE));
        }
    }
}

fn median(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

fn judged(is_met: bool) -> &'static str {
    if is_met { "within" } else { "ABOVE" }
}
