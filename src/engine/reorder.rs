//! The steps of a run in the simplest order in which each thread still does the same, is told the
//! same, and ends in the same way.
//!
//! An engine that shows one order of all that differ only in steps that do not concern each other
//! shows any of them. The world answers each step of the simplest order as it was answered before; a
//! program whose threads share what is not in the world may answer otherwise. So the real code is asked,
//! where it can be told who moves, and where it cannot, the order is said to be one that was not seen.

use super::{Found, Watch};
use crate::trace::{End, Replay, Step, Trace, is_housekeeping};
use crate::world::{Op, ThreadId, ThreadOp, ThreadState, World};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

/// The search gives up after so many states; the suite's longest failure takes some 2,000.
const MAX_STATES: usize = 100_000;

/// After so many states it is asked whether to go on: some milliseconds.
const ASKS_EVERY: usize = 1 << 10;

/// The simplest order of a run's steps that there is; the run itself if no order is simpler, or the
/// search gives up, as it does when whoever watches says so.
///
/// With old values, an order in which none is old is looked for first. Where there is none, only
/// steps change places that do not concern each other, so what was old is so again.
pub(super) fn simplest_order(trace: &Trace, watch: &Watch) -> Found {
    let solved = |order| Problem::new(trace, order).solve(watch);
    let simplest = solved(Order::Consistent).or_else(|| solved(Order::Kept));
    let run = Found::of(trace.clone());
    let simplest = simplest.map(|trace| Found { reordered: true, ..Found::of(trace) });
    simplest.filter(|simplest| simplest.size < run.size).unwrap_or(run)
}

/// Which orders are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Those in which the world answers every step as it was answered.
    Consistent,
    /// Those in which all steps that concern each other stay in order.
    Kept,
}

/// What a thread does: one of the trace's steps, or comes to its end in one of its ways.
#[derive(Clone, Copy)]
enum Action {
    Step(usize),
    End(usize),
}

struct Problem<'a> {
    trace: &'a Trace,
    order: Order,
    /// What each thread does.
    lanes: Vec<Vec<Action>>,
    goal: World,
}

/// How far each thread has come.
#[derive(Clone, PartialEq, Eq, Hash)]
struct State {
    done: Vec<usize>,
    last: Option<ThreadId>,
    world: World,
}

/// Context switches, then preemptions.
type Cost = (u32, u32);

/// A state, what led to it from which other one, and at what cost.
struct Node {
    state: State,
    by: Option<(usize, Action)>,
    cost: Cost,
}

impl<'a> Problem<'a> {
    fn new(trace: &'a Trace, order: Order) -> Self {
        let mut lanes = vec![Vec::new(); trace.names.threads().len()];
        for (at, step) in trace.steps.iter().enumerate() {
            lanes[step.thread.index()].push(Action::Step(at));
        }
        for (at, end) in trace.ends.iter().enumerate() {
            let lane = &mut lanes[end.thread.index()];
            let before =
                |action: &&Action| matches!(action, Action::Step(step) if *step < end.after);
            lane.insert(lane.iter().take_while(before).count(), Action::End(at));
        }
        let mut replay = Replay::new(trace);
        while replay.advance().is_some() {}
        let goal = replay.world().clone();
        Self { trace, order, lanes, goal }
    }

    /// The cheapest way through all that threads do.
    fn solve(&self, watch: &Watch) -> Option<Trace> {
        let world = self.trace.initial.clone();
        let start = State { done: vec![0; self.lanes.len()], last: None, world };
        let mut nodes = vec![Node { state: start, by: None, cost: Cost::default() }];
        let mut open = BinaryHeap::from([Reverse((Cost::default(), 0))]);
        let mut closed = HashSet::new();
        while let Some(Reverse((_, at))) = open.pop() {
            if !closed.insert(nodes[at].state.clone()) {
                continue;
            }
            if self.is_done(&nodes[at].state) {
                return Some(self.written(&nodes, at));
            }
            let is_left = closed.len().is_multiple_of(ASKS_EVERY) && watch.is_interrupted();
            if closed.len() == MAX_STATES || is_left {
                return None;
            }
            for thread in 0..self.lanes.len() {
                if let Some(next) = self.moved(&nodes[at], at, ThreadId::new(thread))
                    && !closed.contains(&next.state)
                {
                    open.push(Reverse((next.cost, nodes.len())));
                    nodes.push(next);
                }
            }
        }
        None
    }

    fn is_done(&self, state: &State) -> bool {
        let all = self.lanes.iter().zip(&state.done).all(|(lane, &done)| done == lane.len());
        all && state.world == self.goal
    }

