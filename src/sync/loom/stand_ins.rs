//! What stands in a run for what was made outside.

use super::{Leave, end_search, give_up, is_unwinding, with_run};
use crate::sync::outside::{self, Recipe, StandIn};
use crate::sync::run::{Over, State};
use crate::thousands;

/// More objects that were made outside are no statics.
const MOST_OUTSIDE: usize = 1_000;

/// What stands for something in the run under way. The main thread makes it when a run begins, as loom wants of
/// what all threads use: so where nobody knew of it the search begins again.
pub(in crate::sync) fn stand_in(number: u32, find: impl FnOnce() -> Recipe) -> StandIn {
    if let Some(known) = with_run(|run| run.stand_ins.get(&number).cloned()) {
        return known;
    }
    let make = find();
    if with_run(|run| run.state) != State::Running {
        return make();
    }
    if with_run(|run| run.outside.len()) >= MOST_OUTSIDE {
        end_search(format!(
            "by more than {} objects made outside of every run: if it makes them itself by const_new, which is for statics, let it use new",
            thousands(MOST_OUTSIDE)
        ));
    }
    let made = is_unwinding().then(|| {
        with_run(|run| run.state.stop(Over::Stopped));
        make()
    });
    with_run(|run| {
        run.outside.insert(number, make);
        run.begins_again = true;
    });
    // Who is being unwound goes on, though its run counts for nothing.
    made.unwrap_or_else(|| give_up(Box::new(Leave::Enough)))
}

/// Makes what stands in this run for all that is known to be used in it and was made outside.
pub(super) fn make_all() {
    let outside = with_run(|run| std::mem::take(&mut run.outside));
    for (&number, make) in &outside {
        let made = make();
        with_run(|run| {
            outside::uses(number, &run.mark);
            run.stand_ins.insert(number, made);
        });
    }
    with_run(|run| run.outside = outside);
}
