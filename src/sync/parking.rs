//! The books on a run in which threads park until another one wakes them.

use super::epilogue::Epilogue;
use super::outside::{self, StandIns};
use super::pointers::Pointers;
use super::quiet;
use super::refusal::{LOST, Mark, Refusal};
use super::run::{Over, State};
use super::scripts::Choices;
use crate::supervisor;
use crate::sync::value::Value;
use crate::trace::{Place, Tape};
use crate::world::{Finish, Op, Outcome, Primitive, ThreadId, ThreadState, World};
use std::collections::BTreeMap;

type Watch = Box<dyn FnMut(&mut Run, Over) -> bool>;

/// The run under way on this OS thread.
#[derive(Default)]
pub(crate) struct Run {
    /// What the threads share; the newest value of everything.
    pub(crate) world: World,
    /// What has happened.
    pub(crate) tape: Tape,
    /// How often a thread that could have gone on lost its turn.
    pub(crate) preemptions: u32,
    pub(super) state: State,
    pub(super) mark: Mark,
    refusal: Refusal,
    /// After the end, for destructors.
    epilogue: Option<Epilogue>,
    /// How often threads were unwound after the end.
    unwound: u32,
    /// Who moves.
    pub(super) current: ThreadId,
    /// Who performed the latest operation.
    last: ThreadId,
    parked: Vec<Parked>,
    pub(super) result: Option<Value>,
    watch: Option<Watch>,
    /// Whether loom must miss nothing.
    pub(super) thorough: bool,
    pub(super) pointers: Pointers,
    /// What threads choose.
    pub(super) choices: Choices,
    /// What stands for objects that were made outside.
    pub(super) stand_ins: StandIns,
    /// What makes it, of all that runs have met, in the order of their numbers.
    pub(super) outside: BTreeMap<u32, outside::Recipe>,
    /// Whether the run under way has met something of that for the first time: it counts for nothing, and the search
    /// begins again.
    pub(super) begins_again: bool,
}

/// A thread that waits.
pub(super) struct Parked {
    pub(super) thread: ThreadId,
    /// For this to be possible; for nothing, if it was cut off.
    pub(super) wish: Option<Op>,
    /// Lets it go on.
    pub(super) unpark: Box<dyn FnOnce()>,
}

impl Run {
    /// Before the first run. `watch` sees each run when it has ended, and says whether to go on.
    pub(crate) fn watched(
        watch: impl FnMut(&mut Self, Over) -> bool + 'static,
        thorough: bool,
        refusal: Refusal,
    ) -> Self {
        Self { watch: Some(Box::new(watch)), thorough, refusal, ..Self::default() }
    }

    /// What the checked closure returned.
    pub(crate) fn take_result(&mut self) -> Option<Value> {
        self.result.take()
    }

    /// Shows the run before to the engine, and says whether to go on.
    pub(crate) fn report(&mut self) -> bool {
        let Some(over) = self.state.close() else { return true };
        if over == Over::Finished {
            let run = std::mem::take(&mut self.mark);
            self.refusal.ended(&run);
        }
        let Some(mut watch) = self.watch.take() else { return true };
        let go_on = watch(self, over) && self.refusal.reason().is_none();
        self.watch = Some(watch);
        go_on
    }

    /// Whether the search is to begin again; the run under way does not count then.
    pub(crate) fn begins_again(&mut self) -> bool {
        let again = std::mem::take(&mut self.begins_again);
        if again {
            self.state = State::Idle;
        }
        again
    }

    /// Whether threads can choose otherwise than they did: then they do in the next search.
    pub(crate) fn chooses_again(&mut self) -> bool {
        self.choices.go_on()
    }

    pub(super) fn begin(&mut self) {
        self.world = World::new();
        self.tape.begin();
        self.preemptions = 0;
        self.state.begin();
        self.mark = Mark::new(&self.refusal);
        self.epilogue = None;
        self.unwound = 0;
        self.current = ThreadId::MAIN;
        self.last = ThreadId::MAIN;
        self.parked.clear();
        self.pointers = Pointers::default();
        self.choices.begin();
        self.result = None;
        self.stand_ins.clear();
    }

    /// The search must not be believed, and this is why.
    pub(super) fn refuse(&mut self, why: String) {
        self.refusal.note(why);
        self.state.stop(Over::Stopped);
    }

    pub(super) fn create<P: Primitive>(&mut self, object: P, state: P::State) {
        match self.state {
            State::Running => {
                self.world.create(object, state);
                self.tape.create(object, state);
            }
            _ => self.epilogue().create(object, state),
        }
    }

