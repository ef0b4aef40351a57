//! Cycles that need not last.

use super::{both, in_one_line};
use std::time::Duration;
use tellers::engine::{Failure, Found, Starving};
use tellers::sync::thread::yield_now;
use tellers::sync::{Event, Lock, checkpoint};
use tellers::trace::{Look, Picture};

/// Two threads that take a lock of their own, try the other's, and give up: CHESS's livelock.
fn politeness(own: &Lock, other: &Lock) {
    loop {
        checkpoint(());
        own.acquire();
        if other.acquire_timeout(Duration::ZERO) {
            break;
        }
        own.release().unwrap();
        yield_now();
    }
    other.release().unwrap();
    own.release().unwrap();
}

#[test]
fn a_program_that_may_starve_says_whether_all_try_or_some_are_kept_out() {
    let polite = tellers::check(|| {
        let locks = (Lock::named("a"), Lock::named("b"));
        both(locks, |(a, b)| politeness(a, b), |(a, b)| politeness(b, a));
    });
    assert_eq!(polite.starving(), Some(Starving::AllTry));
    let polling = tellers::check(|| {
        let wait = |go: &Event| {
            while !go.is_set() {
                checkpoint(());
                yield_now();
            }
        };
        both(Event::named("go"), wait, Event::set);
    });
    assert_eq!(polling.starving(), Some(Starving::SomeKeptOut));
    let text = |report: &tellers::engine::Report<()>| {
        let found = report.proof.as_ref().and_then(|proof| proof.starvation.as_ref());
        Picture::of("", Failure::Starvation, found.unwrap()).text(Look::default())
    };
    for (name, holder) in [("b", "Thread-2"), ("a", "Thread-1")] {
        let told = in_one_line(&text(&polite));
        let (_, behind) = told.split_once(&format!("timing out on {name} (step ")).unwrap();
        let (_, behind) = behind.split_once("), ").unwrap();
        assert!(behind.starts_with(&format!("held by {holder} (step ")), "{told}");
    }
    for (report, begins) in
        [(&polite, "It can begin with the first step:"), (&polling, "After step 2 it can begin.")]
    {
        assert!(text(report).contains(&format!("\n{begins}")), "{}", text(report));
    }
    let remedy = |found: &Found| {
        let told = Picture::of("", Failure::Starvation, found);
        told.diagnosis().tell(told.trace).remedy.unwrap()
    };
    let [polite, polling] =
        [polite, polling].map(|report| report.proof.unwrap().starvation.unwrap());
    assert!(remedy(&polite).contains("locks taken in one fixed order"), "{}", remedy(&polite));
    assert!(
        remedy(&polling).contains("those who could end it get no turn"),
        "{}",
        remedy(&polling)
    );
}
