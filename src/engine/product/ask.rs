//! Alternates between the search and the real code, in one series of runs.

use super::automata::{Automata, Divergence, Learned, NodeId};
use super::cycles::Cycles;
use super::early::Early;
use super::follower::{Endless, Follower, Hold};
use super::foreseen::Foreseen;
use super::graph::State;
use super::lead::can_move;
use super::limits::{Allowance, Far, Limits};
use super::moves::Edge;
use super::packed::{Layout, MAX_THREADS};
use super::search::{Pause, Question, Search};
use crate::engine::ending::Numbers;
use crate::engine::filter;
use crate::engine::{Erased, Progress, Watch};
use crate::supervisor;
use crate::sync::backend::{self, Over, Run, with_run};
use crate::sync::quiet::quietly;
use crate::sync::value::Value;
use crate::trace::Names;
use crate::world::{DataId, Kind, ThreadId, Turn};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::cell::{OnceCell, RefCell};
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;

/// What the search and the runs found out together.
pub(crate) struct Explored {
    pub(crate) automata: Learned,
    pub(crate) search: Search,
    /// Found once the graph is finished.
    pub(super) cycles: OnceCell<Cycles>,
    pub(super) can_end: OnceCell<Option<Vec<bool>>>,
    /// What a reduced search had found, if it was not enough.
    pub(super) foreseen: Option<Foreseen>,
    /// What the main thread returned, by the node at which it ended.
    pub(crate) results: FxHashMap<NodeId, Value>,
    pub(crate) names: Names,
    /// How its objects are numbered in reports, once it is complete.
    pub(crate) numbers: OnceCell<Numbers>,
    /// How often the real code was run.
    pub(crate) runs: u64,
    /// How many bytes the values took that threads hand to each other, before it began.
    data_before: usize,
    /// What a sample has found meanwhile.
    pub(super) early: Early,
    pub(crate) end: End,
}

/// How the exploration ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Every state has been expanded.
    Finished,
    /// The caller had enough.
    Stopped,
    /// A thread did two different things after having been told the same.
    Diverged(Divergence),
    /// A thread did not come to another operation, nor to its end.
    Lost(ThreadId),
    /// There is no end of states, by all that can be seen.
    Endless(Endless),
    /// More threads than a state has room for.
    TooManyThreads,
}

impl Explored {
    /// Nothing yet.
    pub(super) fn new(limits: &Limits, watch: &Watch) -> Self {
        Self {
            automata: Learned::default(),
            search: Search::new(limits.reduction, limits.states).watched_by(watch),
            cycles: OnceCell::new(),
            can_end: OnceCell::new(),
            foreseen: None,
            results: FxHashMap::default(),
            names: Names::default(),
            numbers: OnceCell::new(),
            runs: 0,
            data_before: DataId::bytes(),
            early: Early::NotYet,
            end: End::Stopped,
        }
    }
}

/// Explores a program, or goes on with it; `look` is called now and then, and may stop it. What is found out
/// can be had by others whenever a run is under way.
pub(crate) fn explore(
    program: &Erased,
    limits: &Limits,
    explored: &Arc<Mutex<Explored>>,
    look: impl FnMut(Far) -> ControlFlow<()> + 'static,
) {
    let asker = Asker {
        program: program.clone(),
        limits: *limits,
        explored: Arc::clone(explored),
        follower: Rc::default(),
        asked: None,
        look,
    };
    let body = Arc::clone(&program.body);
    let names = explored.lock().names.clone();
    with_run(|run| run.forget(names, program.refusal.clone()));
    let runner = shuttle::Runner::new(asker, filter::config());
    quietly(filter::install_shuttles_hook, || runner.run(move || backend::main_thread(&*body)));
    with_run(|run| *run = Run::default());
}

/// Who is asked what it does, and where; the main thread's start if there is nothing.
type Asked = (Turn, Option<Edge>);

struct Asker<L> {
    program: Erased,
    limits: Limits,
    explored: Arc<Mutex<Explored>>,
    follower: Rc<RefCell<Follower>>,
    /// What the run under way is to answer.
    asked: Option<Asked>,
    look: L,
}

impl<L: FnMut(Far) -> ControlFlow<()>> Scheduler for Asker<L> {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.conclude_run();
        if with_run(|run| run.is_refused()) {
            self.explored.lock().end = End::Stopped;
            return None;
        }
        match self.search() {
            Ok(question) => {
                self.begin_run(question);
                supervisor::moves(false);
                Some(Schedule::new(0))
            }
            Err(end) => {
                self.explored.lock().end = end;
                None
            }
        }
    }

    fn next_task(&mut self, runnable: &[&Task], _: Option<TaskId>, _: bool) -> Option<TaskId> {
        with_run(|run| {
            let (at, choice) = self.next_of(run, runnable).or_else(|| {
                run.stop(Over::Stopped);
                Some((filter::leaving(run, runnable)?, 0))
            })?;
            let thread = run.thread_of(runnable[at].id().into());
            run.choose(Turn { thread, choice });
            if !run.is_over() && run.may_end(thread) {
                run.end(thread);
            }
            Some(runnable[at].id())
        })
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}