    /// As [`create`](Self::create), of what was there before the run.
    pub(super) fn find<P: Primitive>(&mut self, object: P, state: P::State) {
        self.create(object, state);
    }

    /// What an operation answers after the end.
    pub(super) fn after_the_end(&mut self, op: Op) -> Outcome {
        let thread = self.current;
        self.epilogue().perform(thread, op).unwrap_or_else(|| {
            self.report();
            supervisor::lose(LOST)
        })
    }

    pub(super) fn epilogue(&mut self) -> &mut Epilogue {
        self.epilogue.get_or_insert_with(|| Epilogue::new(&self.world))
    }

    /// Whether threads may be unwound once more.
    pub(super) fn is_unwound_again(&mut self, most: u32) -> bool {
        self.unwound += 1;
        self.unwound <= most
    }

    pub(super) fn announce(&mut self, op: Op, place: Place) -> State {
        if self.state == State::Running {
            self.tape.announce(self.current, op, place);
        }
        self.state
    }

    /// An operation has taken effect in loom, with this answer: tells the world, and says what to
    /// note.
    pub(super) fn take_effect(&mut self, op: Op, answer: Outcome) -> Outcome {
        let thread = self.current;
        self.note_switch(thread);
        if quiet::is_beside_panic() {
            self.tape.note_beside_panic();
        }
        if self.world.contended(self.current, op) {
            self.tape.contend(thread);
        }
        self.tape.end_if_seen(&mut self.world, op, answer);
        let op = self.world.came_down_to(thread, op, answer);
        let newest = self.world.apply(thread, op);
        let outcome = match newest {
            Outcome::Value(_) | Outcome::Pointer(_) | Outcome::Is(_) => answer,
            known => known,
        };
        if outcome != newest {
            self.tape.note_stale();
        }
        self.tape.complete(thread, op, outcome);
        outcome
    }

    /// Ends the run if the thread has come to a data race; the threads that are left.
    pub(super) fn race(&mut self, op: Op) -> Option<Vec<Parked>> {
        self.world.races(op).then(|| {
            self.state.stop(Over::Raced);
            std::mem::take(&mut self.parked)
        })
    }

    /// The thread is about to park.
    pub(super) fn park(&mut self, parked: Parked) {
        if parked.wish.is_some_and(|op| self.world.contended(self.current, op)) {
            self.tape.contend(self.current);
        }
        self.parked.push(parked);
    }

    fn note_switch(&mut self, thread: ThreadId) {
        let last = std::mem::replace(&mut self.last, thread);
        let could_go_on = self.tape.pending(last).is_some_and(|op| self.world.certain(last, op));
        self.preemptions += u32::from(last != thread && could_go_on);
    }

    /// The threads that have waited for what an operation, or the end of the thread that it is about, has
    /// made possible.
    pub(super) fn granted(&mut self, op: Op) -> Vec<Parked> {
        let about = op.object(self.current);
        let world = &self.world;
        let is_granted = |parked: &mut Parked| {
            let thread = parked.thread;
            let grants = |op: Op| op.object(thread) == about && world.certain(thread, op);
            parked.wish.is_some_and(grants)
        };
        let parked = self.parked.extract_if(.., is_granted);
        parked.collect()
    }

    pub(super) fn leave(&mut self, panic: Option<String>) {
        let finish = Finish { panicked: panic.is_some(), token: 0 };
        self.world.leave(self.current, finish);
        self.tape.leave(self.current, finish, panic);
    }

    /// Ends the run if no thread that has not ended can move; the threads that are left.
    ///
    /// A thread that was cut off does not end the run for the others: loom sees only the races of
    /// operations that it has come to, and would miss what they could have done before.
    pub(super) fn settle(&mut self) -> Vec<Parked> {
        let unended = |state: &&ThreadState| **state == ThreadState::Running;
        if self.parked.len() < self.world.threads.iter().filter(unended).count() {
            return Vec::new();
        }
        self.state.stop(if self.parked.iter().any(|parked| parked.wish.is_none()) {
            Over::Cut
        } else if self.parked.is_empty() {
            Over::Finished
        } else {
            Over::Deadlocked
        });
        std::mem::take(&mut self.parked)
    }
}

/// Lets threads go on.
pub(super) fn wake(threads: Vec<Parked>) {
    for parked in threads {
        (parked.unpark)();
    }
}
