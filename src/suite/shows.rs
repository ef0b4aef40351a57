//! What a report must show besides failures.

use super::{Audit, Setup};
use crate::bank::Stop;
use crate::engine::{Conclusion, Failure, Report};
use crate::trace::Replay;
use crate::world::WaitFor;

/// Something that a report must show.
#[derive(Clone, Copy, Debug)]
pub struct Show {
    /// What it is, in words that come after "no" or "not shown:".
    pub about: &'static str,
    /// Whether it is a fact about every run, so that each run seen must agree, and not something
    /// that only some run need show.
    pub always: bool,
    /// Whether the report shows it.
    pub holds: fn(&Report<Audit>, &Setup) -> bool,
}

/// A thread came to a lock that another one held.
pub(super) const CONTENTION: Show =
    Show { about: "contention", always: false, holds: |report, _| report.coverage.contended > 0 };

/// A timed acquire timed out.
pub(super) const TIMEOUTS: Show = Show {
    about: "timeouts fired",
    always: false,
    holds: |report, _| report.coverage.timeouts > 0,
};

/// A thread found a wrong sum, another stopped because of it, and no money was missing.
pub(super) const STOPPED_ON_FLAG: Show = Show {
    about: "a thread stopped by another's flag in a run whose total is right",
    always: false,
    holds: |report, _| {
        audits(report).any(|audit| {
            let flagged = |stop: &Stop| matches!(stop, Stop::Inconsistent { .. });
            let stopped = |stop: &Stop| matches!(stop, Stop::OtherFlagged { .. });
            let mut stops = audit.stops.iter();
            audit.is_conserved() && stops.any(flagged) && audit.stops.iter().any(stopped)
        })
    },
};

/// Whoever reads the locks at the end finds them free.
pub(super) const ALL_FREE: Show = Show {
    about: "all locks free once the program has ended",
    always: true,
    holds: |report, _| audits(report).all(|audit| !audit.locked.contains(&true)),
};

/// A deadlock leaves every lock locked.
pub(super) const STILL_LOCKED: Show = Show {
    about: "all locks still locked after a deadlock",
    always: true,
    holds: |report, setup| {
        let deadlocks = report.outcomes.keys().filter(|ending| ending.is_deadlock());
        let all = vec![true; setup.threads];
        deadlocks.map(|ending| &ending.locked).all(|locked| *locked == all)
    },
};

/// A deadlock is a cycle of all the threads that move money.
pub(super) const CYCLE: Show = Show {
    about: "a cycle of all threads in the wait-for graph of a deadlock",
    always: true,
    holds: |report, setup| {
        report.failures.get(&Failure::Deadlock).is_none_or(|found| {
            let mut replay = Replay::new(&found.trace);
            while replay.advance().is_some() {}
            let pending = found.trace.pending.iter().map(|waits| (waits.thread, waits.op));
            WaitFor::new(replay.world(), pending).cycle.len() == setup.threads
        })
    },
};

fn audits(report: &Report<Audit>) -> impl Iterator<Item = &Audit> {
    report.outcomes.keys().filter_map(|ending| match &ending.conclusion {
        Conclusion::Returned(audit) => Some(audit),
        _ => None,
    })
}
