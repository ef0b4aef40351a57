//! What a thread is told that a panic unwinds when its run is over: what the world would have told it then.

use crate::world::{Op, Outcome, Primitive, ThreadId, ThreadOp, World};

/// How much is told, so that none asks for ever.
const MOST_TOLD: usize = 10_000;

/// What is made after the end has numbers that no object of the run has.
const FIRST: usize = 1 << 16;

/// The world after the end, as destructors go on in it; nobody takes note of that.
#[derive(Debug)]
pub(super) struct Epilogue {
    world: World,
    told: usize,
    made: usize,
}

impl Epilogue {
    /// Goes on from the world as it was at the end.
    pub(super) fn new(end: &World) -> Self {
        Self { world: end.clone(), told: 0, made: 0 }
    }

    /// What the operation answers; nothing if it would have to wait, and whoever could help goes no
    /// further.
    pub(super) fn perform(&mut self, thread: ThreadId, op: Op) -> Option<Outcome> {
        self.told += 1;
        let begins = matches!(op, Op::Thread(_, ThreadOp::Spawn));
        let goes_on = self.world.certain(thread, op) || self.world.races(op);
        let is_told = self.told <= MOST_TOLD && !begins && goes_on;
        is_told.then(|| self.world.apply(thread, op))
    }

    /// A number for what is about to be made.
    #[cfg_attr(
        all(not(loom), not(feature = "shuttle")),
        expect(dead_code, reason = "an OS thread makes what is real")
    )]
    pub(super) fn number(&mut self) -> usize {
        self.made += 1;
        FIRST + self.made
    }

    /// Gives what was made its first state.
    pub(super) fn create<P: Primitive>(&mut self, object: P, state: P::State) {
        self.world.create(object, state);
    }
}
