//! Checks a closure from a test.

use crate::engine::{Effort, Engine, Program, Report};
use crate::trace::{Look, Picture, Place};
use std::hash::Hash;

/// Checks every interleaving of a closure over [`sync`](crate::sync) that this build's best engine can
/// reach, and gives what it found: the outcomes, the coverage and, in the default build, the
/// [proof](crate::engine::Proof).
///
/// ```
/// use std::sync::Arc;
/// use tellers::sync::{Cell, Lock, thread};
///
/// let report = tellers::check(|| {
///     let account = Arc::new((Lock::named("lock"), Cell::named("account", 100)));
///     let other = Arc::clone(&account);
///     let depositor = thread::spawn(move || {
///         let _held = other.0.guard();
///         other.1.store(other.1.load() + 10);
///     });
///     {
///         let _held = account.0.guard();
///         account.1.store(account.1.load() + 5);
///     }
///     depositor.join().unwrap();
///     assert_eq!(account.1.load(), 115);
/// });
/// assert!(report.coverage.contended > 0);
/// ```
///
/// # Panics
/// If an interleaving deadlocks, livelocks or panics: with the simplest one that does, step by step,
/// and what it comes down to. Also if the engine cannot answer, or the search was cut short: by a bound, or
/// by code that would have ended the process or blocks outside of [`sync`](crate::sync).
#[track_caller]
pub fn check<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let place = Place::caller();
    let program = Program::new(body);
    let engine = Engine::of_this_build()[0];
    match engine.run(&program, Effort::of(engine)) {
        Ok(report) => match complaint(&program, &report, place) {
            None => report,
            Some(complaint) => panic!("{complaint}"),
        },
        Err(error) => panic!("{error}"),
    }
}

fn complaint<R>(program: &Program<R>, report: &Report<R>, place: Place) -> Option<String>
where
    R: Clone + Ord + Hash + 'static,
{
    if let Some((&failure, found)) = report.failures.iter().min_by_key(|(_, found)| found.size) {
        let title = place.to_string();
        let found = Engine::minimised(program, failure, found);
        let unreached = Engine::unreached(program, &found.trace);
        let picture = Picture { unreached, ..Picture::of(&title, failure, &found) };
        let picture = picture.text(Look { source: true, ..Look::default() });
        let cut_short = report.extent.cut_short();
        let cut_short = cut_short.map(|why| format!("\nThe search was cut short {why}.\n"));
        let cut_short = cut_short.unwrap_or_default();
        return Some(format!("a failing interleaving\n\n{picture}{cut_short}"));
    }
    match report.extent.cut_short() {
        Some(why) => Some(format!("not proved: cut short {why}")),
        None if report.outcomes.is_empty() => Some("not proved: a bound cut off every run".into()),
        None => None,
    }
}
