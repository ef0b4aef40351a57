//! How many moves that cannot be counted on a run offers.

/// Any number, unless it is said how many.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Doubtful {
    left: Option<u32>,
    was_held_back: bool,
}

impl Doubtful {
    /// No more than so many.
    pub(crate) fn at_most(most: u32) -> Self {
        Self { left: Some(most), was_held_back: false }
    }

    /// Whether another one may be offered.
    pub(super) fn is_left(&mut self) -> bool {
        let is_left = self.left != Some(0);
        self.was_held_back |= !is_left;
        is_left
    }

    /// One was made.
    pub(super) fn spend(&mut self) {
        self.left = self.left.map(|left| left.saturating_sub(1));
    }

    /// Whether there could have been more of them.
    pub(crate) fn was_held_back(self) -> bool {
        self.was_held_back
    }
}
