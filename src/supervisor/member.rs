//! The OS threads that are part of a search, from before they start until nothing of them is left.

use super::ward::Ward;
use std::any::Any;
use std::cell::{Cell, RefCell};

thread_local! {
    static WARD: Cell<Option<&'static Ward>> = const { Cell::new(None) };
    static KEPT: RefCell<Kept> = const { RefCell::new(Kept(Vec::new())) };
}

/// A part in a search. A search whose last one is dropped is over, and its ward serves the next.
#[derive(Debug)]
pub(crate) struct Membership(&'static Ward);

impl Membership {
    /// The first one of a new search.
    pub(super) fn of_a_new_search() -> Self {
        Self::another(Ward::take())
    }

    /// One more in the search that this OS thread is part of, for one that is about to be started.
    #[cfg(all(not(loom), not(feature = "shuttle")))]
    pub(crate) fn of_this_search() -> Option<Self> {
        ward().map(Self::another)
    }

    pub(super) fn another(ward: &'static Ward) -> Self {
        ward.join();
        Self(ward)
    }

    pub(super) fn ward(&self) -> &'static Ward {
        self.0
    }

    /// This OS thread has it from now on, until it ends.
    pub(crate) fn enter(self) {
        WARD.set(Some(self.0));
        keep(Left(self));
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.0.leave();
    }
}

/// What a thread keeps until it ends; what was kept last is dropped first.
struct Kept(Vec<Box<dyn Any>>);

impl Drop for Kept {
    fn drop(&mut self) {
        while let Some(last) = self.0.pop() {
            drop(last);
        }
    }
}

/// What the thread that has entered a search leaves it by.
struct Left(#[expect(dead_code, reason = "it is dropped")] Membership);

impl Drop for Left {
    fn drop(&mut self) {
        WARD.set(None);
    }
}

/// Keeps something until this OS thread ends. If the thread runs checked code only later, it is dropped
/// after what that leaves in thread locals: std drops them in reverse order, without a promise to do so.
pub(crate) fn keep(value: impl Any) {
    KEPT.with_borrow_mut(|kept| kept.0.push(Box::new(value)));
}

/// The search that this OS thread is part of.
pub(crate) fn ward() -> Option<&'static Ward> {
    WARD.get()
}
