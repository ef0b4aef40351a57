//! What the threads of a run share, and who follows them.

use super::doubtful::Doubtful;
use super::guide::Guide;
use super::memory::{self, Memory};
use crate::supervisor;
use crate::sync::epilogue::Epilogue;
use crate::sync::outside::StandIns;
use crate::sync::quiet;
use crate::sync::refusal::{Mark, Refusal};
use crate::sync::run::{Over, State};
use crate::sync::value::Value;
use crate::trace::{Names, Place, Tape};
use crate::world::{DataId, Finish, Object, Op, Outcome, Primitive, ThreadId, Turn, World};

/// After so many runs with threads that cannot end, the search does: a run leaves behind what its threads
/// own; `cargo bench --bench engines` says how much.
const MOST_LEFT_BEHIND: u64 = 1 << 18;

/// The run under way on this OS thread.
#[derive(Default)]
pub(crate) struct Run {
    /// What the threads share.
    pub(crate) world: World,
    /// What has happened.
    pub(crate) tape: Tape,
    /// Watches and steers the threads one by one; none in the sampling and enumerating engines.
    pub(crate) guide: Option<Box<dyn Guide>>,
    pub(crate) mark: Mark,
    pub(crate) state: State,
    /// Why the search must not be believed, once that is known.
    refusal: Refusal,
    /// How many runs were left with threads that had not ended.
    left_behind: u64,
    /// The threads by shuttle's task numbers.
    pub(super) tasks: Vec<ThreadId>,
    pub(crate) current: ThreadId,
    /// By which of the choices of its operation the thread moves.
    choice: u32,
    /// Whether a thread begins only when it is chosen, and not as soon as it is spawned.
    pub(crate) begins_late: bool,
    /// The threads that have been let go on at all.
    begun: Vec<ThreadId>,
    /// What it offers of the moves that cannot be counted on.
    pub(crate) doubtful: Doubtful,
    /// The threads that came to an operation while they were being unwound.
    unwinding: Vec<ThreadId>,
    /// Those that came to their ends when the run was over.
    gone: Vec<ThreadId>,
    /// Those whose ends are not all the same, although they return nothing.
    pub(super) telling: Vec<ThreadId>,
    /// After the end, for who is still being unwound.
    epilogue: Option<Epilogue>,
    pub(super) handles: Vec<shuttle::thread::JoinHandle<()>>,
    pub(super) result: Option<Value>,
    /// What stands for objects that were made outside.
    pub(super) stand_ins: StandIns,
    pub(super) memory: Memory,
}

impl Run {
    /// Forgets the program before; `names` are those of the next, as far as they are known.
    pub(crate) fn forget(&mut self, names: Names, refusal: Refusal) {
        *self = Self { tape: Tape::new(names), refusal, ..Self::default() };
    }

    /// Forgets the run before, but not what everything is called.
    pub(crate) fn begin(&mut self) {
        self.world = World::new();
        self.tape.begin();
        self.mark = Mark::new(&self.refusal);
        self.state.begin();
        self.begins_late = false;
        self.begun.clear();
        self.doubtful = Doubtful::default();
        self.unwinding.clear();
        self.gone.clear();
        self.telling.clear();
        self.epilogue = None;
        self.tasks.clear();
        self.tasks.push(ThreadId::MAIN);
        self.current = ThreadId::MAIN;
        self.choice = 0;
        self.handles.clear();
        self.result = None;
        self.stand_ins.clear();
        self.memory = Memory::default();
        memory::begin();
    }

    /// Ends the run, unless it has ended.
    pub(crate) fn stop(&mut self, over: Over) {
        self.state.stop(over);
    }

    /// The search must not be believed, and this is why: it ends.
    pub(crate) fn refuse(&mut self, why: String) {
        self.refusal.note(why);
        self.stop(Over::Stopped);
    }

    /// Whether the search has to end here.
    pub(crate) fn is_refused(&self) -> bool {
        if self.left_behind > MOST_LEFT_BEHIND {
            self.refusal.note(format!(
                "after {MOST_LEFT_BEHIND} runs with threads that cannot end: what these own is never freed"
            ));
        }
        self.refusal.reason().is_some()
    }

