//! What a program returns, whatever type that has: an engine is compiled once, and not again for each type.

use std::any::Any;
use std::cmp::Ordering;
use std::fmt::{self, Debug};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// What a program returned.
pub(crate) struct Value(pub(super) Box<dyn Returned>);

/// What it must be capable of, so that endings can be collected.
pub(super) trait Returned: Any + Send {
    fn copied(&self) -> Box<dyn Returned>;
    fn order(&self, other: &dyn Any) -> Ordering;
    fn feed(&self, state: &mut dyn Hasher);
}

impl<R: Clone + Ord + Hash + Send + 'static> Returned for R {
    fn copied(&self) -> Box<dyn Returned> {
        Box::new(self.clone())
    }

    fn order(&self, other: &dyn Any) -> Ordering {
        self.cmp(other.downcast_ref().unwrap_or_else(|| other_type()))
    }

    fn feed(&self, mut state: &mut dyn Hasher) {
        self.hash(&mut state);
    }
}

#[cold]
fn other_type() -> ! {
    unreachable!("a program returns one type")
}

/// A program that returns a [`Value`].
pub(crate) fn erased<R: Clone + Ord + Hash + Send + 'static>(
    body: impl Fn() -> R + Send + Sync + 'static,
) -> Arc<dyn Fn() -> Value + Send + Sync> {
    Arc::new(move || Value(Box::new(body())))
}

impl Value {
    /// The same, of the type that it has.
    pub(crate) fn typed<R: 'static>(self) -> R {
        let value: Box<dyn Any> = self.0;
        value.downcast().map_or_else(|_| other_type(), |value| *value)
    }
}

impl Clone for Value {
    fn clone(&self) -> Self {
        Self(self.0.copied())
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&*other.0)
    }
}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Eq for Value {}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.feed(state);
    }
}

impl Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Value")
    }
}
