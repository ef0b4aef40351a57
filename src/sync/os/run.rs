//! Real threads, with every operation on the record.
//!
//! An operation takes effect on the real primitive and is written down in one step, under the mutex
//! of its run. So the order on the tape is the order of effects, and a thread that must wait does
//! so on one condition variable. When every thread that has not ended waits and none could go on,
//! that is a deadlock: the run is over, and its threads are unwound.
//!
//! A thread that blocks or loops outside of [`sync`](crate::sync) cannot be unwound. When nothing has
//! happened for too long, the run is given up and such a thread left behind; it is unwound if it ever
//! comes to an operation again. To wait for a primitive that was made outside of the
//! program counts as outside, too.

use super::noise;
use super::{Condvar, Mutex, MutexGuard};
use crate::supervisor;
use crate::sync::epilogue::Epilogue;
use crate::sync::outside::{StandIn, StandIns};
use crate::sync::pointers::Pointers;
use crate::sync::refusal::Mark;
use crate::sync::stack::Stack;
use crate::trace::{Maker, Place, Tape};
use crate::world::{DataId, Finish, Kind, Op, Outcome, Primitive, ThreadId, ThreadState, World};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A longer run is cut off: unlucky threads can retry for ever.
pub(crate) const MAX_STEPS: usize = 100_000;

/// How often the threads of a run are unwound after it: one that catches that, and tries again for ever, has
/// to come to an end.
const MOST_UNWOUND: u32 = 1_000;

/// One run of a program.
#[derive(Debug)]
pub(super) struct Run {
    books: Mutex<Books>,
    /// Something has happened that a waiting thread should look at.
    moved: Condvar,
    /// A thread has left.
    left: Condvar,
    seed: u64,
    pub(super) mark: Mark,
    /// What stands for objects that were made outside.
    stand_ins: Mutex<StandIns>,
    pointers: Mutex<Pointers>,
}

#[derive(Debug)]
struct Books {
    world: World,
    tape: Tape,
    over: Option<Over>,
    /// After the end, for destructors.
    epilogue: Option<Epilogue>,
    /// How often threads were unwound after the end.
    unwound: u32,
    /// How many OS threads belong to the run still.
    members: usize,
    /// Whether one that does not was left where it is.
    stopped: bool,
}

/// Why a run is over before all of its threads have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// No thread that has not ended can move.
    Deadlocked,
    /// A thread has come to a data race.
    Raced,
    /// It was too long.
    Cut,
    /// A thread does not come back to an operation.
    Stuck,
    /// The search must not be believed.
    Refused,
}

/// A thread that outlived its run.
pub(super) struct Abandoned;

impl Run {
    /// A run of a program; the tape knows the names from earlier ones.
    pub(super) fn new(mut tape: Tape, seed: u64, mark: Mark) -> Self {
        tape.begin();
        let world = World::new();
        let books = Books {
            world,
            tape,
            over: None,
            epilogue: None,
            unwound: 0,
            members: 0,
            stopped: false,
        };
        let (moved, left) = (Condvar::new(), Condvar::new());
        let (stand_ins, pointers) = (Mutex::default(), Mutex::default());
        Self { books: Mutex::new(books), moved, left, seed, mark, stand_ins, pointers }
    }

    /// What is written down when every thread has left, or is not going to; and whether all OS threads end.
    pub(super) fn close(&self, stuck_after: Duration) -> (World, Tape, Option<Over>, bool) {
        let mut books = self.until_left(stuck_after);
        // They have the run, which has them.
        let stand_ins = std::mem::take(&mut *self.stand_ins.lock());
        let (world, tape) = (std::mem::take(&mut books.world), std::mem::take(&mut books.tape));
        let all_end = books.members == 0 && !books.stopped;
        let over = books.over;
        drop(books);
        drop(stand_ins);
        (world, tape, over, all_end)
    }

    /// Performs an operation as soon as `act` can, and says what it answered.
    pub(super) fn perform(
        &self,
        thread: ThreadId,
        op: Op,
        place: Place,
        act: impl FnMut(&World) -> Option<Outcome>,
    ) -> Outcome {
        self.perform_until(None, (thread, op), place, act)
    }

    /// `act` is asked again whenever something has happened, and at the deadline.
    pub(super) fn perform_until(
        &self,
        deadline: Option<Instant>,
        (thread, op): (ThreadId, Op),
        place: Place,
        mut act: impl FnMut(&World) -> Option<Outcome>,
    ) -> Outcome {
        Stack::check(place);
        noise::make();
        let mut books = self.books.lock();
        books.announce(thread, op, place);
        loop {
            if books.over.is_some() {
                let unwinds = books.unwinds();
                if unwinds {
                    drop(books);
                    resume_unwind(Box::new(Abandoned));
                }
                if let Some(outcome) = books.after_the_end(thread, op) {
                    return outcome;
                }
                books.stopped = true;
                drop(books);
                self.leave();
                supervisor::stop();
            }
            if let Some(outcome) = act(&books.world) {
                books.complete(thread, op, outcome);
                self.moved.notify_all();
                return outcome;
            }
            if books.world.races(op) {
                self.end_run(&mut books, Over::Raced);
            } else if books.is_deadlock() {
                self.end_run(&mut books, Over::Deadlocked);
            } else {
                self.wait(&mut books, deadline);
            }
        }
    }

    fn wait(&self, books: &mut MutexGuard<'_, Books>, deadline: Option<Instant>) {
        match deadline {
            None => self.moved.wait(books),
            Some(end) => drop(self.moved.wait_until(books, end)),
        }
    }

