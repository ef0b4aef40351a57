//! The accounts, and how money moves between them.

use crate::sync::Cell;

/// What is in each account at first.
pub const INITIAL: i64 = 100_000;

/// The lesson's `accounts`: a balance for each name.
#[derive(Debug)]
pub struct Accounts(Vec<Cell>);

impl Accounts {
    /// Accounts with these names.
    pub fn named(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().map(|name| Cell::named(name, INITIAL)).collect())
    }

    /// Accounts `acc1`, `acc2` and so on.
    pub fn numbered(count: usize) -> Self {
        Self::named((1..=count).map(|number| format!("acc{number}")))
    }

    /// `accounts[from] -= amount`, then `accounts[to] += amount`: two loads and two stores.
    ///
    /// Inlined, since the call with which it ends would leave nothing of it on the stack: that it called could not
    /// be told.
    #[inline(always)]
    pub fn transfer(&self, from: usize, to: usize, amount: i64) {
        self.add(from, -amount);
        self.add(to, amount);
    }

    /// `accounts[account] += amount`: a load, and a store of the new balance.
    pub fn add(&self, account: usize, amount: i64) {
        let balance = self.0[account].load();
        self.0[account].store(balance + amount);
    }

    /// `sum(accounts.values())`: a load for each account.
    pub fn total(&self) -> i64 {
        self.0.iter().map(|account| account.load()).sum()
    }

    /// What is in each account, read one after the other.
    pub fn balances(&self) -> Vec<i64> {
        self.0.iter().map(|account| account.load()).collect()
    }
}
