//! What the threads of a run share, and who follows them.

use crate::sync::run::{Over, State};
use crate::trace::{Names, Place, Tape};
use crate::world::{CellId, Finish, Op, Outcome, ThreadId, World};
use std::any::Any;

/// The run under way on this OS thread.
#[derive(Default)]
pub(crate) struct Run {
    /// What the threads share.
    pub(crate) world: World,
    /// What has happened.
    pub(crate) tape: Tape,
    /// Watches and steers the threads one by one; none in the sampling and enumerating engines.
    pub(crate) guide: Option<Box<dyn Guide>>,
    pub(super) state: State,
    /// The threads by shuttle's task numbers.
    pub(super) tasks: Vec<ThreadId>,
    pub(super) current: ThreadId,
    pub(super) handles: Vec<shuttle::thread::JoinHandle<()>>,
    pub(super) result: Option<Box<dyn Any>>,
}

/// Follows each thread through a run: what it makes, comes to, is told, and how it ends.
pub(crate) trait Guide {
    /// A cell was made.
    fn created(&mut self, thread: ThreadId, cell: CellId, initial: i64);
    /// The thread has made a promise.
    fn checkpoint(&mut self, thread: ThreadId, key: Vec<u8>);
    /// The thread has come to an operation. Whether it may go on at once: no scheduler is asked.
    fn announced(&mut self, world: &World, thread: ThreadId, op: Op, place: Place) -> bool;
    /// Performs the operation.
    fn perform(&mut self, world: &mut World, thread: ThreadId, op: Op) -> Outcome;
    /// The thread has cut the run off. Whether the run is to end at once.
    fn cut(&mut self, thread: ThreadId) -> bool;
    /// The thread has come to its end; `returns_nothing` if every value that it could return is the
    /// same.
    fn left(&mut self, thread: ThreadId, panic: Option<&str>, returns_nothing: bool) -> Finish;
}

impl Run {
    /// Forgets the program before; `names` are those of the next, as far as they are known.
    pub(crate) fn forget(&mut self, names: Names) {
        *self = Self { tape: Tape::new(names), ..Self::default() };
    }

    /// Forgets the run before, but not what everything is called.
    pub(crate) fn begin(&mut self) {
        self.world = World::new();
        self.tape.begin();
        self.state = State::Running;
        self.tasks.clear();
        self.tasks.push(ThreadId::MAIN);
        self.current = ThreadId::MAIN;
        self.handles.clear();
        self.result = None;
    }

    /// Ends the run, unless it has ended.
    pub(crate) fn stop(&mut self, over: Over) {
        self.state.stop(over);
    }

    /// Closes the books on a run, and says why it ended; nothing if there was none.
    pub(crate) fn close(&mut self) -> Option<Over> {
        self.state.close()
    }

    /// Whether the run is over.
    pub(crate) fn is_over(&self) -> bool {
        self.state.is_over()
    }

    /// What the checked closure returned.
    pub(crate) fn take_result(&mut self) -> Option<Box<dyn Any>> {
        self.result.take()
    }

    /// The thread of one of shuttle's tasks.
    pub(crate) fn thread_of(&self, task: usize) -> ThreadId {
        self.tasks[task]
    }

    /// The thread moves next.
    pub(crate) fn choose(&mut self, thread: ThreadId) {
        self.current = thread;
    }

    /// The thread has come to an operation: what it answers, if the thread may go on at once.
    pub(super) fn arrive(&mut self, op: Op, place: Place) -> Option<Outcome> {
        let thread = self.current;
        self.tape.announce(thread, op, place);
        let guide = self.guide.as_mut()?;
        guide.announced(&self.world, thread, op, place).then(|| self.take_effect(op))
    }

    pub(super) fn take_effect(&mut self, op: Op) -> Outcome {
        let thread = self.current;
        if self.world.contended(op) {
            self.tape.contend(thread);
        }
        let outcome = match &mut self.guide {
            Some(guide) => guide.perform(&mut self.world, thread, op),
            None => self.world.apply(thread, op),
        };
        self.tape.complete(thread, outcome);
        outcome
    }

    /// Cuts the run off, if it is under way; how far it had come.
    pub(super) fn cut(&mut self) -> State {
        let (state, thread) = (self.state, self.current);
        if self.guide.as_mut().is_none_or(|guide| state != State::Running || guide.cut(thread)) {
            self.stop(Over::Cut);
        }
        state
    }

    /// Whether a thread has nothing left to do but to end.
    pub(crate) fn has_left(&self, thread: ThreadId) -> bool {
        self.world.thread(thread).finish().is_some()
    }

    /// A thread that has nothing else left to do ends.
    pub(crate) fn end(&mut self, thread: ThreadId) {
        match &mut self.guide {
            Some(guide) => guide.perform(&mut self.world, thread, Op::End),
            None => self.world.apply(thread, Op::End),
        };
        self.tape.end(thread);
    }

    pub(super) fn leave(&mut self, panic: Option<String>, returns_nothing: bool) {
        let thread = self.current;
        let finish = match &mut self.guide {
            Some(guide) => guide.left(thread, panic.as_deref(), returns_nothing),
            None => Finish { panicked: panic.is_some(), token: 0 },
        };
        self.world.leave(thread, finish);
        self.tape.leave(thread, finish, panic);
    }
}
