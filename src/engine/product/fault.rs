//! Mistakes that tests plant in the search, to see that they are caught.

use std::cell::Cell;

/// A mistake in the search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// A timed acquire of a held lock waits, instead of timing out.
    NeverTimesOut,
    /// The moves get lost that release a lock.
    LosesMoves,
    /// Every cell is taken to be out of the other threads' sight.
    SharesNothing,
}

thread_local! {
    static PLANTED: Cell<Option<Fault>> = const { Cell::new(None) };
}

/// Whether a test has planted this mistake; never in an ordinary build.
#[inline]
pub(super) fn planted(fault: Fault) -> bool {
    cfg!(test) && PLANTED.get() == Some(fault)
}

#[cfg(test)]
mod tests {
    use super::{Fault, PLANTED};
    use crate::engine::product::ask::{Explored, explore};
    use crate::engine::product::{Limits, ProductError, Reduction, search};
    use crate::suite::find;
    use parking_lot::Mutex;
    use std::ops::ControlFlow;
    use std::sync::Arc;

    fn timeout_with(fault: Option<Fault>) -> Result<(), ProductError> {
        scenario_with("timeout", fault, &Limits::default())
    }

    fn scenario_with(
        name: &str,
        fault: Option<Fault>,
        limits: &Limits,
    ) -> Result<(), ProductError> {
        let scenario = find(name).expect("the suite has it");
        let program = scenario.program(scenario.setup).erased;
        PLANTED.set(fault);
        let explored = Arc::new(Mutex::new(Explored::new(limits, &program.watch)));
        let answer = search(&program, limits, &explored);
        PLANTED.set(None);
        answer.map(drop)
    }

    #[test]
    fn a_search_without_a_mistake_is_believed() {
        assert_eq!(timeout_with(None), Ok(()));
    }

    #[test]
    fn a_wrong_enabled_is_caught_by_runs_of_the_real_code() {
        let caught = timeout_with(Some(Fault::NeverTimesOut));
        let what = "it went on where it ends in the graph".into();
        assert_eq!(caught, Err(ProductError::Unforeseen { what }));
    }

    #[test]
    fn a_lost_edge_is_caught_by_runs_of_the_real_code() {
        let caught = timeout_with(Some(Fault::LosesMoves));
        assert!(matches!(caught, Err(ProductError::Unforeseen { .. })), "{caught:?}");
    }

    #[test]
    fn a_reduction_that_goes_too_far_is_caught_by_the_search_without_it() {
        let limits = Limits { reduction: Reduction::Always, ..Limits::default() };
        assert_eq!(scenario_with("race", None, &limits), Ok(()));
        let caught = scenario_with("race", Some(Fault::SharesNothing), &limits);
        assert!(matches!(caught, Err(ProductError::Unforeseen { .. })), "{caught:?}");
    }

    #[test]
    fn a_counterexample_that_the_real_code_does_not_show_is_no_counterexample() {
        let scenario = find("inverted").expect("the suite has it");
        let mended = find("ordered").expect("the suite has it");
        let program = scenario.program(scenario.setup).erased;
        let wrong = Arc::new(Mutex::new(Explored::new(&Limits::default(), &program.watch)));
        explore(&program, &Limits::default(), &wrong, |_| ControlFlow::Continue(()));
        let answer: Result<_, ProductError> = wrong.lock().conclude_all(
            &mended.program(mended.setup).erased,
            &Limits { samples: 0, ..Limits::default() },
        );
        assert!(matches!(answer, Err(ProductError::NotReproduced { .. })));
    }
}