impl<L> Asker<L> {
    /// Who goes on, and by which choice: somebody who is on the way to an operation, or whose turn it is, or who
    /// has nothing left to do once nobody else has.
    fn next_of(&self, run: &Run, runnable: &[&Task]) -> Option<(usize, u32)> {
        if run.is_over() {
            return None;
        }
        let mut follower = self.follower.borrow_mut();
        let thread_of = |task: &&Task| run.thread_of(task.id().into());
        let at = |wanted| runnable.iter().map(thread_of).position(|thread| thread == wanted);
        let on_its_way = |thread| run.is_on_its_way(thread) && !follower.has_cut(thread);
        runnable
            .iter()
            .map(thread_of)
            .position(on_its_way)
            .map(|at| (at, 0))
            .or_else(|| {
                let can_move =
                    |turn: Turn, surely| can_move(run, turn, surely) && at(turn.thread).is_some();
                let turn = follower.next(can_move)?;
                Some((at(turn.thread)?, turn.choice))
            })
            .or_else(|| {
                let all_have_left =
                    runnable.iter().map(thread_of).all(|thread| run.has_left(thread));
                all_have_left.then_some((0, 0))
            })
    }
}

impl<L: FnMut(Far) -> ControlFlow<()>> Asker<L> {
    /// Learns what the run before has shown beyond what its follower has taught already.
    fn conclude_run(&mut self) {
        let mut explored = self.explored.lock();
        with_run(|run| {
            if run.close().is_none() {
                return;
            }
            run.guide = None;
            explored.names.clone_from(run.tape.names());
            if let Some(end) = self.follower.borrow().end_of(ThreadId::MAIN)
                && let Some(result) = run.take_result()
            {
                explored.results.entry(end).or_insert(result);
            }
        });
    }

    /// Searches until there is a question, or an end. A run that comes to its end has learned what it was
    /// asked, and nothing is forgotten: the same question again means that a thread came to nothing.
    fn search(&mut self) -> Result<Question, End> {
        if let Some(divergence) = self.follower.borrow().divergence() {
            return Err(End::Diverged(divergence.clone()));
        }
        if let Some(endless) = self.follower.borrow().endless() {
            return Err(End::Endless(endless));
        }
        if self.follower.borrow().is_spent() {
            return Err(End::Stopped);
        }
        let mut explored = self.explored.lock();
        let explored = &mut *explored;
        let layout = layout(&explored.names);
        if layout.threads() > MAX_THREADS {
            return Err(End::TooManyThreads);
        }
        loop {
            let pause = explored.search.go_on(&explored.automata.read(), layout);
            match pause {
                Pause::Finished => {
                    let patience = explored.search.graph.patience.clone();
                    match patience.hear(|| explored.reopen(&self.program)) {
                        Some(true) => {}
                        Some(false) => return Err(End::Finished),
                        None => return Err(End::Stopped),
                    }
                }
                Pause::Ask(question) if self.asked == Some((question.turn, question.at)) => {
                    let lost = self.follower.borrow().on_its_way();
                    return Err(End::Lost(lost.unwrap_or(question.turn.thread)));
                }
                pause => {
                    if (self.look)(explored.far()).is_break() {
                        return Err(End::Stopped);
                    }
                    if let Pause::Ask(question) = pause {
                        return Ok(question);
                    }
                }
            }
        }
    }

    fn begin_run(&mut self, question: Question) {
        self.asked = Some((question.turn, question.at));
        let mut explored = self.explored.lock();
        explored.runs += 1;
        let states = explored.search.graph.bytes() + explored.data();
        let allowance = self.limits.allowance(states, &self.program.watch);
        self.follower = Rc::new(RefCell::new(prepare(&explored, question, allowance)));
        let hold = Hold(Rc::clone(&self.follower));
        with_run(|run| {
            run.begin();
            run.guide = Some(Box::new(hold));
        });
    }
}

impl Explored {
    /// How many bytes the values take that threads have handed to each other since it began.
    fn data(&self) -> usize {
        DataId::bytes().saturating_sub(self.data_before)
    }

    /// How far the exploration has come.
    pub(crate) fn far(&self) -> Far {
        let graph = &self.search.graph;
        let (states, runs) = (graph.len(), self.runs);
        let progress = Progress { runs, states, frontier: states - graph.expanded() };
        let bytes = graph.bytes() + self.data() + self.automata.read().bytes();
        Far { progress, moves: graph.moves_len(), bytes }
    }
}

fn layout(names: &Names) -> Layout {
    Layout::new(|kind| names.all(kind).len().max(usize::from(kind == Kind::Thread)))
}

/// Makes ready to ask: along the way by which the search got to the question.
fn prepare(explored: &Explored, question: Question, allowance: Allowance) -> Follower {
    let search = &explored.search;
    let schedule = match question.at {
        None => Vec::new(),
        Some(_) => {
            let mut moves = search.graph.way_to(question.state);
            if search.is_reduced() {
                moves.push((question.state, question.turn));
            }
            let mut steps = steps(search, &explored.automata.read(), &moves);
            steps.push(question.turn);
            steps
        }
    };
    Follower::asking(&explored.automata, schedule, question.turn.thread, allowance)
}

/// Whose turn each step of these moves is.
fn steps(search: &Search, automata: &Automata, moves: &[(State, Turn)]) -> Vec<Turn> {
    moves.iter().flat_map(|&the| search.turns(automata, the)).collect()
}
