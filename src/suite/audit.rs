//! What the main thread finds when all is over, and what of it is a failure.

use crate::bank::{Accounts, Stop};
use crate::engine::{Conclusion, Ending, Failure};
use crate::sync::Lock;
use crate::sync::thread::JoinHandle;
use std::panic::resume_unwind;

/// What the main thread finds when all threads have ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audit {
    /// The total that there must be.
    pub expected: i64,
    /// What is in each account.
    pub balances: Vec<i64>,
    /// Why each thread stopped.
    pub stops: Vec<Stop>,
    /// Whether each lock is held.
    pub locked: Vec<bool>,
}

impl Audit {
    /// Waits for the threads, then reads the accounts and asks for the locks.
    pub fn after(
        threads: Vec<JoinHandle<Stop>>,
        accounts: &Accounts,
        locks: &[Lock],
        expected: i64,
    ) -> Self {
        let join =
            |thread: JoinHandle<Stop>| thread.join().unwrap_or_else(|why| resume_unwind(why));
        let stops = threads.into_iter().map(join).collect();
        let balances = accounts.balances();
        let locked = locks.iter().map(|lock| lock.locked()).collect();
        Self { expected, balances, stops, locked }
    }

    /// The total that there is.
    pub fn found(&self) -> i64 {
        self.balances.iter().sum()
    }

    /// Whether no money is lost and none was made.
    pub fn is_conserved(&self) -> bool {
        self.found() == self.expected
    }
}

/// In which ways an ending is a failure.
pub fn judge(ending: &Ending<Audit>) -> Vec<Failure> {
    let mut failures = ending.failures();
    if let Conclusion::Returned(audit) = &ending.conclusion {
        let flagged = audit.stops.iter().any(|stop| matches!(stop, Stop::Inconsistent { .. }));
        if !audit.is_conserved() {
            failures.push(Failure::LostUpdate);
        } else if flagged {
            failures.push(Failure::TornAudit);
        }
        if audit.stops.contains(&Stop::ReleaseUnlocked) {
            failures.push(Failure::ReleaseUnlocked);
        }
    }
    failures
}
