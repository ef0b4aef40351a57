//! Holds what the graph says against runs of the real code.

use super::ask::Explored;
use super::automata::Divergence;
use super::follower::{Follower, Hold};
use super::graph::State;
use super::packed::Packed;
use super::shortest::Way;
use crate::engine::along::Picking;
use crate::engine::filter::{self, drive};
use crate::engine::{Ending, Program};
use crate::trace::Trace;
use crate::world::ThreadId;
use shuttle::scheduler::RandomScheduler;
use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;
use std::sync::Arc;

/// What the real code did along a way.
pub(crate) struct Replayed<R> {
    pub(crate) trace: Trace,
    /// How it ended, if the way leads to an end.
    pub(crate) ending: Option<Ending<R>>,
    /// Whether every thread got to the node that the graph says.
    pub(crate) as_predicted: bool,
}

/// What random runs of the real code showed.
pub(crate) struct Sample<R> {
    pub(crate) divergence: Option<Divergence>,
    /// Whether some thread did what the search had not met.
    pub(crate) surprised: bool,
    /// Who moved in each run, and how it ended, unless it was cut off.
    pub(crate) runs: Vec<(Vec<ThreadId>, Option<Ending<R>>)>,
}

impl<R: Clone + Ord + Hash + 'static> Explored<R> {
    /// Runs the real code along a way.
    pub(crate) fn replay(&self, program: &Program<R>, way: &Way) -> Option<Replayed<R>> {
        let follower = Rc::new(RefCell::new(Follower::watching(&self.automata)));
        let hold = Rc::clone(&follower);
        let mut movers = way.movers.clone().into_iter();
        let done = Rc::new(RefCell::new(None));
        let sink = Rc::clone(&done);
        drive(
            Picking::new(move |_| movers.next()),
            program,
            self.names.clone(),
            usize::MAX,
            move |run| run.guide = Some(Box::new(Hold(Rc::clone(&hold)))),
            move |run, over, _| {
                *sink.borrow_mut() = Some((run.tape.trace(), filter::ending(run, over)))
            },
        );
        let (trace, ending) = done.take()?;
        let as_predicted = self.agrees(&follower.borrow(), way.end);
        Some(Replayed { trace, ending, as_predicted })
    }

    /// Whether every thread did what it had done before, and is where the state has it. One that did
    /// something else on the way may be there, too.
    fn agrees(&self, follower: &Follower, state: State) -> bool {
        let automata = self.automata.read();
        let graph = &self.search.graph;
        let packed =
            Packed { layout: graph.layout(), automata: &automata, words: graph.words(state) };
        follower.divergence().is_none()
            && (0..graph.layout().threads)
                .map(ThreadId::new)
                .all(|thread| packed.node(thread) == follower.node_of(thread))
    }

    /// Runs the real code under random schedules, and watches whether it stays within what was
    /// learned.
    pub(crate) fn sample(&self, program: &Program<R>, runs: usize, seed: u64) -> Sample<R> {
        let known = self.automata.read().len();
        let sample =
            Rc::new(RefCell::new(Sample { divergence: None, surprised: false, runs: Vec::new() }));
        let sink = Rc::clone(&sample);
        let follower: Rc<RefCell<Follower>> = Rc::default();
        let (hold, automata) = (Rc::clone(&follower), Arc::clone(&self.automata));
        let mut next_seed = seed;
        drive(
            RandomScheduler::new_from_seed(seed, runs),
            program,
            self.names.clone(),
            filter::MAX_STEPS,
            move |run| {
                *hold.borrow_mut() = Follower::sampling(&automata, next_seed);
                next_seed = next_seed.wrapping_add(1);
                run.guide = Some(Box::new(Hold(Rc::clone(&hold))));
            },
            move |run, over, _| {
                let mut sample = sink.borrow_mut();
                let divergence = follower.borrow().divergence().cloned();
                sample.divergence = sample.divergence.take().or(divergence);
                let movers = run.tape.steps().iter().map(|step| step.thread).collect();
                sample.runs.push((movers, filter::ending(run, over)));
            },
        );
        let mut sample = Rc::into_inner(sample).expect("the runs are over").into_inner();
        sample.surprised = self.automata.read().len() > known;
        sample
    }
}
