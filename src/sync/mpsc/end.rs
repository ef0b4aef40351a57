//! What both ends of a channel have in common.

use crate::sync::backend::{self, Guarded};
use crate::sync::plain::Teller;
use crate::sync::refusal::Stray;
use crate::sync::told::told;
use crate::trace::{Maker, Place};
use crate::world::{ChannelId, ChannelOp, ChannelState, DataId, Kind, Outcome};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// An end of a channel: `R` is the real one.
pub(super) enum End<R, T> {
    /// It was made outside of every run.
    Real(R, Place),
    /// It belongs to a run, and was made there.
    Checked(Arc<Channel<T>>, Place),
}

/// A channel that belongs to a run.
pub(super) struct Channel<T> {
    object: Guarded<ChannelId>,
    teller: Teller,
    /// Whether there never is room.
    pub(super) is_rendezvous: bool,
    /// What is there, in the world's order, each with its ticket.
    values: Mutex<VecDeque<(u64, T)>>,
    tickets: AtomicU64,
}

impl<S, T> End<S, T> {
    /// Both ends of a channel with so much room, or with any.
    #[track_caller]
    pub(super) fn pair<R>(
        real: impl FnOnce() -> (S, R),
        room: Option<usize>,
        teller: Teller,
        place: Place,
    ) -> (Self, End<R, T>) {
        if !backend::is_checking() {
            let (sender, receiver) = real();
            return (Self::Real(sender, place), End::Real(receiver, place));
        }
        let channel = Arc::new(Channel {
            object: Guarded::new(ChannelState::new(room), Maker::Mover(None), place),
            teller,
            is_rendezvous: room == Some(0),
            values: Mutex::default(),
            tickets: AtomicU64::default(),
        });
        (Self::Checked(Arc::clone(&channel), place), End::Checked(channel, place))
    }

    /// The same, for who uses it there.
    #[track_caller]
    pub(super) fn used_at(&self, used: Place) -> &Self {
        if let Self::Real(_, made) = *self
            && backend::is_checking()
        {
            let stray = Stray { kind: Kind::Channel, name: None, made, used };
            backend::end_search(stray.of_no_run());
        }
        self
    }

    /// One more that can send.
    #[track_caller]
    pub(super) fn cloned(&self, place: Place) -> Self
    where
        S: Clone,
    {
        match self.used_at(place) {
            Self::Real(real, made) => Self::Real(real.clone(), *made),
            Self::Checked(channel, _) => {
                channel.perform(ChannelOp::AddSender, place, None);
                Self::Checked(Arc::clone(channel), place)
            }
        }
    }

    /// It is dropped, and what nobody will receive any more with it.
    pub(super) fn drop_as(&self, deed: ChannelOp) {
        let Self::Checked(channel, place) = self else { return };
        if !channel.object.is_dropped_here(*place) {
            return;
        }
        channel.perform(deed, *place, None);
        if deed == ChannelOp::DropReceiver && !channel.is_rendezvous {
            let values = std::mem::take(&mut *channel.values.lock());
            drop(values);
        }
    }
}

impl<T> Channel<T> {
    #[track_caller]
    pub(super) fn perform(
        &self,
        deed: ChannelOp,
        place: Place,
        within: Option<Duration>,
    ) -> Outcome {
        self.object.perform(deed, place, within)
    }

    /// Performs an operation that may leave a value here; gives it back if it does not.
    #[track_caller]
    pub(super) fn send(
        &self,
        deed: impl FnOnce(DataId) -> ChannelOp,
        value: T,
        place: Place,
    ) -> Result<u64, (Outcome, T)> {
        let deed = deed(told(&self.teller, &value));
        let ticket = self.tickets.fetch_add(1, Ordering::Relaxed);
        let mut value = Some(value);
        let outcome = self.object.perform_and(deed, place, None, |outcome| {
            if matches!(outcome, Outcome::Done | Outcome::Is(true)) {
                self.values.lock().extend(value.take().map(|value| (ticket, value)));
            }
        });
        value.map_or(Ok(ticket), |value| Err((outcome, value)))
    }

    /// Performs an operation that may take the first value from here; says what it answered if it does not.
    #[track_caller]
    pub(super) fn receive(
        &self,
        deed: ChannelOp,
        place: Place,
        within: Option<Duration>,
    ) -> Result<T, Outcome> {
        let mut value = None;
        let outcome = self.object.perform_and(deed, place, within, |outcome| {
            if matches!(outcome, Outcome::Had { .. }) {
                value = self.values.lock().pop_front();
            }
        });
        value.map(|(_, value)| value).ok_or(outcome)
    }

    /// Takes a value back.
    pub(super) fn take_back(&self, ticket: u64) -> Option<T> {
        let mut values = self.values.lock();
        let at = values.iter().position(|&(other, _)| other == ticket)?;
        values.remove(at).map(|(_, value)| value)
    }
}
