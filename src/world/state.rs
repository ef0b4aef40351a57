//! The shared state.

use super::shared::{Look, Shared};
use super::{
    CellId, EventId, Finish, Kind, LockId, Object, Op, Outcome, Primitive, Shown, ThreadId,
    ThreadState,
};

/// Everything that threads share.
///
/// Objects are created before they are used; an object that nobody has created yet reads as a free
/// lock, a cell of 0, a lowered event or an absent thread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct World {
    /// By kind and index, each state in its bits.
    states: [Vec<u64>; Kind::COUNT - 1],
    pub(crate) threads: Vec<ThreadState>,
}

impl World {
    /// A world in which only the main thread exists.
    pub fn new() -> Self {
        let mut world = Self::default();
        *slot(&mut world.threads, 0, ThreadState::Absent) = ThreadState::Running;
        world
    }

    /// Gives a new object its first state.
    pub fn create<P: Primitive>(&mut self, object: P, state: P::State) {
        *self.bits_mut(Object::of(object)) = P::pack(state);
    }

    /// A thread has nothing left to do but to [end](Op::End).
    pub fn leave(&mut self, thread: ThreadId, finish: Finish) {
        *slot(&mut self.threads, thread.index(), ThreadState::Absent) =
            ThreadState::Leaving(finish);
    }

    /// The state of an object.
    pub fn state<P: Primitive>(&self, object: P) -> P::State {
        P::unpack(self.bits(Object::of(object)))
    }

    /// Who holds a lock, if anybody does.
    pub fn holder(&self, lock: LockId) -> Option<ThreadId> {
        self.state(lock)
    }

    /// Whether a thread holds an object, as one holds a lock.
    pub(crate) fn is_held_by(&self, object: Object, thread: ThreadId) -> bool {
        object.kind.is_held_by(self.bits(object), thread)
    }

    /// All that a thread holds, as one holds a lock.
    pub(crate) fn held_by(&self, thread: ThreadId) -> impl Iterator<Item = Object> {
        let all = self.all_bits().into_iter();
        all.filter(move |&(object, bits)| object.kind.is_held_by(bits, thread)).map(|(it, _)| it)
    }

    /// What a cell contains.
    pub fn value(&self, cell: CellId) -> i64 {
        self.state(cell)
    }

    /// Whether an event is raised.
    pub fn is_set(&self, event: EventId) -> bool {
        self.state(event)
    }

    /// How far a thread has come.
    pub fn thread(&self, thread: ThreadId) -> ThreadState {
        self.threads.get(thread.index()).copied().unwrap_or(ThreadState::Absent)
    }

    /// What the state of an object comes to; that of a thread is [`thread`](Self::thread).
    pub fn shown(&self, object: Object) -> Shown {
        object.kind.shown(self.bits(object))
    }

    /// What the states of all objects of a kind come to, as far as they were created or changed.
    pub fn all_shown(&self, kind: Kind) -> impl ExactSizeIterator<Item = Shown> + '_ {
        let states = self.states.get(kind as usize).map_or(&[][..], Vec::as_slice);
        states.iter().map(move |&bits| kind.shown(bits))
    }

    /// Whether the thread's operation can take effect now; a thread whose operation cannot must wait.
    pub fn enabled(&self, thread: ThreadId, op: Op) -> bool {
        super::enabled(self, thread, op)
    }

    /// Whether it can be counted on that the thread's operation takes effect now. A thread that only something
    /// else could let go on, such as a wake-up without a notification, waits.
    pub fn certain(&self, thread: ThreadId, op: Op) -> bool {
        super::certain(self, thread, op)
    }

    /// Whether the operation, which a thread has come to, is a data race with an access that goes on.
    pub fn races(&self, op: Op) -> bool {
        super::races(self, op)
    }

    /// Whether the operation meets something that another thread has: it must wait, or will time out.
    pub fn contended(&self, thread: ThreadId, op: Op) -> bool {
        super::contended(self, thread, op)
    }

    /// Performs an operation that is [enabled](Self::enabled), and says what it answered. One that
    /// [races](Self::races) is told what it would find.
    pub fn apply(&mut self, thread: ThreadId, op: Op) -> Outcome {
        super::apply(self, thread, op)
    }

    /// What the thread's operation came down to that answered so.
    #[cfg_attr(
        all(not(loom), feature = "shuttle"),
        expect(dead_code, reason = "only what chooses by itself is asked what it has chosen")
    )]
    pub(crate) fn came_down_to(&self, thread: ThreadId, op: Op, outcome: Outcome) -> Op {
        let mut all = (0..op.choices()).map(|choice| op.chosen(choice));
        let is_it =
            |op: &Op| self.enabled(thread, *op) && self.clone().apply(thread, *op) == outcome;
        if op.choices() == 1 { op } else { all.find(is_it).unwrap_or_else(|| op.chosen(0)) }
    }

    /// All objects of a kind, as far as they were created or changed.
    pub fn all<P: Primitive>(&self) -> impl Iterator<Item = P> + use<P> {
        (0..self.states[P::KIND as usize].len()).map(P::new)
    }

    /// The state of an object in its bits, which mean what its kind says.
    pub(crate) fn bits(&self, object: Object) -> u64 {
        let states = self.states.get(object.kind as usize);
        states.and_then(|states| states.get(object.index())).copied().unwrap_or(0)
    }

    /// Every object that was created or changed, with the bits of its state.
    pub(crate) fn all_bits(&self) -> Vec<(Object, u64)> {
        let kinds = Kind::ALL.iter().zip(&self.states);
        let of = |(&kind, states): (&Kind, &Vec<u64>)| -> Vec<_> {
            let all = states.iter().enumerate();
            all.map(|(index, &bits)| (Object::new(kind, index), bits)).collect()
        };
        kinds.flat_map(of).collect()
    }

    /// The same, to be changed.
    pub(crate) fn bits_mut(&mut self, object: Object) -> &mut u64 {
        slot(&mut self.states[object.kind as usize], object.index(), 0)
    }
}

impl Look for World {
    fn state<P: Primitive>(&self, object: P) -> P::State {
        self.state(object)
    }

    fn thread(&self, thread: ThreadId) -> ThreadState {
        self.thread(thread)
    }
}

impl Shared for World {
    fn put<P: Primitive>(&mut self, object: P, state: P::State) {
        self.create(object, state);
    }

    fn start(&mut self, thread: ThreadId) {
        *slot(&mut self.threads, thread.index(), ThreadState::Absent) = ThreadState::Running;
    }

    fn end(&mut self, thread: ThreadId) {
        if let Some(finish) = self.thread(thread).finish() {
            self.threads[thread.index()] = ThreadState::Finished(finish);
        }
    }
}

/// The element at `index`, after growing the vector to hold it.
fn slot<T: Copy>(items: &mut Vec<T>, index: usize, empty: T) -> &mut T {
    if items.len() <= index {
        items.resize(index + 1, empty);
    }
    &mut items[index]
}
