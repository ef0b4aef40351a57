//! Rounds that leave something new each time.
//!
//! A thread that wakes up without a notification, and finds that it has to wait on, is where it was if it has left all
//! as it was. If it has written data meanwhile that nobody can tell by their value, it may have left others, and then
//! it is somewhere else each time, for as often as nobody has notified it. So what may happen for no reason is explored
//! only until a thread has gone so many such rounds, for whatever reason, and the verdict says that this is bounded.

use crate::engine::filter::MAX_DOUBTFUL;
use crate::world::Op;

/// How often a thread came, on its way to a node, to where it may go on without a reason, and had written such data
/// since the time before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Anew {
    times: u32,
    has_written: bool,
}

impl Anew {
    /// The same at the next node, after this operation, having written such data since or not.
    pub(super) fn after(self, op: Option<Op>, has_written: bool) -> Self {
        let may_be_doubtful =
            |op: Op| (0..op.choices()).any(|choice| op.chosen(choice).doubt().is_some());
        if self.has_written && op.is_some_and(may_be_doubtful) {
            Self { times: self.times + 1, has_written }
        } else {
            Self { has_written: self.has_written || has_written, ..self }
        }
    }

    /// Whether that was often enough.
    pub(super) fn is_enough(self) -> bool {
        self.times >= MAX_DOUBTFUL
    }
}
