//! The engines on shuttle, for a program whose type is known.

use super::{EngineError, Failure, Found, Program, Replayed, Report};
use super::{
    dfs as enumerated, minimise, pct as by_priority, random as at_random, replay as along, solo,
};
use crate::trace::{Schedule, Trace, Unreached};
#[cfg(feature = "cli")]
use crate::trace::{Token, TokenError};
use crate::world::Turn;

/// Visits every interleaving, but no more than `max_executions`.
pub fn dfs<R: Ord + 'static>(program: &Program<R>, max_executions: u64) -> Report<R> {
    enumerated::dfs(&program.erased, max_executions).typed()
}

/// Runs the program `executions` times in all, at each of [these depths](super::PCT_DEPTHS): the thread of
/// the highest priority moves, and at `depth - 1` points of a run that thread becomes the last.
pub fn pct<R: Ord + 'static>(program: &Program<R>, executions: u64, seed: u64) -> Report<R> {
    by_priority::pct(&program.erased, executions, seed).typed()
}

/// Runs the program `executions` times, choosing a thread that can move at random at each step.
pub fn random<R: Ord + 'static>(program: &Program<R>, executions: u64, seed: u64) -> Report<R> {
    at_random::random(&program.erased, executions, seed).typed()
}

/// An interleaving that fails in the same way, with as few old values, context switches,
/// preemptions and steps as can be found.
pub fn minimised<R>(program: &Program<R>, failure: Failure, found: &Found) -> Found {
    minimise::minimised(&program.erased, failure, found)
}

/// What each blocked thread of a deadlock would have done after the operation that it never got
/// past: what it does when it is let run on alone from the start.
pub fn unreached<R>(program: &Program<R>, trace: &Trace) -> Vec<Unreached> {
    solo::unreached(&program.erased, trace)
}

/// Lets these threads move, one at each step, and stops after the last one or where the next one
/// cannot move. They are numbered in the order in which the run makes them.
///
/// # Errors
/// If a thread comes to no operation for too long.
pub fn replay<R: 'static>(
    program: &Program<R>,
    turns: &[impl Copy + Into<Turn>],
) -> Result<Replayed<R>, EngineError> {
    let turns = turns.iter().map(|&turn| turn.into()).collect();
    Ok(along::replay(&program.erased, turns)?.typed())
}

/// The same, with threads that are known by who made them.
///
/// # Errors
/// If a thread comes to no operation for too long.
pub fn replay_schedule<R: 'static>(
    program: &Program<R>,
    schedule: &Schedule,
) -> Result<Replayed<R>, EngineError> {
    Ok(along::replay_schedule(&program.erased, schedule)?.typed())
}

/// Runs the program along a token's schedule.
///
/// # Errors
/// If that leads to other steps than those that the token was made from, or a thread comes to no operation
/// for too long.
#[cfg(feature = "cli")]
pub fn replay_token<R>(program: &Program<R>, token: &Token) -> Result<Found, TokenError> {
    along::replay_token(&program.erased, token)
}

/// How many of so many replays of a trace have the same steps and the same end. Each begins as one in
/// another process does: it knows of the trace no more than a token says.
pub fn reproduced<R>(program: &Program<R>, trace: &Trace, times: usize) -> usize {
    along::reproduced(&program.erased, trace, times)
}