    /// Closes the books on a run, and says why it ended; nothing if there was none.
    pub(crate) fn close(&mut self) -> Option<Over> {
        let over = self.state.close();
        memory::end();
        if over == Some(Over::Finished) {
            let run = std::mem::take(&mut self.mark);
            self.refusal.ended(&run);
        }
        if over.is_some_and(|over| over != Over::Finished) {
            self.left_behind += 1;
            let waits = self.tape.all_pending().max_by_key(|pending| pending.thread);
            if let Some(waits) = waits.filter(|_| self.left_behind == 1) {
                supervisor::note_left(waits.thread, waits.place);
            }
        }
        over
    }

    /// Why the run is over, if it is.
    pub(crate) fn over(&self) -> Option<Over> {
        match self.state {
            State::Over(over) => Some(over),
            State::Running | State::Idle => None,
        }
    }

    /// Whether the run is over.
    pub(crate) fn is_over(&self) -> bool {
        self.state.is_over()
    }

    /// What the checked closure returned.
    pub(crate) fn take_result(&mut self) -> Option<Value> {
        self.result.take()
    }

    /// The thread of one of shuttle's tasks.
    pub(crate) fn thread_of(&self, task: usize) -> ThreadId {
        self.tasks[task]
    }

    /// Whether the thread can move by this choice.
    pub(crate) fn offers(&mut self, thread: ThreadId, choice: u32) -> bool {
        let offered = self.choices(thread);
        offered.contains(&choice) || offered.is_empty() && choice == 0
    }

    /// By which choices the thread can move; none if its operation leaves no choice.
    pub(crate) fn choices(&mut self, thread: ThreadId) -> Vec<u32> {
        let Some(op) = self.tape.pending(thread).filter(|op| op.choices() > 1) else {
            return Vec::new();
        };
        let mut can = |&choice: &u32| {
            let op = op.chosen(choice);
            self.world.enabled(thread, op)
                && (self.world.certain(thread, op) || self.may_be_doubtful(thread))
        };
        (0..op.choices()).filter(&mut can).collect()
    }

    /// Whose turn it is.
    pub(crate) fn choose(&mut self, Turn { thread, choice }: Turn) {
        if self.unwinding.iter().any(|&other| other != thread) {
            self.tape.note_beside_panic();
        }
        if self.begins_late && !self.begun.contains(&thread) {
            self.begun.push(thread);
        }
        self.current = thread;
        self.choice = choice;
    }

    /// The thread has come to an operation: what it answers, if the thread may go on at once.
    pub(super) fn arrive(&mut self, op: Op, place: Place) -> Option<Outcome> {
        let thread = self.current;
        self.tape.announce(thread, op, place);
        self.note_unwinding();
        let guide = self.guide.as_mut()?;
        self.choice = guide.announced(&self.world, thread, op, place)?;
        Some(self.take_effect(op))
    }

    fn note_unwinding(&mut self) {
        let thread = self.current;
        match quiet::is_unwinding() {
            true if !self.unwinding.contains(&thread) => self.unwinding.push(thread),
            false if !self.unwinding.is_empty() => self.unwinding.retain(|&other| other != thread),
            _ => {}
        }
    }

    /// The thread that was let go on performs its operation; nothing if it is to go no further.
    ///
    /// Once the run is over none does anything, but for one that a panic unwinds: shuttle does not forget its
    /// stack, nor would std forget the panic. It is told what it would have been told then, and nobody takes
    /// note of it.
    pub(super) fn go_on(&mut self, op: Op) -> Option<Outcome> {
        if self.state == State::Running {
            return Some(self.take_effect(op));
        }
        let thread = self.current;
        quiet::is_unwinding().then(|| self.epilogue().perform(thread, op)).flatten()
    }

    pub(super) fn epilogue(&mut self) -> &mut Epilogue {
        self.epilogue.get_or_insert_with(|| Epilogue::new(&self.world))
    }

