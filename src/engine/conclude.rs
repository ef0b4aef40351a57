//! From a run under a model checker to its ending.

use super::Ending;
use crate::sync::backend::{Over, Run};
use crate::sync::value::Value;

/// How the run ended, if it was not cut off.
pub(crate) fn ending(run: &mut Run, over: Over) -> Option<Ending<Value>> {
    let result = run.take_result();
    let (world, tape) = (&run.world, &run.tape);
    match over {
        Over::Finished => Some(Ending::finished(world, tape.ends(), result)),
        Over::Deadlocked => Some(Ending::deadlocked(world, tape.ends(), tape.all_pending())),
        Over::Raced => Some(Ending::raced(world, tape.ends(), tape.all_pending())),
        Over::Cut | Over::Stopped => None,
    }
}
