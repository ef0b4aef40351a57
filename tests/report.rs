//! What a report adds up to.
#![cfg(all(not(loom), feature = "shuttle"))]

use std::sync::{Arc, Mutex};
use tellers::engine::{Count, Coverage, Program, Verdict, Watch, random};
use tellers::sync::assume;

#[test]
fn coverage_adds_up_but_for_the_most_preemptions_of_a_run() {
    let of = |n: u64, preemptions| Coverage {
        executions: n,
        steps: n + 1,
        contended: n + 2,
        timeouts: n + 3,
        stale: n + 4,
        preemptions,
    };
    let mut coverage = of(10, 3);
    coverage += of(20, 2);
    let sum = Coverage {
        executions: 30,
        steps: 32,
        contended: 34,
        timeouts: 36,
        stale: 38,
        preemptions: 3,
    };
    assert_eq!(coverage, sum);
}

#[test]
fn who_watches_is_told_how_many_runs_there_have_been() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let watch =
        Watch::new(Arc::default(), move |progress| tell.lock().unwrap().push(progress.runs));
    random(&Program::new(|| ()).watched_by(watch), 600, 0);
    assert_eq!(*told.lock().unwrap(), [256, 512]);
}

#[test]
fn nothing_is_shown_by_runs_that_were_all_left_out() {
    let report = random(&Program::new(|| assume(false)), 5, 0);
    assert_eq!(report.verdict(), Verdict::NotProved);
    let report = random(&Program::new(|| assume(true)), 5, 0);
    assert_eq!(report.verdict(), Verdict::Sampled);
}

#[test]
fn a_count_says_when_there_is_no_end_of_them() {
    assert_eq!(Count::Infinite.to_string(), "infinitely many");
    assert_eq!(Count::Finite(12_u32.into()).to_string(), "12");
}
