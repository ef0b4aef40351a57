//! Makes what loom found simpler.
//!
//! Loom shows one order of all that differ only in steps that do not concern each other, and no
//! simple one. So the program is explored again with 0 preemptions, then 1, and so on, as long as
//! something simpler could need as many, and each run that fails is put into its simplest order. Loom
//! cannot be told to take that one, so it is [said](Found::reordered) to be none that was seen.

use super::LoomBounds;
use super::explore::{Search, Settings, explore, install_looms_hook};
use crate::engine::collect::BREATH;
use crate::engine::conclude::ending;
use crate::engine::reorder::simplest_order;
use crate::engine::{Erased, Failure, Found, Program, Progress, Watch};
use crate::sync::backend::Run;
use crate::sync::quiet::quietly;
use crate::trace::Tape;
use rustc_hash::FxHasher;
use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

/// The most runs; what needs no old value takes a thousand in the suite. Only what was found with old
/// values, and without them needs many preemptions, takes more: `forced-release`'s torn audit 350,000.
const MAX_RUNS: u64 = 500_000;

/// More preemptions are not looked at: each makes the search some ten times as long.
const MAX_PREEMPTIONS: usize = 4;

/// An interleaving that fails in the same way, with as few old values, context switches,
/// preemptions and steps as can be found.
pub fn minimised<R>(program: &Program<R>, failure: Failure, found: &Found) -> Found {
    any_minimised(&program.erased, failure, found)
}

/// The same, of any program.
pub(crate) fn any_minimised(program: &Erased, failure: Failure, found: &Found) -> Found {
    let known = simplest_order(&found.trace, &program.watch);
    program.improved(known, move |program, best| simpler(program, failure, best))
}

fn simpler(program: &Erased, failure: Failure, best: Found) -> Found {
    let search = Rc::new(RefCell::new(Simplest { best, seen: HashSet::new(), runs: 0 }));
    for most in 0..=MAX_PREEMPTIONS {
        if !search.borrow().could_need(most) || with_at_most(most, program, failure, &search) {
            break;
        }
    }
    let search = Rc::into_inner(search).expect("loom has dropped the watch");
    search.into_inner().best
}

/// Looks at every run with so many preemptions; whether there is no time for more.
fn with_at_most(
    most: usize,
    program: &Erased,
    failure: Failure,
    search: &Rc<RefCell<Simplest>>,
) -> bool {
    let max_branches = LoomBounds::default().max_branches;
    let settings = Settings { preemptions: Some(most), max_branches, thorough: true };
    let (body, judge) = (Arc::clone(&program.body), Arc::clone(&program.judge));
    let (search, watch) = (Rc::clone(search), program.watch.clone());
    let refusal = program.refusal.clone();
    let explored = quietly(install_looms_hook, || {
        let watch = move |run: &mut Run, over| {
            let mut search = search.borrow_mut();
            if ending(run, over).is_some_and(|ending| judge(&ending).contains(&failure)) {
                search.look_at(&run.tape, &watch);
            }
            search.runs += 1;
            if search.runs.is_multiple_of(BREATH) {
                watch.tell(Progress { runs: search.runs, ..Progress::default() });
            }
            search.runs < MAX_RUNS && !watch.is_interrupted()
        };
        explore(settings, body, watch, refusal)
    });
    explored != Search::Complete
}

/// The simplest failure so far.
struct Simplest {
    best: Found,
    /// What threads did in the failing runs so far, whatever the order.
    seen: HashSet<u64>,
    runs: u64,
}

impl Simplest {
    /// Whether something simpler could need so many preemptions: it has no more of them than context
    /// switches.
    fn could_need(&self, preemptions: usize) -> bool {
        self.best.size.stale > 0 || preemptions <= self.best.size.context as usize
    }

    fn look_at(&mut self, tape: &Tape, watch: &Watch) {
        let mut lanes = vec![FxHasher::default(); tape.names().threads().len()];
        for step in tape.steps() {
            (step.op, step.outcome).hash(&mut lanes[step.thread.index()]);
        }
        let mut all = FxHasher::default();
        lanes.iter().for_each(|lane| lane.finish().hash(&mut all));
        if self.seen.insert(all.finish()) {
            let found = simplest_order(&tape.trace(), watch);
            let rank = |found: &Found| (found.size, found.reordered);
            if rank(&found) < rank(&self.best) {
                self.best = found;
            }
        }
    }
}