    /// Whether a thread goes on although the run is over: it has nothing left to do, or a panic unwinds it.
    pub(crate) fn is_leaving(&self, thread: ThreadId) -> bool {
        self.has_left(thread) || self.gone.contains(&thread) || self.unwinding.contains(&thread)
    }

    /// No panic unwinds the thread that moves any more.
    pub(super) fn note_unwound(&mut self) {
        let thread = self.current;
        self.unwinding.retain(|&other| other != thread);
    }

    pub(in crate::sync) fn create<P: Primitive>(&mut self, object: P, state: P::State) {
        let thread = self.current;
        if self.enter(object, state)
            && let Some(guide) = &mut self.guide
        {
            guide.created(thread, Object::of(object), P::pack(state));
        }
    }

    /// What the thread that moves leaves just now, as a version; all the same where nobody follows it.
    pub(super) fn past(&mut self) -> DataId {
        let thread = self.current;
        let guide = self.guide.as_mut().filter(|_| self.state == State::Running);
        DataId::version(guide.map_or_else(Vec::new, |guide| guide.past(thread)))
    }

    /// As [`create`](Self::create), of what was there before the run.
    pub(in crate::sync) fn find<P: Primitive>(&mut self, object: P, state: P::State) {
        if self.enter(object, state)
            && let Some(guide) = &mut self.guide
        {
            guide.found(Object::of(object), P::pack(state));
        }
    }

    /// Whether an object takes part in the run, and does not come after its end.
    fn enter<P: Primitive>(&mut self, object: P, state: P::State) -> bool {
        if self.is_over() {
            self.epilogue().create(object, state);
            return false;
        }
        self.world.create(object, state);
        self.tape.create(object, state);
        true
    }

    /// Whether another move that cannot be counted on may be offered, of this thread.
    pub(crate) fn may_be_doubtful(&mut self, thread: ThreadId) -> bool {
        let may = self.guide.as_ref().is_none_or(|guide| !guide.holds_back(thread));
        may && self.doubtful.is_left()
    }

    fn take_effect(&mut self, op: Op) -> Outcome {
        let thread = self.current;
        let op = op.chosen(self.choice);
        let doubtful = !self.world.certain(thread, op);
        if self.world.contended(thread, op) {
            self.tape.contend(thread);
        }
        let outcome = match &mut self.guide {
            Some(guide) => guide.perform(&mut self.world, thread, op),
            None => self.world.apply(thread, op),
        };
        self.memory.pointers.note(thread, op, outcome);
        self.tape.complete(thread, op, outcome);
        if doubtful {
            self.doubtful.spend();
            self.tape.doubt();
        }
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

    /// Whether a thread has come neither to an operation nor to its end.
    pub(crate) fn is_on_its_way(&self, thread: ThreadId) -> bool {
        self.tape.pending(thread).is_none() && !self.has_left(thread)
    }

    /// Whether a thread has not begun, and need not yet. One that leaves the run out must: what others do
    /// meanwhile is of no interest.
    pub(crate) fn may_begin_later(&self, thread: ThreadId) -> bool {
        let cuts = || self.guide.as_ref().is_some_and(|guide| guide.cuts_at_once(thread));
        self.begins_late && !self.begun.contains(&thread) && !cuts()
    }

    /// Whether a thread may end in a step of its own: it has nothing else left to do, and somebody asks.
    pub(crate) fn may_end(&self, thread: ThreadId) -> bool {
        self.has_left(thread) && self.tape.is_asked_for(thread)
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
        self.note_unwound();
        let thread = self.current;
        let told = Finish { panicked: panic.is_some(), token: 0 };
        if self.is_over() {
            return self.gone.push(thread);
        }
        let returns_nothing = returns_nothing && !self.telling.contains(&thread);
        let finish = match &mut self.guide {
            Some(guide) => guide.left(thread, panic.as_deref(), returns_nothing),
            None => told,
        };
        self.world.leave(thread, finish);
        self.tape.leave(thread, finish, panic);
    }
}
