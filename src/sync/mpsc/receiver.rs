//! The end that receives.

use super::end::{Channel, End};
use super::{RecvError, RecvTimeoutError, TryRecvError};
use crate::trace::Place;
use crate::world::{ChannelOp, Outcome};
use std::fmt::{self, Debug};
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::mpsc;
use std::time::Duration;

/// [`std::sync::mpsc::Receiver`]: the other end of a [`channel`](super::channel) or a
/// [`sync_channel`](super::sync_channel).
///
/// ```
/// use tellers::sync::mpsc::{RecvError, TryRecvError, channel};
///
/// let (deposits, ledger) = channel();
/// assert_eq!(ledger.try_recv(), Err(TryRecvError::Empty));
/// deposits.send(30).unwrap();
/// drop(deposits);
/// assert_eq!(ledger.recv(), Ok(30));
/// assert_eq!(ledger.recv(), Err(RecvError));
/// ```
pub struct Receiver<T>(pub(super) End<mpsc::Receiver<T>, T>);

impl<T> UnwindSafe for Receiver<T> {}
impl<T> RefUnwindSafe for Receiver<T> {}

impl<T> Receiver<T> {
    /// Waits for a value, and receives it.
    ///
    /// # Errors
    /// If there is none, and nobody sends any more.
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        let place = Place::caller();
        match self.0.used_at(place) {
            End::Real(real, _) => real.recv(),
            End::Checked(channel, _) => {
                come(channel, place);
                channel.receive(ChannelOp::Receive, place, None).map_err(|_| RecvError)
            }
        }
    }

    /// Receives a value if there is one.
    ///
    /// # Errors
    /// If there is none; whether somebody sends still, it says.
    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        let place = Place::caller();
        match self.0.used_at(place) {
            End::Real(real, _) => real.try_recv(),
            End::Checked(channel, _) => {
                channel.receive(ChannelOp::TryReceive, place, None).map_err(|why| match why {
                    Outcome::Is(_) => TryRecvError::Empty,
                    _ => TryRecvError::Disconnected,
                })
            }
        }
    }

    /// Waits at most this long for a value, and receives it.
    ///
    /// # Errors
    /// If none came in time, or if there is none and nobody sends any more.
    #[track_caller]
    pub fn recv_timeout(&self, timeout: Duration) -> Result<T, RecvTimeoutError> {
        let place = Place::caller();
        match self.0.used_at(place) {
            End::Real(real, _) => real.recv_timeout(timeout),
            End::Checked(channel, _) => {
                come(channel, place);
                let received = channel.receive(ChannelOp::ReceiveTimeout, place, Some(timeout));
                received.map_err(|why| match why {
                    Outcome::TimedOut => RecvTimeoutError::Timeout,
                    _ => RecvTimeoutError::Disconnected,
                })
            }
        }
    }

    /// What is received until nobody sends any more, waiting for it.
    pub fn iter(&self) -> Iter<'_, T> {
        Iter(self)
    }

    /// What is there, without waiting.
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter(self)
    }
}

/// Where there never is room, others see that somebody is about to receive.
#[track_caller]
fn come<T>(channel: &Channel<T>, place: Place) {
    if channel.is_rendezvous {
        channel.perform(ChannelOp::Await, place, None);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.drop_as(ChannelOp::DropReceiver);
    }
}

impl<T> Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

/// What is received until nobody sends any more, by [`Receiver::iter`].
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// let (deposits, ledger) = mpsc::channel();
/// let teller = thread::spawn(move || (1..=3).for_each(|amount| deposits.send(amount).unwrap()));
/// assert_eq!(ledger.iter().sum::<u32>(), 6);
/// teller.join().unwrap();
/// ```
#[derive(Debug)]
pub struct Iter<'a, T: 'a>(&'a Receiver<T>);

/// What is there, by [`Receiver::try_iter`].
///
/// ```
/// let (deposits, ledger) = tellers::sync::mpsc::channel();
/// deposits.send(30).unwrap();
/// assert_eq!(Vec::from_iter(ledger.try_iter()), [30]);
/// deposits.send(20).unwrap();
/// assert_eq!(Vec::from_iter(ledger.try_iter()), [20]);
/// ```
#[derive(Debug)]
pub struct TryIter<'a, T: 'a>(&'a Receiver<T>);

/// What is received until nobody sends any more, by who owns the [`Receiver`].
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// let (deposits, ledger) = mpsc::channel();
/// let auditor = thread::spawn(move || ledger.into_iter().max());
/// deposits.send(30).unwrap();
/// deposits.send(20).unwrap();
/// drop(deposits);
/// assert_eq!(auditor.join().unwrap(), Some(30));
/// ```
#[derive(Debug)]
pub struct IntoIter<T>(Receiver<T>);

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.try_recv().ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    #[track_caller]
    fn next(&mut self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        IntoIter(self)
    }
}
