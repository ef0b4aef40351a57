//! What a random program can do, by trying everything: the reference.
//!
//! Written for obviousness, and independent of the crate. A thread is a list of what it has yet to
//! do; a step does the first of it. What no other thread can notice is done at once, and so is what is
//! done without an operation: right after the operation before.

mod atomic;
mod barrier;
mod channel;
mod ends;
mod later;
mod mutex;
mod once;
mod panic;
mod pointers;
mod primitives;
mod rwlock;
mod state;
mod thread;
mod unguarded;

use super::instr::Instr;
use super::outcome::Outcome;
use rustc_hash::FxHashMap;
use state::{State, Whole};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that a program can do.
#[derive(Debug)]
pub struct Reference {
    /// In how many interleavings it ends how; in 0, if there is no end to them or if they are not
    /// counted.
    pub outcomes: BTreeMap<Outcome, u128>,
    /// How many interleavings the program leaves out.
    pub left_out: u128,
    /// Whether the interleavings are counted: not if some thread may ask whether another one has ended.
    /// Where none does, nobody can tell when a thread ends, and it does so with its last operation. Nor are
    /// they if somebody is to be picked for a notification, which may be done then or later.
    pub counted: bool,
    /// Whether some thread may be woken without a notification. Interleavings in which one is are not counted, since
    /// nobody may count on it.
    pub doubtful: bool,
    /// Whether some interleavings go on for ever.
    pub endless: bool,
    /// Whether the program can get where it goes on for ever whatever the schedule.
    pub hopeless: bool,
    /// Whether a thread may be in the middle of being unwound while another one catches what unwinds it: std
    /// counts both as one, so who runs the real code may see what is not so.
    pub entangled: bool,
    /// Whether an interleaving may leave a thread in the middle of being unwound, or a program is left out
    /// before some thread is as far as it gets when it is run alone: what nothing can answer then ends a search.
    pub unwound_for_ever: bool,
}

impl Reference {
    /// Whether some thread may come to a data race. Whoever sees a thread only once it has begun may see another one go
    /// past that.
    pub fn races(&self) -> bool {
        self.outcomes.keys().any(Outcome::is_raced)
    }

    /// Every outcome.
    pub fn all(&self) -> BTreeSet<Outcome> {
        self.outcomes.keys().cloned().collect()
    }
}

/// Tries everything, unless there are more states than this. If it can matter, a thread that has done
/// all that it had to do ends in a step of its own, at any time after that.
pub fn reference(main: &[Instr], most: usize) -> Option<Reference> {
    reference_for(main, most, true)
}

/// The same, for an engine that wakes no thread without a notification.
pub fn without_doubt(main: &[Instr], most: usize) -> Option<Reference> {
    reference_for(main, most, false)
}

fn reference_for(main: &[Instr], most: usize, doubts: bool) -> Option<Reference> {
    let late = main.iter().any(Instr::asks_for_ends);
    let mut states = vec![State::new(main, late)];
    let mut known = FxHashMap::from_iter([(states[0].clone(), 0)]);
    let (mut next, mut doubtful) = (Vec::new(), false);
    while next.len() < states.len() {
        let mut targets = Vec::new();
        let here = &states[next.len()];
        let mut all: Vec<_> = here.successors().into_iter().map(|state| (state, true)).collect();
        if doubts && here.goes_on() {
            all.extend(here.doubtful_successors().into_iter().map(|state| (state, false)));
        }
        for (state, is_sure) in all {
            let target = *known.entry(state).or_insert_with_key(|state| {
                states.push(state.clone());
                states.len() - 1
            });
            targets.extend(is_sure.then_some(target));
            doubtful |= !is_sure;
        }
        next.push(targets);
        if states.len() > most {
            return None;
        }
    }
    let entangled = main.iter().any(Instr::catches) && states.iter().any(State::is_unwinding);
    let known = conclude(&states, &next, !late && !main.iter().any(Instr::picks));
    let is_left = |state: usize| next[state].is_empty() || known.hopeless;
    let is_stuck = |i: usize| is_left(i) && states[i].is_unwinding() || states[i].is_left_out();
    let unwound_for_ever = (0..states.len()).any(is_stuck);
    Some(Reference { entangled, unwound_for_ever, doubtful, ..known })
}

fn conclude(states: &[State], next: &[Vec<usize>], counted: bool) -> Reference {
    let whole = Whole::of(states);
    let paths = paths(next);
    let (endless, hopeless) = (paths.is_none(), hopeless(next));
    let paths = paths.filter(|_| counted);
    let count = |state: usize| paths.as_ref().map_or(0, |paths| paths[state]);
    let (mut outcomes, mut left_out) = (BTreeMap::new(), 0);
    for ended in (0..states.len()).filter(|&state| next[state].is_empty()) {
        match states[ended].is_left_out() {
            true => left_out += count(ended),
            false => *outcomes.entry(states[ended].outcome(&whole)).or_insert(0) += count(ended),
        }
    }
    let (doubtful, entangled, unwound_for_ever) = (false, false, false);
    Reference {
        outcomes,
        left_out,
        counted,
        doubtful,
        endless,
        hopeless,
        entangled,
        unwound_for_ever,
    }
}

/// In how many ways each state is reached; nothing if some can be reached again.
fn paths(next: &[Vec<usize>]) -> Option<Vec<u128>> {
    let mut entries = vec![0; next.len()];
    next.iter().flatten().for_each(|&target| entries[target] += 1);
    let mut paths = vec![0_u128; next.len()];
    paths[0] = 1;
    let mut ready: Vec<_> = (0..next.len()).filter(|&state| entries[state] == 0).collect();
    let mut done = 0;
    while let Some(state) = ready.pop() {
        done += 1;
        for &target in &next[state] {
            paths[target] = paths[target].saturating_add(paths[state]);
            entries[target] -= 1;
            if entries[target] == 0 {
                ready.push(target);
            }
        }
    }
    (done == next.len()).then_some(paths)
}

/// Whether some state leads to no end.
fn hopeless(next: &[Vec<usize>]) -> bool {
    let mut ends: Vec<bool> = next.iter().map(Vec::is_empty).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for state in (0..next.len()).rev() {
            if !ends[state] && next[state].iter().any(|&target| ends[target]) {
                ends[state] = true;
                changed = true;
            }
        }
    }
    ends.contains(&false)
}
