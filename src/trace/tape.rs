//! What is written while a program runs.

use super::names::{Maker, Named, OUTSIDE, Registered};
use super::renumber::Renumbering;
use super::{End, Follows, Names, Pending, Place, Step, Trace};
use crate::apart::beacon;
use crate::supervisor;
use crate::world::{Finish, Kind, Object, Op, Outcome, Primitive, ThreadId, ThreadOp};
#[cfg(any(loom, not(feature = "shuttle")))]
use crate::world::{ThreadState, World};

/// The record of the run under way. Names outlive a run; everything else starts afresh.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    names: Names,
    /// How many of each kind each thread has made.
    made: Vec<[u32; Kind::COUNT]>,
    /// All that was made, in order.
    order: Vec<Object>,
    initial: Vec<(Object, u64)>,
    steps: Vec<Step>,
    waiting: Vec<Option<Waiting>>,
    ends: Vec<End>,
    contended: u64,
    timeouts: u64,
    stale: u64,
    beside_panic: bool,
}

/// A thread's announced operation.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    op: Op,
    place: Place,
    contended: bool,
}

impl Tape {
    /// An empty tape, for a program whose objects have these names, as far as they are known.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn new(names: Names) -> Self {
        Self { names, ..Self::default() }
    }

    /// Forgets the run before, and names the main thread at its first call.
    pub(crate) fn begin(&mut self) {
        self.made.clear();
        self.order.clear();
        self.initial.clear();
        self.steps.clear();
        self.waiting.clear();
        self.ends.clear();
        self.contended = 0;
        self.timeouts = 0;
        self.stale = 0;
        self.beside_panic = false;
        self.names.register(
            Kind::Thread,
            (ThreadId::MAIN, 0),
            Some("main".into()),
            Place::caller(),
        );
        grown(&mut self.made, 0)[Kind::Thread as usize] = 1;
        self.order.push(Object::of(ThreadId::MAIN));
    }

    /// The identity, as an index among its kind, of an object that the thread that moves makes or comes to now.
    pub(crate) fn register(
        &mut self,
        kind: Kind,
        mover: ThreadId,
        maker: Maker,
        place: Place,
    ) -> usize {
        let ((of, nth), name, place) = match maker {
            Maker::Mover(name) => (self.next_of(mover, kind), name, place),
            Maker::Of(owner) => {
                let Named { name, place } = self.names.threads()[owner.index()].clone();
                (self.next_of(owner, kind), Some(name), place)
            }
            Maker::Outside(number) => ((ThreadId::MAIN, OUTSIDE | number), None, place),
        };
        let Registered { index, is_news } = self.names.register(kind, (of, nth), name, place);
        if kind == Kind::Thread && is_news {
            supervisor::note_thread(index, self.names.thread(ThreadId::new(index)));
        }
        self.order.push(Object::new(kind, index));
        index
    }

    /// A thread, and how many of this kind it has had before this one.
    fn next_of(&mut self, thread: ThreadId, kind: Kind) -> (ThreadId, u32) {
        let nth = &mut grown(&mut self.made, thread.index())[kind as usize];
        *nth += 1;
        (thread, *nth - 1)
    }

    /// How many of each kind a thread has made in this run.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn made_by(&self, thread: ThreadId) -> &[u32] {
        self.made.get(thread.index()).map_or(&[], |made| made)
    }

    /// Notes the first state of an object.
    pub(crate) fn create<P: Primitive>(&mut self, object: P, state: P::State) {
        self.initial.push((Object::of(object), P::pack(state)));
    }

    /// A thread has come to an operation.
    pub(crate) fn announce(&mut self, thread: ThreadId, op: Op, place: Place) {
        *grown(&mut self.waiting, thread.index()) = Some(Waiting { op, place, contended: false });
    }

    /// What a thread has come to and not yet done.
    #[inline]
    pub(crate) fn pending(&self, thread: ThreadId) -> Option<Op> {
        Some(self.waiting.get(thread.index())?.as_ref()?.op)
    }

    /// All that threads have come to and not yet done.
    pub(crate) fn all_pending(&self) -> impl Iterator<Item = Pending> + '_ {
        self.waiting.iter().enumerate().filter_map(|(index, waiting)| {
            waiting.as_ref().map(|waiting| Pending {
                thread: ThreadId::new(index),
                op: waiting.op,
                place: waiting.place,
            })
        })
    }

    /// The lock that a thread has come to is held; counted once for each announcement.
    pub(crate) fn contend(&mut self, thread: ThreadId) {
        if let Some(Some(waiting)) = self.waiting.get_mut(thread.index())
            && !waiting.contended
        {
            waiting.contended = true;
            self.contended += 1;
        }
    }

    /// What a thread had announced has taken effect, as what it came down to.
    pub(crate) fn complete(&mut self, thread: ThreadId, op: Op, outcome: Outcome) {
        let Some(Waiting { place, .. }) = grown(&mut self.waiting, thread.index()).take() else {
            unreachable!("an operation is announced before it takes effect");
        };
        supervisor::note(thread, place);
        beacon::note(|| beacon::operation(self.names.thread(thread), place).to_string());
        self.timeouts += u64::from(outcome == Outcome::TimedOut);
        let follows = Follows::default();
        let doubtful = false;
        self.steps.push(Step { thread, op, outcome, place, doubtful, follows });
    }

    /// The latest step could not have been counted on.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn doubt(&mut self) {
        if let Some(step) = self.steps.last_mut() {
            step.doubtful = true;
        }
    }

    /// Whether somebody has come to ask whether a thread has ended.
    #[cfg(all(not(loom), feature = "shuttle"))]
    pub(crate) fn is_asked_for(&self, thread: ThreadId) -> bool {
        let question = Op::Thread(thread, ThreadOp::IsFinished);
        self.waiting.iter().flatten().any(|waiting| waiting.op == question)
    }

    /// A thread that has come to its end ends, and is about to be seen to have.
    pub(crate) fn end(&mut self, thread: ThreadId) {
        let place = self.names.threads()[thread.index()].place;
        let (op, outcome, follows) = (Op::End, Outcome::Done, Follows::default());
        let doubtful = false;
        self.steps.push(Step { thread, op, outcome, place, doubtful, follows });
    }

    /// A thread that has come to its end in fact may be seen to have ended, by this answer: if for the
    /// first time, it ends just before that.
    #[cfg(any(loom, not(feature = "shuttle")))]
    pub(crate) fn end_if_seen(&mut self, world: &mut World, op: Op, answer: Outcome) {
        if let (Op::Thread(thread, ThreadOp::IsFinished), Outcome::Is(true)) = (op, answer)
            && matches!(world.thread(thread), ThreadState::Leaving(_))
        {
            world.apply(thread, Op::End);
            self.end(thread);
        }
    }

    /// A thread has come to its end.
    pub(crate) fn leave(&mut self, thread: ThreadId, finish: Finish, panic: Option<String>) {
        self.ends.push(End { thread, finish, panic, after: self.steps.len() });
    }

    /// The steps so far.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The threads that have come to their ends so far.
    pub(crate) fn ends(&self) -> &[End] {
        &self.ends
    }

    /// How many operations met a held lock.
    pub(crate) fn contended(&self) -> u64 {
        self.contended
    }

    /// How many timed acquires timed out.
    pub(crate) fn timeouts(&self) -> u64 {
        self.timeouts
    }

    /// For each thread, whether each of its timed acquires took the lock.
    pub(crate) fn tries(&self) -> Vec<Vec<bool>> {
        let mut tries = Vec::<Vec<bool>>::new();
        for step in self.steps.iter().filter(|step| step.op.is_timed()) {
            grown(&mut tries, step.thread.index()).push(step.outcome == Outcome::Acquired);
        }
        tries
    }

    /// A question was answered with an old value.
    #[cfg(loom)]
    pub(crate) fn note_stale(&mut self) {
        self.stale += 1;
    }

    /// How many questions were answered with an old value.
    pub(crate) fn stale(&self) -> u64 {
        self.stale
    }

    /// A thread moved while a panic unwound another one.
    #[cfg(any(loom, feature = "shuttle"))]
    pub(crate) fn note_beside_panic(&mut self) {
        self.beside_panic = true;
    }

    /// Whether a thread moved while a panic unwound another one.
    pub(crate) fn is_beside_panic(&self) -> bool {
        self.beside_panic
    }

    /// What everything is called, over all runs so far.
    pub(crate) fn names(&self) -> &Names {
        &self.names
    }

    /// The run so far, to keep, with everything numbered in the order in which it made it.
    pub(crate) fn trace(&self) -> Trace {
        let mut own = Renumbering::new(&self.names, Names::default());
        for &object in &self.order {
            own.index(object);
        }
        own.trace(&self.initial, &self.steps, self.all_pending(), &self.ends)
    }
}

/// The element at `index`, after growing the vector to hold it.
fn grown<T: Default + Clone>(items: &mut Vec<T>, index: usize) -> &mut T {
    if items.len() <= index {
        items.resize(index + 1, T::default());
    }
    &mut items[index]
}
