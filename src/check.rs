//! Checks a closure from a test.

use crate::engine::{Effort, Engine, Failure, Found, Program, Report, Watch};
use crate::sync::backend;
use crate::trace::{Look, Picture, Place};
use std::ffi::OsString;
use std::hash::Hash;
use std::time::Duration;

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
/// If an interleaving deadlocks, livelocks, panics or has a data race: with the simplest one that does, step by step,
/// and what it comes down to. Also if the engine cannot answer, or the search was cut short: by a bound, or
/// by a thread that blocks outside of [`sync`](crate::sync). A closure that overflows its stack or aborts ends
/// the process, after a line that says so; [`Apart`](crate::Apart) keeps the other tests alive.
///
/// # Limits
/// A search takes as many states as there are, in 8 GiB. These variables of the environment set other limits,
/// for all checks of a process: `TELLERS_MAX_STATES`, `TELLERS_MAX_MEMORY` (in MiB, for the states and what is
/// learned of the threads) and `TELLERS_MAX_TIME` (in seconds; how far a search comes in it depends on the
/// machine, and a failure is then made simpler for no longer than that). A search that they cut short says so,
/// and what it had covered. A failure that was found early is
/// printed to standard error if the rest takes longer than two seconds.
#[track_caller]
pub fn check<R>(body: impl Fn() -> R + Send + Sync + 'static) -> Report<R>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let place = Place::caller();
    backend::refuse_inside_of_a_run(Some(place));
    let engine = Engine::of_this_build()[0];
    let effort = within(Effort::of(engine), |name| std::env::var_os(name));
    let effort = effort.unwrap_or_else(|wrong| panic!("{wrong}"));
    let program = Program::new(body);
    let watched = program.clone().watched_by(Watch::default().showing(PATIENCE, show(place)));
    match engine.run(&watched, effort) {
        Ok(report) => match complaint(&program.within(effort.time), &report, place) {
            None => report,
            Some(complaint) => panic!("{complaint}"),
        },
        Err(error) => panic!("{error}"),
    }
}

/// Longer searches show a failure that was found early.
const PATIENCE: Duration = Duration::from_secs(2);

fn show(place: Place) -> impl Fn(Failure, &Found) + Send + Sync + 'static {
    move |failure, found| {
        let picture = Picture::of(&place.to_string(), failure, found).text(Look::default());
        eprintln!(
            "tellers: this fails; the search for the simplest failing interleaving goes on\n\n{picture}"
        );
    }
}

/// This effort within the limits that variables set.
fn within(usual: Effort, variable: impl Fn(&str) -> Option<OsString>) -> Result<Effort, String> {
    let number = |name: &str| match variable(name) {
        None => Ok(None),
        Some(set) => {
            match set.to_str().and_then(|set| set.parse::<u32>().ok()).filter(|&n| n > 0) {
                Some(number) => Ok(Some(number)),
                None => Err(format!(
                    "{name} is {set:?}: set it to a whole number, at least 1, or unset it"
                )),
            }
        }
    };
    let time = number("TELLERS_MAX_TIME")?.map(|n| Duration::from_secs(n.into()));
    Ok(Effort {
        states: number("TELLERS_MAX_STATES")?.map_or(usual.states, |n| n as usize),
        bytes: number("TELLERS_MAX_MEMORY")?.map_or(usual.bytes, |n| (n as usize) << 20),
        time: time.or(usual.time),
        ..usual
    })
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
    fn variables_set_limits_and_what_is_none_is_told_of() {
        let usual = Effort::default();
        let set = |name: &'static str, value: &'static str| {
            within(usual, move |asked| (asked == name).then(|| value.into()))
        };
        assert_eq!(within(usual, |_| None), Ok(usual));
        assert_eq!(set("TELLERS_MAX_STATES", "7"), Ok(Effort { states: 7, ..usual }));
        assert_eq!(set("TELLERS_MAX_MEMORY", "2"), Ok(Effort { bytes: 2 << 20, ..usual }));
        let time = Some(Duration::from_secs(3));
        assert_eq!(set("TELLERS_MAX_TIME", "3"), Ok(Effort { time, ..usual }));
        let wrong = "TELLERS_MAX_TIME is \"0\": set it to a whole number, at least 1, or unset it";
        assert_eq!(set("TELLERS_MAX_TIME", "0"), Err(wrong.into()));
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
