//! Runs the real code along a schedule that is known.

use super::along::Picking;
use super::{Ending, EngineError, Found, Program, filter};
use crate::trace::{Names, Token, TokenError, Trace};
use crate::world::ThreadId;
use std::cell::RefCell;
use std::hash::Hash;
use std::rc::Rc;

/// What the real code did.
#[derive(Clone, Debug)]
pub struct Replayed<R> {
    /// Its steps.
    pub trace: Trace,
    /// How it ended; nothing if the schedule leaves off before that.
    pub ending: Option<Ending<R>>,
}

/// Lets these threads move, one at each step, and stops after the last one or where the next one
/// cannot move.
///
/// # Errors
/// If the program does what would end the process.
pub fn replay<R>(program: &Program<R>, choices: &[ThreadId]) -> Result<Replayed<R>, EngineError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let choices = choices.to_vec();
    let replayed = program.supervised(move |program| along(program, Names::default(), &choices));
    replayed.map_err(|crash| EngineError::Failed(format!("the replay was cut short {crash}")))
}

/// Runs the program along a token's schedule.
///
/// # Errors
/// If that leads to other steps than those that the token was made from, or to the end of the process.
pub fn replay_token<R>(program: &Program<R>, token: &Token) -> Result<Found, TokenError>
where
    R: Clone + Ord + Hash + Send + 'static,
{
    let replayed = replay(program, &token.choices);
    token.found(replayed.map_err(|error| TokenError::Crashed(error.to_string()))?.trace)
}

/// How many of so many replays of a trace have the same steps and the same end.
pub fn reproduced<R>(program: &Program<R>, trace: &Trace, times: usize) -> usize
where
    R: Clone + Ord + Hash + 'static,
{
    let trace = trace.clone();
    let reproduced = program.supervised(move |program| {
        let choices: Vec<ThreadId> = trace.steps.iter().map(|step| step.thread).collect();
        let again = || along(program, trace.names.clone(), &choices).trace;
        (0..times).filter(|_| again().is_same_as(&trace)).count()
    });
    reproduced.unwrap_or(0)
}

fn along<R>(program: &Program<R>, names: Names, choices: &[ThreadId]) -> Replayed<R>
where
    R: Clone + Ord + Hash + 'static,
{
    let mut choices = Vec::from(choices).into_iter();
    run_once(program, names, usize::MAX, move |_| choices.next())
}

/// Runs the program once, letting `pick` say who moves. Objects have the identifiers that `names`
/// gave them before.
pub(super) fn run_once<R>(
    program: &Program<R>,
    names: Names,
    max_steps: usize,
    pick: impl FnMut(&[ThreadId]) -> Option<ThreadId> + 'static,
) -> Replayed<R>
where
    R: Clone + Ord + Hash + 'static,
{
    let done = Rc::new(RefCell::new(None));
    let sink = Rc::clone(&done);
    filter::drive(
        Picking::new(pick),
        program,
        names,
        max_steps,
        |_| (),
        move |run, over, _| {
            let ending = filter::ending(run, over);
            *sink.borrow_mut() = Some(Replayed { trace: run.tape.trace(), ending });
        },
    );
    done.take().unwrap_or_else(|| unreachable!("the scheduler asks for one run"))
}
