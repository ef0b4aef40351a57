//! The world at every step of a trace.

use super::{End, Step, Trace};
use crate::world::{Outcome, World};

/// Walks along a trace and keeps the world in step with it.
///
/// ```text
/// let mut replay = Replay::new(&trace);
/// while let Some(step) = replay.next_step() { … replay.world() … replay.advance(); }
/// ```
#[derive(Clone, Debug)]
pub struct Replay<'a> {
    steps: &'a [Step],
    ends: &'a [End],
    at: usize,
    world: World,
}

impl<'a> Replay<'a> {
    /// Before the first step of a trace.
    pub fn new(trace: &'a Trace) -> Self {
        let world = trace.initial.clone();
        let mut replay = Self { steps: &trace.steps, ends: &trace.ends, at: 0, world };
        replay.end_threads();
        replay
    }

    /// The world as it is before [`next_step`](Self::next_step).
    pub fn world(&self) -> &World {
        &self.world
    }

    /// How many steps have been taken.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The step to be taken next.
    pub fn next_step(&self) -> Option<&'a Step> {
        self.steps.get(self.at)
    }

    /// Takes the next step, and gives the world's own answer to it: the recorded one, except under
    /// loom, where a load may be stale. Nothing happens at the end of the trace.
    pub fn advance(&mut self) -> Option<Outcome> {
        let step = self.next_step()?;
        let outcome = self.world.apply(step.thread, step.op);
        self.at += 1;
        self.end_threads();
        Some(outcome)
    }

    fn end_threads(&mut self) {
        while let Some((end, rest)) = self.ends.split_first()
            && end.after <= self.at
        {
            self.world.leave(end.thread, end.finish);
            self.ends = rest;
        }
    }
}

/// The world after the last step of a trace.
pub(super) fn last_world(trace: &Trace) -> World {
    let mut replay = Replay::new(trace);
    while replay.advance().is_some() {}
    replay.world
}
