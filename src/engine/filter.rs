//! Lets any shuttle scheduler choose among the threads that can move.

use super::Erased;
use super::chooser::Chooser;
use super::collect::Collected;
pub(crate) use super::conclude::ending;
use super::watched::Watched;
use crate::supervisor;
use crate::sync::backend::{self, Doubtful, Over, Run, with_run};
use crate::sync::quiet::quietly;
use crate::sync::stack;
use crate::trace::Names;
use crate::world::{Op, ThreadId, Turn};
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::sync::Arc;

/// A run longer than this is cut off, and counted as beyond the bound. An unlucky schedule can keep
/// a retry loop going for ever; the suite's longest run takes some 200 steps.
pub(crate) const MAX_STEPS: usize = 10_000;

/// So many moves of a run that cannot be counted on, such as a wake-up without a notification, are offered: there
/// may be any number of them.
pub(crate) const MAX_DOUBTFUL: u32 = 2;

/// Runs a program under a shuttle scheduler until the scheduler has had enough.
pub(crate) fn run_under<S>(scheduler: S, program: &Erased, collected: &Collected)
where
    S: Chooser + 'static,
{
    let collected = Arc::clone(collected);
    let watch = program.watch.clone();
    let end = move |run: &mut Run, over, preemptions| {
        if over == Over::Stopped && watch.is_interrupted() {
            return;
        }
        let ending = ending(run, over);
        let mut collector = collected.lock();
        collector.add(&run.tape, preemptions, ending);
        if run.doubtful.was_held_back() {
            collector.was_held_back(MAX_DOUBTFUL);
        }
        if over == Over::Cut && run.tape.steps().len() >= MAX_STEPS {
            collector.was_too_long(MAX_STEPS);
        }
    };
    let watched = Watched::new(scheduler, program.watch.clone());
    let begin = |run: &mut Run| run.doubtful = Doubtful::at_most(MAX_DOUBTFUL);
    drive(watched, program, Names::default(), MAX_STEPS, begin, end);
}

/// Runs a program under a shuttle scheduler; `begin` is called before each run, and `end` after it
/// with the number of preemptions. A run longer than `max_steps` is cut off. Objects have the identifiers that `names` gave them before.
pub(crate) fn drive<S>(
    scheduler: S,
    program: &Erased,
    names: Names,
    max_steps: usize,
    begin: impl FnMut(&mut Run) + 'static,
    end: impl FnMut(&mut Run, Over, u32) + 'static,
) where
    S: Chooser + 'static,
{
    let filter = Filter {
        inner: scheduler,
        enabled: Vec::new(),
        preemptions: 0,
        moved: None,
        is_told: false,
        max_steps,
        begin,
        end,
    };
    let body = Arc::clone(&program.body);
    with_run(|run| run.forget(names, program.refusal.clone()));
    let runner = shuttle::Runner::new(filter, config());
    quietly(install_shuttles_hook, || runner.run(move || backend::main_thread(&*body)));
    with_run(|run| *run = Run::default());
}

/// Shuttle installs its panic hook when a process first runs a model.
pub(crate) fn install_shuttles_hook() {
    let nothing = shuttle::scheduler::DfsScheduler::new(Some(1), false);
    shuttle::Runner::new(nothing, config()).run(|| ());
}

/// Shuttle's settings: no output and no limits of its own.
pub(crate) fn config() -> shuttle::Config {
    let mut config = shuttle::Config::new();
    config.failure_persistence = shuttle::FailurePersistence::None;
    config.max_steps = shuttle::MaxSteps::None;
    config.silence_warnings = true;
    config.stack_size = stack::SIZE;
    config
}

/// A scheduler that offers another one only threads whose operation is enabled.
struct Filter<S, B, E> {
    inner: S,
    enabled: Vec<usize>,
    preemptions: u32,
    /// Who took the last step of the run; shuttle's own account knows of threads that were only
    /// brought to their first operation.
    moved: Option<TaskId>,
    /// Whether `end` has seen the run.
    is_told: bool,
    max_steps: usize,
    begin: B,
    end: E,
}

/// What the run under way allows.
enum Choice {
    /// Only this thread: it has not come to an operation yet, or need not stay any longer.
    Local(usize),
    /// Any of the threads that were found enabled.
    Enabled,
    /// This thread, if any has still to leave: the run is over.
    Leaving(Option<usize>),
}

impl<S, B, E: FnMut(&mut Run, Over, u32)> Filter<S, B, E> {
    /// Shows the run to the engine, once: before its threads are left, since one of them may end the search.
    fn tell(&mut self, over: Over) {
        if !std::mem::replace(&mut self.is_told, true) {
            with_run(|run| (self.end)(run, over, self.preemptions));
        }
    }

    /// Lets a thread go on though the run is over, or leaves it.
    fn leave(&mut self, task: Option<usize>, runnable: &[&Task]) -> Option<TaskId> {
        if let Some(over) = with_run(|run| run.over()) {
            self.tell(over);
        }
        task.map(|task| choose(runnable[task].id(), 0))
    }

    /// Whoever is asked whose turn it is says nobody's.
    fn stop(&mut self, runnable: &[&Task]) -> Option<TaskId> {
        let leaving = with_run(|run| {
            run.stop(Over::Stopped);
            leaving(run, runnable)
        });
        self.leave(leaving, runnable)
    }
}

