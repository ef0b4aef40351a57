//! A program as engines see it.

use super::{Ending, Failure, Watch};
use crate::supervisor::{Crash, supervised};
use crate::sync::backend;
use crate::sync::refusal::Refusal;
use crate::sync::value::Value;
use crate::trace::Place;
use std::sync::Arc;
use std::time::Duration;

/// A program of whatever type.
#[derive(Clone)]
pub(crate) struct Erased {
    pub(crate) body: Arc<dyn Fn() -> Value + Send + Sync>,
    pub(crate) judge: Judge,
    pub(crate) watch: Watch,
    pub(crate) stuck_after: Duration,
    /// Why the search under way has to end, if it has.
    pub(crate) refusal: Refusal,
    /// What it is known by, should it end the process.
    pub(super) at: Place,
}

/// In which ways an ending is a failure.
pub(crate) type Judge = Arc<dyn Fn(&Ending<Value>) -> Vec<Failure> + Send + Sync>;

impl Erased {
    /// Does something with the program that may block for ever.
    pub(crate) fn supervised<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, Crash> {
        backend::refuse_inside_of_a_run(None);
        let program = Self { refusal: Refusal::default(), ..self.clone() };
        supervised(self.at, self.stuck_after, move || work(&program))
    }

    /// Something better than what is known, or that, should the search for it crash.
    #[cfg(any(loom, feature = "shuttle"))]
    pub(crate) fn improved<T: Clone + Send + 'static>(
        &self,
        known: T,
        search: impl FnOnce(&Self, T) -> T + Send + 'static,
    ) -> T {
        let start = known.clone();
        self.supervised(move |program| search(program, start)).unwrap_or(known)
    }
}
