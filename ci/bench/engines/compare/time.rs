//! The processor's time, which does not depend on who else is using the machine.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use std::time::Duration;

/// How much a median rests on, and how many calls at least and at most.
const ENOUGH: Duration = Duration::from_millis(1_500);
const LEAST: usize = 3;
const MOST: usize = 301;
/// A call that takes longer than this is not repeated.
const LONG: Duration = Duration::from_secs(3);

/// Calls `f` several times, but once if that takes long; gives the median of the times, and what the last call gave.
pub(super) fn median<T>(mut f: impl FnMut() -> (Duration, T)) -> (Duration, T) {
    let (first, mut last) = f();
    let (mut times, mut all) = (vec![first], first);
    while first < LONG && (times.len() < LEAST || (all < ENOUGH && times.len() < MOST)) {
        let (took, result) = f();
        times.push(took);
        all += took;
        last = result;
    }
    times.sort();
    (times[times.len() / 2], last)
}

/// Calls `f` once; gives what this process spent on it.
pub(super) fn own<T>(f: impl FnOnce() -> T) -> (Duration, T) {
    spent(UsageWho::RUSAGE_SELF, f)
}

/// Calls `f` once, which runs other processes and waits for them; gives what they spent.
pub(super) fn children<T>(f: impl FnOnce() -> T) -> (Duration, T) {
    spent(UsageWho::RUSAGE_CHILDREN, f)
}

fn spent<T>(who: UsageWho, f: impl FnOnce() -> T) -> (Duration, T) {
    let before = processor(who);
    let result = f();
    (processor(who).saturating_sub(before), result)
}

fn processor(who: UsageWho) -> Duration {
    let usage = getrusage(who).expect("the system counts");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros.try_into().unwrap_or(0))
}