    fn end_run(&self, books: &mut Books, over: Over) {
        books.over.get_or_insert(over);
        self.moved.notify_all();
    }

    /// Names what a thread makes or comes to; nothing once the run is over.
    pub(super) fn register(
        &self,
        kind: Kind,
        mover: ThreadId,
        maker: Maker,
        place: Place,
    ) -> Option<usize> {
        let mut books = self.books.lock();
        let goes_on = books.over.is_none();
        goes_on.then(|| books.tape.register(kind, mover, maker, place))
    }

    /// What stands for something in this run, which is made if nothing does.
    pub(super) fn stand_in(&self, number: u32, make: impl FnOnce() -> StandIn) -> StandIn {
        Arc::clone(self.stand_ins.lock().entry(number).or_insert_with(make))
    }

    /// The name that a pointer has.
    pub(super) fn name_of(&self, pointer: *mut ()) -> DataId {
        self.pointers.lock().name_of(pointer)
    }

    /// Looks at its pointers, for a thread.
    pub(super) fn with_pointers<T>(
        &self,
        thread: ThreadId,
        f: impl FnOnce(&mut Pointers, ThreadId, &str) -> T,
    ) -> T {
        let called = self.books.lock().tape.names().thread(thread).to_owned();
        f(&mut self.pointers.lock(), thread, &called)
    }

    /// The search must not be believed, and this is why: the run is over.
    pub(super) fn refuse(&self, why: String) {
        self.mark.refuse(why);
        self.end_run(&mut self.books.lock(), Over::Refused);
    }

    /// Lets an OS thread join in.
    pub(super) fn admit(&self) {
        self.books.lock().members += 1;
    }

    /// Sees an OS thread off.
    pub(super) fn leave(&self) {
        self.books.lock().members -= 1;
        self.left.notify_all();
    }

    pub(super) fn is_over(&self) -> bool {
        self.books.lock().over.is_some()
    }

    /// Where the noise of a thread starts.
    pub(super) fn seed_of(&self, thread: ThreadId) -> u64 {
        self.seed.wrapping_add(thread.index() as u64)
    }

    pub(super) fn create<P: Primitive>(&self, object: P, state: P::State) {
        let mut books = self.books.lock();
        if books.over.is_some() {
            return books.epilogue().create(object, state);
        }
        books.world.create(object, state);
        books.tape.create(object, state);
    }

    /// Notes that a thread has come to its end.
    pub(super) fn end(&self, thread: ThreadId, panic: Option<String>) {
        let mut books = self.books.lock();
        if books.over.is_some() {
            return;
        }
        let finish = Finish { panicked: panic.is_some(), token: 0 };
        books.world.leave(thread, finish);
        books.tape.leave(thread, finish, panic);
        if books.is_deadlock() {
            self.end_run(&mut books, Over::Deadlocked);
        }
        self.moved.notify_all();
    }

    /// Waits until every thread has left, or is not going to.
    fn until_left(&self, stuck_after: Duration) -> MutexGuard<'_, Books> {
        let mut books = self.books.lock();
        while books.members > 0 {
            let before = books.progress();
            let late = self.left.wait_for(&mut books, stuck_after).timed_out();
            if late && books.progress() == before {
                self.end_run(&mut books, Over::Stuck);
                break;
            }
        }
        books
    }
}

impl Books {
    fn announce(&mut self, thread: ThreadId, op: Op, place: Place) {
        if self.over.is_some() {
            return;
        }
        self.tape.announce(thread, op, place);
        if self.world.contended(thread, op) {
            self.tape.contend(thread);
        }
    }

    /// Follows in the world what has happened in fact.
    fn complete(&mut self, thread: ThreadId, op: Op, outcome: Outcome) {
        self.tape.end_if_seen(&mut self.world, op, outcome);
        let op = self.world.came_down_to(thread, op, outcome);
        let expected = self.world.apply(thread, op);
        debug_assert_eq!(expected, outcome, "{op:?} has another meaning here");
        self.tape.complete(thread, op, outcome);
        if self.tape.steps().len() >= MAX_STEPS {
            self.over.get_or_insert(Over::Cut);
        }
    }

    /// Whether there are threads that have not ended, and none can go on.
    fn is_deadlock(&self) -> bool {
        let waits = |thread: ThreadId| {
            self.tape.pending(thread).is_some_and(|op| !self.world.certain(thread, op))
        };
        let threads = self.world.threads.iter().enumerate();
        let unfinished = |&(_, state): &(usize, &ThreadState)| *state == ThreadState::Running;
        let mut unfinished = threads.filter(unfinished).map(|(i, _)| ThreadId::new(i)).peekable();
        unfinished.peek().is_some() && unfinished.all(waits)
    }

    /// Whether a thread that outlived the run is to be unwound: not if it is already, or if that was caught
    /// too often.
    fn unwinds(&mut self) -> bool {
        if std::thread::panicking() {
            return false;
        }
        self.unwound += 1;
        self.unwound <= MOST_UNWOUND
    }

    /// What a destructor is told while the stack of an abandoned thread is unwound; nothing if it goes no
    /// further.
    fn after_the_end(&mut self, thread: ThreadId, op: Op) -> Option<Outcome> {
        self.epilogue().perform(thread, op)
    }

    fn epilogue(&mut self) -> &mut Epilogue {
        self.epilogue.get_or_insert_with(|| Epilogue::new(&self.world))
    }

    fn progress(&self) -> (usize, usize) {
        (self.tape.steps().len(), self.members)
    }
}