    /// After this thread has moved, if it can.
    fn moved(&self, from: &Node, at: usize, thread: ThreadId) -> Option<Node> {
        let state = &from.state;
        let action = *self.lanes[thread.index()].get(state.done[thread.index()])?;
        let lives = match state.world.thread(thread) {
            ThreadState::Running => true,
            ThreadState::Leaving(_) => self.is_asked_for(state, thread),
            ThreadState::Absent | ThreadState::Finished(_) => false,
        };
        if !lives || !self.may_be_next(state, action) || self.is_raced(state) {
            return None;
        }
        let mut after = state.clone();
        let mut cost = from.cost;
        after.done[thread.index()] += 1;
        match action {
            Action::End(end) => {
                after.world.leave(thread, self.trace.ends[end].finish);
            }
            Action::Step(step) => {
                let step = &self.trace.steps[step];
                if !state.world.enabled(step.thread, step.op) {
                    return None;
                }
                let answer = after.world.apply(thread, step.op);
                if answer != step.outcome && self.order == Order::Consistent {
                    return None;
                }
                if !is_housekeeping(thread, step.op) && step.op != Op::End {
                    self.count_switch(state, thread, &mut cost);
                    after.last = Some(thread);
                }
            }
        }
        Some(Node { state: after, by: Some((at, action)), cost })
    }

    fn count_switch(&self, state: &State, thread: ThreadId, cost: &mut Cost) {
        let last = state.last.filter(|&last| last != thread);
        if let Some(last) = last
            && let Some(next) = self.next_op(state, last)
        {
            cost.0 += 1;
            cost.1 += u32::from(state.world.certain(last, next));
        }
    }

    /// Whether some thread has come to a data race: nobody goes on.
    fn is_raced(&self, state: &State) -> bool {
        let mut ops = (0..self.lanes.len()).filter_map(|i| self.next_op(state, ThreadId::new(i)));
        ops.any(|op| state.world.races(op))
    }

    /// Whether another thread has come to ask whether this one has ended.
    fn is_asked_for(&self, state: &State, thread: ThreadId) -> bool {
        let question = Some(Op::Thread(thread, ThreadOp::IsFinished));
        (0..self.lanes.len()).any(|other| self.next_op(state, ThreadId::new(other)) == question)
    }

    /// What a thread comes to next, if it has not come to its end.
    fn next_op(&self, state: &State, thread: ThreadId) -> Option<Op> {
        match self.lanes[thread.index()].get(state.done[thread.index()]) {
            Some(&Action::Step(step)) => {
                Some(self.trace.steps[step].op).filter(|&op| op != Op::End)
            }
            Some(Action::End(_)) => None,
            None => self.trace.pending.iter().find(|p| p.thread == thread).map(|p| p.op),
        }
    }

    /// Whether nothing else has to come before an action.
    fn may_be_next(&self, state: &State, action: Action) -> bool {
        let mut to_come = self.lanes.iter().zip(&state.done).map(|(lane, &done)| &lane[done..]);
        match (self.order, action) {
            // A thread that has nothing left to do comes to its end at once.
            (Order::Consistent, Action::End(_)) => true,
            (Order::Consistent, Action::Step(_)) => {
                !to_come.any(|lane| matches!(lane, [Action::End(_), ..]))
            }
            (Order::Kept, _) => !to_come.flatten().any(|&other| {
                self.position(other) < self.position(action) && self.concern(other, action)
            }),
        }
    }

    /// Where an action is in the trace; an end comes before the step after it.
    fn position(&self, action: Action) -> (usize, bool) {
        match action {
            Action::Step(step) => (step, true),
            Action::End(end) => (self.trace.ends[end].after, false),
        }
    }

    /// Whether two actions concern each other, so that their order matters.
    fn concern(&self, one: Action, other: Action) -> bool {
        // To come to an end only lets others join, and they wait for it anyway.
        let (Action::Step(one), Action::Step(other)) = (one, other) else { return false };
        let (one, other) = (&self.trace.steps[one], &self.trace.steps[other]);
        let object = |step: &Step| step.op.object(step.thread);
        object(one).is_some_and(|it| Some(it) == object(other))
            && !(one.op.only_looks() && other.op.only_looks())
    }

    /// The trace that leads to a node.
    fn written(&self, nodes: &[Node], mut at: usize) -> Trace {
        let mut actions = Vec::new();
        while let Some((from, action)) = nodes[at].by {
            actions.push(action);
            at = from;
        }
        let mut trace = Trace { steps: Vec::new(), ends: Vec::new(), ..self.trace.clone() };
        for action in actions.into_iter().rev() {
            match action {
                Action::Step(step) => trace.steps.push(self.trace.steps[step]),
                Action::End(end) => {
                    let after = trace.steps.len();
                    trace.ends.push(End { after, ..self.trace.ends[end].clone() });
                }
            }
        }
        trace
    }
}

#[cfg(all(test, not(loom), feature = "shuttle"))]
mod tests;
