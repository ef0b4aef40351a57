//! A compare-exchange that may fail although it could succeed.

use super::{assert_fails, assert_returns};
use std::sync::Arc;
use tellers::engine::Failure;
use tellers::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tellers::thread;

fn exchanged(atomic: &AtomicU32, is: u32, new: u32) -> bool {
    atomic.compare_exchange_weak(is, new, SeqCst, SeqCst).is_ok()
}

#[test]
fn a_weak_exchange_may_fail_and_a_strong_one_must_not() {
    assert_returns([0, 11], || {
        let atomic = AtomicU32::new(0);
        10 * u32::from(exchanged(&atomic, 0, 1)) + atomic.load(SeqCst)
    });
    assert_returns([1], || {
        let atomic = AtomicU32::new(0);
        atomic.compare_exchange(0, 1, SeqCst, SeqCst).unwrap() + atomic.load(SeqCst)
    });
}

#[test]
fn what_fails_for_no_reason_is_told_what_was_expected() {
    let told = |is| match AtomicU32::new(7).compare_exchange_weak(is, 8, SeqCst, SeqCst) {
        Ok(before) => before,
        Err(now) => 10 + now,
    };
    assert_returns([7, 17], move || told(7));
    assert_returns([17], move || told(6));
}

/// Adds one, as it stands in many a file.
fn add(sum: &AtomicU32) {
    let mut before = sum.load(SeqCst);
    while let Err(now) = sum.compare_exchange_weak(before, before + 1, SeqCst, SeqCst) {
        before = now;
    }
}

fn added_by_two(add: impl Fn(&AtomicU32) + Copy + Send + 'static) -> u32 {
    let sum = Arc::new(AtomicU32::new(0));
    let theirs = Arc::clone(&sum);
    let other = thread::spawn(move || add(&theirs));
    add(&sum);
    other.join().unwrap();
    sum.load(SeqCst)
}

#[test]
fn who_tries_again_adds_up() {
    assert_returns([2], || added_by_two(add));
    assert_returns([2], || {
        added_by_two(|sum| {
            sum.fetch_update(SeqCst, SeqCst, |before| Some(before + 1)).unwrap();
        })
    });
}

#[test]
fn who_takes_it_for_a_strong_one_fails() {
    assert_fails(Failure::Panic, || {
        let atomic = AtomicU32::new(0);
        assert!(exchanged(&atomic, 0, 1), "nobody else has it");
        0_u32
    });
}

#[cfg(feature = "shuttle")]
mod scheduled {
    use super::*;
    use tellers::engine::product::{Limits, product};
    use tellers::engine::{
        Count, Engine, Found, Program, Proof, Report, dfs, minimised, random, reproduced,
    };
    use tellers::hint::spin_loop;
    use tellers::trace::Picture;
    use tellers::world::Doubt;

    fn explored(body: impl Fn() + Send + Sync + 'static) -> Report<u32> {
        let body = move || {
            body();
            0
        };
        product(&Program::new(body), &Limits::default()).expect("it is answered")
    }

    fn proved(body: impl Fn() + Send + Sync + 'static) -> Proof {
        let report = explored(body);
        assert_eq!(report.failures.keys().next(), None);
        report.proof.expect("it is proved")
    }

    #[test]
    fn a_loop_that_tries_again_is_finite() {
        let proof = proved(|| add(&AtomicU32::new(0)));
        assert_eq!(proof.interleavings, Count::Finite(1_u32.into()));
        assert_eq!((proof.spins, proof.completion_always_possible), (1, true));
        assert_eq!(proof.doubts, [Doubt::WeakFailure].into());
        assert!(proof.starvation.is_none() && proof.granted.is_empty());
        let proof = proved(|| {
            assert_eq!(added_by_two(add), 2);
        });
        assert!(proof.starvation.is_none() && proof.completion_always_possible);
        // As many as if nothing ever failed for no reason.
        let strong = |sum: &AtomicU32| {
            let mut before = sum.load(SeqCst);
            while let Err(now) = sum.compare_exchange(before, before + 1, SeqCst, SeqCst) {
                before = now;
            }
        };
        let strong = proved(move || {
            added_by_two(strong);
        });
        assert_eq!(proof.interleavings, strong.interleavings);
        assert!(strong.doubts.is_empty());
    }

