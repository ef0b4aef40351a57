//! The ends that send.

use super::end::{Channel, End};
use super::{SendError, TrySendError};
use crate::trace::Place;
use crate::world::{ChannelOp, Outcome};
use std::fmt::{self, Debug};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::mpsc;

/// [`std::sync::mpsc::Sender`]: an end of a [`channel`](super::channel).
///
/// ```
/// use tellers::sync::mpsc::{SendError, channel};
///
/// let (deposits, ledger) = channel();
/// let theirs = deposits.clone();
/// deposits.send(30).unwrap();
/// theirs.send(20).unwrap();
/// assert_eq!(ledger.try_iter().sum::<u32>(), 50);
/// drop(ledger);
/// assert_eq!(deposits.send(5), Err(SendError(5)));
/// ```
pub struct Sender<T>(pub(super) End<mpsc::Sender<T>, T>);

/// [`std::sync::mpsc::SyncSender`]: an end of a [`sync_channel`](super::sync_channel).
///
/// ```
/// use tellers::sync::mpsc::{TrySendError, sync_channel};
/// use tellers::sync::thread;
///
/// let (deposits, ledger) = sync_channel(0);
/// assert_eq!(deposits.try_send(30), Err(TrySendError::Full(30)));
/// let theirs = deposits.clone();
/// let teller = thread::spawn(move || theirs.send(20));
/// assert_eq!(ledger.recv(), Ok(20));
/// assert_eq!(teller.join().unwrap(), Ok(()));
/// drop(ledger);
/// assert_eq!(deposits.try_send(5), Err(TrySendError::Disconnected(5)));
/// ```
pub struct SyncSender<T>(pub(super) End<mpsc::SyncSender<T>, T>);

impl<T> UnwindSafe for Sender<T> {}
impl<T> RefUnwindSafe for Sender<T> {}
impl<T> UnwindSafe for SyncSender<T> {}
impl<T> RefUnwindSafe for SyncSender<T> {}

impl<T> Sender<T> {
    /// Sends a value.
    ///
    /// # Errors
    /// The value, if nobody receives any more.
    #[track_caller]
    pub fn send(&self, t: T) -> Result<(), SendError<T>> {
        let place = Place::caller();
        match self.0.used_at(place) {
            End::Real(real, _) => real.send(t),
            End::Checked(channel, _) => send(channel, t, place),
        }
    }
}

impl<T> SyncSender<T> {
    /// Sends a value, waiting while there is no room; where there never is any, until it is received.
    ///
    /// # Errors
    /// The value, if nobody receives any more.
    #[track_caller]
    pub fn send(&self, t: T) -> Result<(), SendError<T>> {
        let place = Place::caller();
        match self.0.used_at(place) {
            End::Real(real, _) => real.send(t),
            End::Checked(channel, _) if channel.is_rendezvous => hand_over(channel, t, place),
            End::Checked(channel, _) => send(channel, t, place),
        }
    }

    /// Sends a value if there is room; where there never is any, if somebody waits for it.
    ///
    /// # Errors
    /// The value, if there is no room, or if nobody receives any more.
    #[track_caller]
    pub fn try_send(&self, t: T) -> Result<(), TrySendError<T>> {
        let place = Place::caller();
        match self.0.used_at(place) {
            End::Real(real, _) => real.try_send(t),
            End::Checked(channel, _) => match channel.send(ChannelOp::TrySend, t, place) {
                Ok(_) => Ok(()),
                Err((Outcome::Gone, t)) => Err(TrySendError::Disconnected(t)),
                Err((_, t)) => Err(TrySendError::Full(t)),
            },
        }
    }
}

#[track_caller]
fn send<T>(channel: &Channel<T>, t: T, place: Place) -> Result<(), SendError<T>> {
    channel.send(ChannelOp::Send, t, place).map(drop).map_err(|(_, t)| SendError(t))
}

/// Waits until the value is received.
#[track_caller]
fn hand_over<T>(channel: &Channel<T>, t: T, place: Place) -> Result<(), SendError<T>> {
    let offered = channel.send(ChannelOp::Offer, t, place);
    let ticket = offered.map_err(|(_, t)| SendError(t))?;
    match channel.perform(ChannelOp::HandOver, place, None) {
        Outcome::Gone => channel.take_back(ticket).map_or(Ok(()), |t| Err(SendError(t))),
        _ => Ok(()),
    }
}

impl<T> Clone for Sender<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        Self(self.0.cloned(Place::caller()))
    }
}

impl<T> Clone for SyncSender<T> {
    #[track_caller]
    fn clone(&self) -> Self {
        Self(self.0.cloned(Place::caller()))
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.drop_as(ChannelOp::DropSender);
    }
}

impl<T> Drop for SyncSender<T> {
    fn drop(&mut self) {
        self.0.drop_as(ChannelOp::DropSender);
    }
}

impl<T> Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

impl<T> Debug for SyncSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncSender").finish_non_exhaustive()
    }
}
