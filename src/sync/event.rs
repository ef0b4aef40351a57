//! Python's `threading.Event`.

use super::backend::Guarded;
use crate::trace::{Maker, Place};
use crate::world::{EventId, EventOp, Outcome};
use std::borrow::Cow;

/// A flag that threads can raise, lower, ask for and wait for.
///
/// ```
/// use std::sync::Arc;
/// use tellers::sync::{Event, thread};
///
/// tellers::check(|| {
///     let opening = Arc::new(Event::named("opening"));
///     let theirs = Arc::clone(&opening);
///     let teller = thread::spawn(move || {
///         theirs.wait();
///         assert!(theirs.is_set());
///     });
///     opening.set();
///     teller.join().unwrap();
///     opening.clear();
///     assert!(!opening.is_set());
/// });
/// ```
#[derive(Debug)]
pub struct Event(Guarded<EventId>);

impl Event {
    /// A lowered event, called by the place that makes it.
    #[track_caller]
    #[allow(clippy::new_without_default, reason = "a default would be called by a place in std")]
    pub fn new() -> Self {
        Self(Guarded::new(false, Maker::Mover(None), Place::caller()))
    }

    /// A lowered event with a name.
    #[track_caller]
    pub fn named(name: impl Into<Cow<'static, str>>) -> Self {
        Self(Guarded::new(false, Maker::Mover(Some(name.into())), Place::caller()))
    }

    /// Raises the event; every thread that waits for it may go on.
    #[track_caller]
    pub fn set(&self) {
        self.0.perform(EventOp::Set, Place::caller(), None);
    }

    /// Lowers the event.
    #[track_caller]
    pub fn clear(&self) {
        self.0.perform(EventOp::Clear, Place::caller(), None);
    }

    /// Whether the event is raised.
    #[track_caller]
    pub fn is_set(&self) -> bool {
        self.0.perform(EventOp::IsSet, Place::caller(), None) == Outcome::Is(true)
    }

    /// Waits while the event is lowered.
    #[track_caller]
    pub fn wait(&self) {
        self.0.perform(EventOp::Wait, Place::caller(), None);
    }
}
