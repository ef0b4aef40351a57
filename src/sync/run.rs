//! How a run under a model checker begins and ends, whichever checker it is.

use std::cell::Cell;

thread_local! {
    static HAS_RUN: Cell<bool> = const { Cell::new(false) };
}

/// How far the run has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// No run is under way.
    #[default]
    Idle,
    /// Threads move.
    Running,
    /// The run is over; threads that have not ended go no further.
    Over(Over),
}

/// Why a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Every thread has ended.
    Finished,
    /// No thread that has not ended can move.
    Deadlocked,
    /// A thread has come to a data race.
    Raced,
    /// The program asked for it, by [`assume`](crate::sync::assume).
    Cut,
    /// The engine has seen enough.
    Stopped,
}

impl State {
    /// Whether a run can be under way on this OS thread: one has begun here. What is no part of any check, such as
    /// a real lock, asks this first, since to look at the run itself takes longer than to take that.
    #[inline]
    pub(super) fn is_possible() -> bool {
        HAS_RUN.get()
    }

    /// A run begins.
    pub(super) fn begin(&mut self) {
        HAS_RUN.set(true);
        *self = Self::Running;
    }

    /// Ends the run, unless it has ended.
    pub(super) fn stop(&mut self, over: Over) {
        if *self == Self::Running {
            *self = Self::Over(over);
        }
    }

    /// Says why the run ended, once; nothing if there was none.
    pub(super) fn close(&mut self) -> Option<Over> {
        self.stop(Over::Finished);
        match std::mem::take(self) {
            Self::Over(over) => Some(over),
            Self::Running | Self::Idle => None,
        }
    }

    /// Whether the run is over.
    pub(super) fn is_over(self) -> bool {
        matches!(self, Self::Over(_))
    }
}
