//! From a run under a model checker to its ending.

use super::Ending;
use crate::sync::backend::{Over, Run};

/// How the run ended, if it was not cut off.
pub(crate) fn ending<R: 'static>(run: &mut Run, over: Over) -> Option<Ending<R>> {
    let result = run.take_result();
    let (world, tape) = (&run.world, &run.tape);
    match over {
        Over::Finished => {
            let result = result.and_then(|result| result.downcast().ok()).map(|result| *result);
            Some(Ending::finished(world, tape.ends(), result))
        }
        Over::Deadlocked => Some(Ending::deadlocked(world, tape.ends(), tape.all_pending())),
        Over::Cut | Over::Stopped => None,
    }
}
