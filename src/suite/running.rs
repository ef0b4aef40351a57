//! A scenario whose threads have been started.

use super::{Audit, Setup};
use crate::bank::{Accounts, INITIAL, Stop};
use crate::sync::Lock;
use crate::sync::thread::{self, JoinHandle};
use std::sync::Arc;

/// A scenario whose threads have been started.
#[derive(Debug)]
pub struct Running {
    /// What the accounts are called.
    pub names: Vec<String>,
    /// The accounts.
    pub accounts: Arc<Accounts>,
    /// The locks; none where the lesson has none.
    pub locks: Arc<[Lock]>,
    /// The total that there must be in the end.
    pub expected: i64,
    /// The threads.
    pub threads: Vec<JoinHandle<Stop>>,
}

impl Running {
    /// Accounts with these names, a lock for each of these, and no threads yet.
    pub(super) fn new(names: Vec<String>, locks: impl IntoIterator<Item = String>) -> Self {
        Self {
            expected: names.len() as i64 * INITIAL,
            accounts: Arc::new(Accounts::named(names.clone())),
            locks: locks.into_iter().map(|name| Lock::named(name)).collect(),
            names,
            threads: Vec::new(),
        }
    }

    /// The lesson's `acc1` and `acc2`, without locks.
    pub(super) fn unlocked() -> Self {
        Self::new(vec!["acc1".into(), "acc2".into()], [])
    }

    /// The lesson's `acc1` and `acc2`, `lock_acc1` and `lock_acc2`.
    pub(super) fn locked() -> Self {
        Self::new(vec!["acc1".into(), "acc2".into()], ["lock_acc1".into(), "lock_acc2".into()])
    }

    /// Accounts and locks in a ring, lettered as in the lesson's table.
    pub(super) fn ring(count: usize) -> Self {
        let letters = ('A'..='Z').take(count);
        let names = letters.clone().map(|letter| format!("acc_{letter}"));
        Self::new(names.collect(), letters.map(|letter| format!("lock_{letter}")))
    }

    /// The same, with a thread for each that the setup asks for. `body` is told which one it is,
    /// counted from 0.
    pub(super) fn spawn(
        mut self,
        setup: &Setup,
        body: impl Fn(usize, &Accounts, &[Lock]) -> Stop + Clone + Send + 'static,
    ) -> Self {
        for i in 0..setup.threads {
            let (accounts, locks) = (Arc::clone(&self.accounts), Arc::clone(&self.locks));
            let body = body.clone();
            self.threads.push(thread::spawn(move || body(i, &accounts, &locks)));
        }
        self
    }

    /// Waits for the threads, and looks at what they leave.
    pub fn audit(self) -> Audit {
        Audit::after(self.threads, &self.accounts, &self.locks, self.expected)
    }
}
