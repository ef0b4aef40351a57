//! Data that no engine can tell by their value: all that was ever left there, in plain memory.

use super::instr::Instr;
use super::mutex::Stands;

/// Every number that was left, the first before all others.
pub struct Ledger {
    first: i64,
    left: Vec<i64>,
}

/// What a ledger stands for once this is left, too: another order makes another number.
fn after(number: i64, left: i64) -> i64 {
    (2 * number + left + 1).rem_euclid(5)
}

/// What stands where this is left in a ledger, or in place of what was there.
pub fn left(is_ledger: bool, before: i64, left: i64) -> i64 {
    if is_ledger { after(before, left) } else { left }
}

/// The type of the first object of each kind in a program that does this; those of the others follow. What may go on
/// for ever writes in no ledger of a lock, which would grow for ever.
pub fn kinds(main: &[Instr]) -> usize {
    let may_grow = main.iter().any(Instr::may_have_no_end);
    main.len() + if may_grow { PLAIN } else { 0 }
}

/// From here on there is none in a lock; a multiple of how many types there are of anything.
const PLAIN: usize = 12_000;

/// The type of the lock for many readers or one writer that a program has from the beginning: one that is made outside
/// of every run has no ledger, which cannot be copied.
pub fn kind_of_rwlock(kinds: usize, i: usize) -> usize {
    if kinds % 2 == 1 { 0 } else { kinds + i }
}

/// Whether a mutex of this kind has a ledger.
pub fn is_in_mutex(kind: usize) -> bool {
    kind < PLAIN && matches!(kind % 12, 1 | 4 | 6 | 9 | 11)
}

/// Whether a lock for many readers or one writer has.
pub fn is_in_rwlock(kind: usize) -> bool {
    kind < PLAIN && matches!(kind % 6, 1 | 4)
}

/// Whether data that nothing guards are one.
pub fn is_in_cell(kind: usize) -> bool {
    kind < PLAIN && matches!(kind % 4, 1 | 3)
}

impl Stands for Ledger {
    fn of(number: i64) -> Self {
        Self { first: number, left: Vec::new() }
    }

    fn number(&self) -> i64 {
        self.left.iter().fold(self.first, |number, &left| after(number, left))
    }

    fn leave(&mut self, number: i64) {
        self.left.push(number);
    }
}
