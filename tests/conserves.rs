//! Under locks taken in order, and under all or none, any plan of transfers conserves the total.
#![cfg(all(not(loom), feature = "shuttle"))]

use proptest::prelude::*;
use std::sync::Arc;
use tellers::bank::{Accounts, INITIAL, Retries, Stop, move_funds2, move_funds3, move_unaudited};
use tellers::engine::{Failure, Program, Report, pct, random};
use tellers::suite::{Audit, judge};
use tellers::sync::{Lock, thread};

/// From an account to another one, and how much.
type Transfer = (usize, usize, i64);

/// What a thread does with a transfer.
type Move = fn(&Accounts, &[Lock], Transfer) -> Stop;

const ACCOUNTS: usize = 4;

fn plans() -> impl Strategy<Value = Vec<Vec<Transfer>>> {
    let transfer = (0..ACCOUNTS, 1..ACCOUNTS, 0_i64..=100)
        .prop_map(|(from, further, amount)| (from, (from + further) % ACCOUNTS, amount));
    prop::collection::vec(prop::collection::vec(transfer, 1..4), 2..4)
}

/// Each thread makes its transfers, one after the other.
fn program(plan: Vec<Vec<Transfer>>, make: Move) -> Program<Audit> {
    let plan: Arc<[Vec<Transfer>]> = plan.into();
    let main = move || {
        let accounts = Arc::new(Accounts::numbered(ACCOUNTS));
        let locks: Arc<[Lock]> = (0..ACCOUNTS).map(|_| Lock::new()).collect();
        let spawn = |i: usize| {
            let (accounts, locks) = (Arc::clone(&accounts), Arc::clone(&locks));
            let plan = Arc::clone(&plan);
            thread::spawn(move || {
                let mut stops = plan[i].iter().map(|&transfer| make(&accounts, &locks, transfer));
                stops.find(|&stop| stop != Stop::ReachedLimit).unwrap_or(Stop::ReachedLimit)
            })
        };
        let threads = (0..plan.len()).map(spawn).collect();
        Audit::after(threads, &accounts, &locks, ACCOUNTS as i64 * INITIAL)
    };
    Program::new(main).judged_by(judge)
}

/// The lock of the lower account first. Others may be moving money elsewhere, so nobody sums.
fn ordered(accounts: &Accounts, locks: &[Lock], (from, to, amount): Transfer) -> Stop {
    let (first, second) = (from.min(to), from.max(to));
    let amount = if from < to { amount } else { -amount };
    tellers::bank::move_in_ring(
        accounts,
        (first, &locks[first]),
        (second, &locks[second]),
        [amount],
    )
}

/// The lesson's own function: only the two locks that all share protect a sum over all accounts.
fn ordered_and_summed(accounts: &Accounts, locks: &[Lock], transfer: Transfer) -> Stop {
    let (from, to, amount) = transfer;
    let expected = ACCOUNTS as i64 * INITIAL;
    move_funds2(accounts, (from, &locks[0]), (to, &locks[1]), expected, [amount])
}

fn timeout(accounts: &Accounts, locks: &[Lock], (from, to, amount): Transfer) -> Stop {
    let retries = Retries::at_most(20);
    move_funds3(accounts, (from, &locks[from]), (to, &locks[to]), retries, [amount])
}

fn unlocked(accounts: &Accounts, _: &[Lock], (from, to, amount): Transfer) -> Stop {
    move_unaudited(accounts, from, to, [amount])
}

/// Every run conserves, and ends with the balances that the plan comes to.
fn conserves(plan: &[Vec<Transfer>], report: &Report<Audit>) -> Result<(), TestCaseError> {
    let mut balances = vec![INITIAL; ACCOUNTS];
    for &(from, to, amount) in plan.iter().flatten() {
        balances[from] -= amount;
        balances[to] += amount;
    }
    let audit = Audit {
        expected: ACCOUNTS as i64 * INITIAL,
        balances,
        stops: vec![Stop::ReachedLimit; plan.len()],
        locked: vec![false; ACCOUNTS],
    };
    prop_assert!(report.failures.is_empty(), "{:?}", report.failures.keys());
    let outcomes: Vec<_> = report.outcomes.keys().map(|ending| &ending.conclusion).collect();
    prop_assert_eq!(outcomes, [&tellers::engine::Conclusion::Returned(audit)]);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn locks_in_order_conserve_any_plan(plan in plans(), seed: u64) {
        for make in [ordered as Move, ordered_and_summed] {
            conserves(&plan, &random(&program(plan.clone(), make), 50, seed))?;
            conserves(&plan, &pct(&program(plan.clone(), make), 50, seed))?;
        }
    }

    #[test]
    fn all_locks_or_none_conserve_any_plan(plan in plans(), seed: u64) {
        conserves(&plan, &random(&program(plan.clone(), timeout), 100, seed))?;
    }
}

#[test]
fn without_locks_a_plan_loses_money() {
    let plan = vec![vec![(0, 1, 30)], vec![(1, 2, 20)]];
    let report = random(&program(plan, unlocked), 1_000, 0);
    assert_eq!(report.failures.keys().collect::<Vec<_>>(), [&Failure::LostUpdate]);
}
