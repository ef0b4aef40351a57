//! Runs the real code along a schedule that is known.

#[cfg(feature = "cli")]
use super::Found;
use super::along::once;
use super::{Ending, EngineError, Erased, filter};
use crate::supervisor::Crash;
use crate::sync::backend::{Over, Run};
use crate::sync::value::Value;
use crate::trace::{Names, Schedule, Trace};
#[cfg(feature = "cli")]
use crate::trace::{Token, TokenError};
use crate::world::{ThreadId, Turn};
use parking_lot::Mutex;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What the real code did.
#[derive(Clone, Debug)]
pub struct Replayed<R> {
    /// Its steps.
    pub trace: Trace,
    /// How it ended; nothing if the schedule leaves off before that.
    pub ending: Option<Ending<R>>,
}

impl Replayed<Value> {
    /// The same, with what was returned of the type that it has.
    pub(super) fn typed<R: 'static>(self) -> Replayed<R> {
        Replayed { trace: self.trace, ending: self.ending.map(Ending::typed) }
    }

    fn of(run: &mut Run, over: Over) -> Self {
        Self { trace: run.tape.trace(), ending: filter::ending(run, over) }
    }
}

/// Lets these threads move, one at each step and if need be by a choice, and stops after the last one or where the
/// next one cannot move. They are numbered in the order in which the run makes them.
///
/// # Errors
/// If a thread comes to no operation for too long.
pub(crate) fn replay(program: &Erased, turns: Vec<Turn>) -> Result<Replayed<Value>, EngineError> {
    told(looked_at(program, Names::default(), turns, Replayed::of))
}

/// The same, with threads that are known by who made them.
///
/// # Errors
/// If a thread comes to no operation for too long.
pub(crate) fn replay_schedule(
    program: &Erased,
    schedule: &Schedule,
) -> Result<Replayed<Value>, EngineError> {
    told(looked_at(program, Names::expecting(schedule), schedule.turns.clone(), Replayed::of))
}

/// Runs the program along a token's schedule.
///
/// # Errors
/// If that leads to other steps than those that the token was made from, or a thread comes to no operation
/// for too long.
#[cfg(feature = "cli")]
pub(crate) fn replay_token(program: &Erased, token: &Token) -> Result<Found, TokenError> {
    let replayed = replay_schedule(program, &token.schedule);
    token.found(replayed.map_err(|error| TokenError::Crashed(error.to_string()))?.trace)
}

/// How many of so many replays of a trace have the same steps and the same end. Each begins as one in
/// another process does: it knows of the trace no more than a token says.
pub(crate) fn reproduced(program: &Erased, trace: &Trace, times: usize) -> usize {
    let schedule = Schedule::of(trace);
    let again = || {
        let names = Names::expecting(&schedule);
        looked_at(program, names, schedule.turns.clone(), |run, _| run.tape.trace())
    };
    (0..times).filter(|_| again().is_ok_and(|again| again.is_same_as(trace))).count()
}

fn told(replayed: Result<Replayed<Value>, Crash>) -> Result<Replayed<Value>, EngineError> {
    replayed.map_err(|crash| EngineError::Failed(format!("the replay was cut short {crash}")))
}

/// Runs the program along a schedule, in a search of its own, and gives what `look` makes of the end, even of
/// a run that cannot be left.
fn looked_at<T>(
    program: &Erased,
    names: Names,
    turns: Vec<Turn>,
    look: impl FnOnce(&mut Run, Over) -> T + Send + 'static,
) -> Result<T, Crash>
where
    T: Send + 'static,
{
    let seen = Arc::new(Mutex::new(None));
    let sink = Arc::clone(&seen);
    let (mut turns, mut look) = (turns.into_iter(), Some(look));
    let ran = program.supervised(move |program| {
        filter::drive(
            once(move |_| turns.next()),
            program,
            names,
            usize::MAX,
            |_| (),
            move |run, over, _| *sink.lock() = look.take().map(|look| look(run, over)),
        );
    });
    let seen = seen.lock().take();
    seen.map_or_else(|| Err(ran.err().unwrap_or_else(|| unreachable!("there is one run"))), Ok)
}

/// Runs the program once, letting `pick` say whose turn it is. It is offered threads by the identifiers that
/// `names` gave them before; the trace has numbers of its own.
pub(super) fn run_once(
    program: &Erased,
    names: Names,
    max_steps: usize,
    pick: impl FnMut(&[ThreadId]) -> Option<Turn> + 'static,
) -> Replayed<Value> {
    let done = Rc::new(RefCell::new(None));
    let sink = Rc::clone(&done);
    filter::drive(
        once(pick),
        program,
        names,
        max_steps,
        |_| (),
        move |run, over, _| {
            *sink.borrow_mut() = Some(Replayed::of(run, over));
        },
    );
    done.take().unwrap_or_else(|| unreachable!("the scheduler asks for one run"))
}
