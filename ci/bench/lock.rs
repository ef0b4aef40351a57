//! What an uncontended lock costs, beside parking_lot's own: `cargo bench --no-default-features`.
//!
//! The two are measured in turns within one sample, so that a change of the machine's speed meets
//! both. Only the OS build has a lock that production code would use; the others say so.

#[cfg(all(not(loom), not(feature = "shuttle")))]
fn main() {
    os::main();
}

#[cfg(any(loom, feature = "shuttle"))]
fn main() {
    println!("this build has no lock to measure: use --no-default-features");
}

#[cfg(all(not(loom), not(feature = "shuttle")))]
mod os {
    use criterion::Criterion;
    use std::hint::black_box;
    use std::time::{Duration, Instant};
    use tellers::sync::Lock;

    /// What an acquire and a release may cost, in parking_lot's.
    const ALLOWED: f64 = 1.1;
    /// How often the two take turns in a sample.
    const TURNS: u64 = 64;

    /// The time that both took for the same number of rounds.
    struct Sample {
        ours: Duration,
        theirs: Duration,
    }

    pub(super) fn main() {
        let mut samples = Vec::new();
        let mut criterion = Criterion::default().configure_from_args().without_plots();
        criterion.bench_function("both locks, uncontended", |bencher| {
            bencher.iter_custom(|rounds| {
                let sample = sample(rounds.div_ceil(TURNS));
                let took = sample.ours + sample.theirs;
                samples.push(sample);
                took
            });
        });
        criterion.final_summary();
        report(&samples);
    }

    fn sample(rounds: u64) -> Sample {
        let ours = Lock::new();
        let theirs = parking_lot::Mutex::new(());
        let mut sample = Sample { ours: Duration::ZERO, theirs: Duration::ZERO };
        for _ in 0..TURNS {
            sample.ours += time(rounds, || {
                let lock = black_box(&ours);
                lock.acquire();
                lock.release().expect("it is held");
            });
            sample.theirs += time(rounds, || drop(black_box(&theirs).lock()));
        }
        sample
    }

    fn time(rounds: u64, mut round: impl FnMut()) -> Duration {
        let start = Instant::now();
        for _ in 0..rounds {
            round();
        }
        start.elapsed()
    }

    /// The median of the samples' ratios; short samples, from the warm-up, are left out.
    fn report(samples: &[Sample]) {
        let long = |sample: &&Sample| sample.theirs > Duration::from_millis(1);
        let ratio = |sample: &Sample| sample.ours.as_secs_f64() / sample.theirs.as_secs_f64();
        let mut ratios: Vec<f64> = samples.iter().filter(long).map(ratio).collect();
        ratios.sort_by(f64::total_cmp);
        let Some(median) = ratios.get(ratios.len() / 2) else {
            println!("no sample was long enough");
            return;
        };
        let verdict = if *median <= ALLOWED { "within" } else { "ABOVE" };
        println!("acquire + release: {median:.3} times parking_lot's, {verdict} {ALLOWED}");
    }
}
