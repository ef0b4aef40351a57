//! Checks a closure from a test.

use crate::engine::{Effort, Engine, Program, Report};
use crate::sync::backend;
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
/// by a thread that blocks outside of [`sync`](crate::sync). A closure that overflows its stack or aborts ends
/// the process, after a line that says so; [`Apart`](crate::Apart) keeps the other tests alive.
#[track_caller]
pub fn check<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let place = Place::caller();
    backend::refuse_inside_of_a_run(Some(place));
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
        let found = Engine::followed(program, &Engine::minimised(program, failure, found));
        let unreached = Engine::unreached(program, &found.trace);
        let picture = Picture { unreached, ..Picture::of(&title, failure, &found) };
        let picture = picture.text(Look { source: true, ..Look::default() });
        let known = report.proof.iter().flat_map(|proof| proof.sentences(report.bounds.is_empty()));
        let cut_short = report.extent.cut_short();
        let cut_short = cut_short.map(|why| format!("The search was cut short {why}."));
        let known: String =
            known.chain(cut_short).map(|sentence| format!("\n{sentence}")).collect();
        return Some(format!("a failing interleaving\n\n{picture}{known}\n"));
    }
    match report.extent.cut_short() {
        Some(why) => Some(format!("not proved: cut short {why}")),
        None if report.outcomes.is_empty() => Some("not proved: a bound cut off every run".into()),
        None => None,
    }
}

#[cfg(all(test, not(loom), feature = "shuttle"))]
mod tests {
    use super::*;
    use crate::sync::{Cell, Lock, thread};
    use std::sync::Arc;

    /// Whoever comes second waits for ever; one of them goes on for long if it comes first.
    fn never_released() {
        let lock = Arc::new(Lock::named("lock"));
        let theirs = Arc::clone(&lock);
        drop(thread::spawn(move || theirs.acquire()));
        lock.acquire();
        let own = Cell::named("own", 0);
        (0..200).for_each(|i| own.store(i));
    }

    #[test]
    fn a_check_that_was_cut_short_says_so_beside_the_failure_it_found() {
        let program = Program::new(never_released);
        let effort = Effort { states: 30, ..Effort::default() };
        let report = Engine::Product.run(&program, effort).expect("it is answered");
        let said = complaint(&program, &report, Place::caller()).expect("it fails");
        assert!(said.starts_with("a failing interleaving\n\nDEADLOCK"), "{said}");
        assert!(said.contains("\nThe search was cut short at the limit of states: "), "{said}");
    }
}