    #[test]
    fn the_proof_says_what_nobody_may_count_on() {
        let sentences = proved(|| add(&AtomicU32::new(0))).sentences(true);
        let said = "That a compare_exchange_weak fails spuriously is looked at, and not counted on: \
                    interleavings in which one is are not counted.";
        assert!(sentences.iter().any(|sentence| sentence == said), "{sentences:?}");
    }

    #[test]
    fn nobody_may_count_on_a_failure() {
        let report = explored(|| {
            let atomic = AtomicU32::new(0);
            while exchanged(&atomic, 0, 0) {
                spin_loop();
            }
        });
        assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::Livelock]);
    }

    #[test]
    fn where_it_fails_anyway_there_is_one_way_to_fail() {
        let proof = proved(|| assert!(!exchanged(&AtomicU32::new(0), 1, 2)));
        assert_eq!(proof.interleavings, Count::Finite(1_u32.into()));
        assert!(proof.doubts.is_empty());
    }

    #[test]
    fn who_gives_up_after_three_failures_does() {
        let three = || {
            let atomic = AtomicU32::new(0);
            let got = (0..3).any(|_| exchanged(&atomic, 0, 1));
            assert!(got, "it failed three times");
        };
        let report = explored(three);
        let found = &report.failures[&Failure::Panic];
        assert_eq!(found.trace.steps.iter().filter(|step| step.doubtful).count(), 3);
    }

    #[test]
    fn an_enumeration_has_two_failures_a_run_and_says_so() {
        let three = || {
            let atomic = AtomicU32::new(0);
            (0..3).map(|_| u32::from(!exchanged(&atomic, 0, 0))).sum()
        };
        let report = dfs(&Program::new(three), 100);
        assert_eq!(super::super::returned(&report), [0, 1, 2].into());
        assert_eq!(report.bounds[0].limit, "2 spurious wake-ups and failures a run");
        assert_eq!((report.coverage.executions, report.bounds[0].hits), (7, 1));
    }

    /// Takes it for a strong one, after a conversation with another thread.
    fn hasty() -> Program<u32> {
        Program::new(|| {
            let owner = Arc::new(AtomicU32::new(0));
            let theirs = Arc::clone(&owner);
            let other = thread::spawn(move || exchanged(&theirs, 0, 1));
            let mine = exchanged(&owner, 0, 2);
            assert!(mine || other.join().unwrap(), "nobody has it");
            owner.load(SeqCst)
        })
    }

    #[test]
    fn a_failure_for_no_reason_that_matters_to_nobody_is_left_out() {
        let program = Program::new(|| {
            let [first, others @ ..] = [0; 4].map(AtomicU32::new);
            let got = exchanged(&first, 0, 1);
            for other in &others {
                while !exchanged(other, 0, 1) {}
            }
            assert!(got);
            0_u32
        });
        let failed = |found: &Found| found.trace.steps.iter().filter(|step| step.doubtful).count();
        let first = |seed| random(&program, 20, seed).as_found.remove(&Failure::Panic);
        let found = (0..100).filter_map(first).find(|found| failed(found) == 2);
        let found = found.expect("every other run has one that does not matter");
        assert_eq!(failed(&minimised(&program, Failure::Panic, &found)), 1);
    }

    #[test]
    fn a_failure_for_no_reason_is_shown_and_replayed() {
        for engine in Engine::of_this_build() {
            let effort = crate::told::effort(*engine);
            let report = engine.run(&hasty(), effort).expect("it is answered");
            let found = &report.failures[&Failure::Panic];
            let best = minimised(&hasty(), Failure::Panic, found);
            for found in [found, &best] {
                let failed = found.trace.steps.iter().filter(|step| step.doubtful);
                assert_eq!(failed.map(|step| step.turn().choice).collect::<Vec<_>>(), [1, 1]);
                assert_eq!(reproduced(&hasty(), &found.trace, 3), 3, "{engine}");
            }
            let text = Picture::of("hasty", Failure::Panic, &best).text(Default::default());
            assert!(text.contains("fails spuriously"), "{text}");
            let remedy = "Where `compare_exchange_weak` fails it has to be tried again";
            assert!(text.contains(remedy), "{text}");
        }
    }
}
