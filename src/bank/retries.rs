//! How often a loop may go round.

use crate::sync::assume;

/// The rounds that a loop has left: for ever, unless an engine that cannot finish such a loop sets
/// a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retries(Option<u32>);

impl Retries {
    /// Any number of rounds.
    pub const UNBOUNDED: Self = Self(None);

    /// At most this many rounds; runs that need more are left out of the check.
    pub fn at_most(rounds: u32) -> Self {
        Self(Some(rounds))
    }

    /// The bound, if there is one.
    pub fn bound(self) -> Option<u32> {
        self.0
    }

    /// Goes round once more.
    pub(super) fn spend(&mut self) {
        if let Some(left) = &mut self.0 {
            assume(*left > 0);
            *left -= 1;
        }
    }
}
