//! Runs of the real code, to be held against what the graph says.

use super::ask::Explored;
use super::automata::Divergence;
use super::follower::{Follower, Hold};
use super::graph::State;
use super::packed::Packed;
use super::shortest::Way;
use super::walk::Walk;
use crate::engine::along::{Pick, Picking, once};
use crate::engine::filter::drive;
use crate::engine::{Ending, Erased, Watch};
use crate::engine::{filter, watched};
use crate::sync::backend::{Over, with_run};
use crate::sync::value::Value;
use crate::trace::{Step, Trace};
use crate::world::{Op, ThreadId, Turn};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// What the real code did along a way.
pub(crate) struct Replayed {
    pub(crate) trace: Trace,
    /// How it ended, if the way leads to an end.
    pub(crate) ending: Option<Ending<Value>>,
    /// Whether every thread got to the node that the graph says.
    pub(crate) as_predicted: bool,
}

/// Who is to move in a run.
pub(super) enum Plan {
    /// These, one after the other.
    Along(Vec<Turn>),
    /// Whoever is drawn.
    Walk(Walk),
    /// The same, and a thread begins only when it is drawn: what it does before its first operation, which no
    /// step separates from the spawn, comes later than it might. No schedule says so, so the run is not made again.
    LateWalk(Walk),
}

/// A run is not followed further than this.
const MAX_STEPS: usize = 1 << 17;

/// What a run of the real code showed.
pub(super) struct Ran {
    /// Whose turn each step was.
    pub(super) turns: Vec<Turn>,
    /// How it ended, unless it was left out or too long.
    pub(super) ending: Option<Ending<Value>>,
    /// Whether it was too long to be followed to its end.
    pub(super) is_too_long: bool,
    pub(super) divergence: Option<Divergence>,
    /// What some thread did that the search had not met.
    pub(super) surprise: Option<&'static str>,
    /// Its steps, if it failed or did not stay within what was learned, and can be made again.
    pub(super) trace: Option<Trace>,
}

impl Explored {
    /// Runs the real code along a way.
    pub(crate) fn replay(&self, program: &Erased, way: &Way) -> Option<Replayed> {
        let follower = Rc::new(RefCell::new(Follower::watching(&self.automata)));
        let hold = Rc::clone(&follower);
        let mut turns = way.turns.clone().into_iter();
        let done = Rc::new(RefCell::new(None));
        let sink = Rc::clone(&done);
        drive(
            once(move |_| turns.next()),
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
            && (0..graph.layout().threads())
                .map(ThreadId::new)
                .all(|thread| packed.node(thread) == follower.node_of(thread))
    }

    /// Runs the real code along these plans, and watches whether it stays within what was learned: until
    /// it does not, or so many steps have been taken.
    pub(super) fn run(
        &self,
        program: &Erased,
        plans: impl IntoIterator<Item = Plan, IntoIter: 'static>,
        most_steps: usize,
    ) -> Vec<Ran> {
        let known = self.automata.read().len();
        let ran = Rc::new(RefCell::new(Vec::new()));
        let (sink, enough) = (Rc::clone(&ran), Rc::new(Cell::new(false)));
        let (stop, watch) = (Rc::clone(&enough), program.watch.clone());
        let follower: Rc<RefCell<Follower>> = Rc::default();
        let (hold, automata) = (Rc::clone(&follower), Arc::clone(&self.automata));
        let learned = Arc::clone(&automata);
        let mut plans = plans.into_iter();
        let judge = Arc::clone(&program.judge);
        let mut steps = 0;
        let strayed = Rc::new(Cell::new(false));
        let strays = Rc::clone(&strayed);
        let is_late = Rc::new(Cell::new(false));
        let (begins_late, began_late) = (Rc::clone(&is_late), Rc::clone(&is_late));
        drive(
            Picking::new(move || {
                let goes_on = !enough.get() && !watch.is_interrupted();
                let plan = goes_on.then(|| plans.next()).flatten()?;
                is_late.set(matches!(plan, Plan::LateWalk(_)));
                Some(until_interrupted(&watch, plan.pick(&strays)))
            }),
            program,
            self.names.clone(),
            MAX_STEPS,
            move |run| {
                *hold.borrow_mut() = Follower::watching(&automata);
                run.begins_late = begins_late.get();
                run.guide = Some(Box::new(Hold(Rc::clone(&hold))));
            },
            move |run, over, _| {
                let divergence = follower.borrow().divergence().cloned();
                let surprise = if learned.read().len() > known {
                    Some("a thread was told what it is never told in the graph")
                } else {
                    strayed.take().then_some("a thread did not come to what it does in the graph")
                };
                let strange = divergence.is_some() || surprise.is_some();
                let turns: Vec<Turn> = run.tape.steps().iter().map(Step::turn).collect();
                steps += turns.len();
                stop.set(strange || steps > most_steps);
                let ending = filter::ending(run, over);
                let fails = ending.as_ref().is_some_and(|ending| !judge(ending).is_empty());
                let is_kept = (strange || fails) && !began_late.get();
                let trace = is_kept.then(|| run.tape.trace());
                let is_too_long = over == Over::Stopped || turns.len() >= MAX_STEPS;
                let ran = Ran { turns, ending, is_too_long, divergence, surprise, trace };
                sink.borrow_mut().push(ran);
            },
        );
        ran.take()
    }
}

/// The same, but the run stops soon after whoever watches has had enough.
fn until_interrupted(watch: &Watch, mut pick: Pick) -> Pick {
    let (watch, mut steps) = (watch.clone(), 0_u32);
    Box::new(move |offered| {
        steps += 1;
        let stops = steps.is_multiple_of(watched::ASKS_EVERY) && watch.is_interrupted();
        if stops { None } else { pick(offered) }
    })
}

impl Plan {
    /// A run that cannot follow its plan has `strayed`, and goes on somehow. It stops where that does.
    fn pick(self, strayed: &Rc<Cell<bool>>) -> Pick {
        match self {
            Self::Along(turns) => {
                let mut turns = turns.into_iter();
                let strayed = Rc::clone(strayed);
                Box::new(move |offered| {
                    let planned = turns.next()?;
                    let follows = offered.contains(&planned.thread)
                        && with_run(|run| run.offers(planned.thread, planned.choice));
                    strayed.set(strayed.get() || !follows);
                    if follows { Some(planned) } else { offered.first().map(|&it| it.into()) }
                })
            }
            Self::Walk(mut walk) | Self::LateWalk(mut walk) => {
                Box::new(move |offered| turn_of(&mut walk, offered))
            }
        }
    }
}

/// Whose turn it is next on a walk.
pub(super) fn turn_of(walk: &mut Walk, offered: &[ThreadId]) -> Option<Turn> {
    let thread = walk.pick(offered, yields)?;
    Some(Turn { thread, choice: walk.choose(&with_run(|run| run.choices(thread))) })
}

/// Whether a thread of the run under way asks for another one to go first.
fn yields(thread: ThreadId) -> bool {
    with_run(|run| run.tape.pending(thread)) == Some(Op::Yield)
}