impl<S, B, E> Scheduler for Filter<S, B, E>
where
    S: Chooser,
    B: FnMut(&mut Run),
    E: FnMut(&mut Run, Over, u32),
{
    fn new_execution(&mut self) -> Option<Schedule> {
        if let Some(over) = with_run(Run::close) {
            self.tell(over);
        }
        self.preemptions = 0;
        self.moved = None;
        self.is_told = false;
        let schedule = self.inner.new_execution()?;
        supervisor::moves(false);
        with_run(|run| {
            run.begin();
            (self.begin)(run);
        });
        Some(schedule)
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        _: bool,
    ) -> Option<TaskId> {
        match with_run(|run| look(run, runnable, self.max_steps, &mut self.enabled)) {
            Choice::Local(task) => Some(choose(runnable[task].id(), 0)),
            Choice::Leaving(task) => self.leave(task, runnable),
            Choice::Enabled => {
                let offered: Vec<&Task> = self.enabled.iter().map(|&i| runnable[i]).collect();
                let chosen = self.inner.next_task(&offered, current, yields(current));
                let Some(chosen) = chosen else { return self.stop(runnable) };
                let choices = with_run(|run| run.choices(run.thread_of(chosen.into())));
                let choices = if choices.is_empty() { &[0][..] } else { &choices };
                let Some(choice) = self.inner.choose(choices) else { return self.stop(runnable) };
                let could_go_on = |&task: &TaskId| {
                    offered.iter().any(|other| other.id() == task) && !has_left(task)
                };
                let preempted = self.moved.filter(|&task| task != chosen).filter(could_go_on);
                if has_left(chosen) {
                    with_run(|run| run.end(run.thread_of(chosen.into())));
                } else {
                    self.preemptions += u32::from(preempted.is_some());
                    self.moved = Some(chosen);
                }
                Some(choose(chosen, choice))
            }
        }
    }

    fn next_u64(&mut self) -> u64 {
        self.inner.next_u64()
    }
}

/// Whether the thread that was last let go on asks for another one to move; shuttle does not see it
/// ask. After a spawn that is the child, on its way to its first operation.
fn yields(current: Option<TaskId>) -> bool {
    let pending = |task: TaskId| with_run(|run| run.tape.pending(run.thread_of(task.into())));
    current.and_then(pending) == Some(Op::Yield)
}

fn choose(task: TaskId, choice: u32) -> TaskId {
    with_run(|run| {
        let thread = run.thread_of(task.into());
        run.choose(Turn { thread, choice });
    });
    task
}

/// Whether a thread has nothing left to do but to end.
fn has_left(task: TaskId) -> bool {
    with_run(|run| run.has_left(run.thread_of(task.into())))
}

fn look(run: &mut Run, runnable: &[&Task], max_steps: usize, enabled: &mut Vec<usize>) -> Choice {
    enabled.clear();
    let moves = |task: &&Task| run.tape.pending(run.thread_of(task.id().into())).is_some();
    if !run.is_over() && run.tape.steps().len() >= max_steps && runnable.iter().any(moves) {
        run.stop(Over::Cut);
    }
    if run.is_over() {
        return Choice::Leaving(leaving(run, runnable));
    }
    let (mut unasked, mut waits, mut goes_on, mut races) = (None, false, false, false);
    for (i, task) in runnable.iter().enumerate() {
        let thread = run.thread_of(task.id().into());
        match run.tape.pending(thread) {
            None if run.may_begin_later(thread) => enabled.push(i),
            None if !run.has_left(thread) => return Choice::Local(i),
            None if run.tape.is_asked_for(thread) => {
                enabled.push(i);
                goes_on = true;
            }
            None => unasked = Some(i),
            Some(op) if run.world.certain(thread, op) => {
                enabled.push(i);
                goes_on = true;
            }
            Some(op) => {
                races |= run.world.races(op);
                note_wait(run, thread, op);
                waits = true;
                if run.world.enabled(thread, op) && run.may_be_doubtful(thread) {
                    enabled.push(i);
                }
            }
        }
    }
    if races {
        run.stop(Over::Raced);
        return Choice::Leaving(leaving(run, runnable));
    }
    if !goes_on {
        enabled.retain(|&i| run.may_begin_later(run.thread_of(runnable[i].id().into())));
    }
    match unasked.filter(|_| !waits) {
        _ if !enabled.is_empty() => Choice::Enabled,
        Some(last) => Choice::Local(last),
        None => {
            run.stop(Over::Deadlocked);
            Choice::Leaving(leaving(run, runnable))
        }
    }
}

/// A thread that is to go on although the run is over. Where there is none the run is left: shuttle forgets
/// the stacks of the others, and nothing that is on them is dropped.
pub(crate) fn leaving(run: &Run, runnable: &[&Task]) -> Option<usize> {
    runnable.iter().position(|task| run.is_leaving(run.thread_of(task.id().into())))
}

fn note_wait(run: &mut Run, thread: ThreadId, op: Op) {
    if run.world.contended(thread, op) {
        run.tape.contend(thread);
    }
}
