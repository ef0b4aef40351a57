//! std's channels, under std's own path.
//!
//! Made in a checked closure they belong to the run, and whoever receives is told which value it is, as of a
//! [`Mutex`](super::Mutex); made anywhere else they are the real thing. To drop an end is an operation, too:
//! it lets the other one go on. Whether a timeout was long enough is a free choice of the scheduler.
//!
//! ```
//! # #[cfg(all(not(loom), feature = "shuttle"))]
//! # {
//! use tellers::sync::{mpsc, thread};
//!
//! tellers::check(|| {
//!     let (deposits, ledger) = mpsc::channel();
//!     let theirs = deposits.clone();
//!     let teller = thread::spawn(move || theirs.send(30).unwrap());
//!     deposits.send(20).unwrap();
//!     drop(deposits);
//!     assert_eq!(ledger.iter().sum::<u32>(), 50);
//!     teller.join().unwrap();
//! });
//! # }
//! ```

mod end;
mod receiver;
mod sender;

use super::plain::Teller;
use crate::trace::Place;
use end::End;
pub use receiver::{IntoIter, Iter, Receiver, TryIter};
pub use sender::{Sender, SyncSender};
use std::fmt::Debug;
use std::hash::Hash;
pub use std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

/// A channel with room for any number of values.
///
/// ```
/// use tellers::sync::mpsc;
///
/// let (deposits, ledger) = mpsc::channel();
/// deposits.send(30).unwrap();
/// deposits.send(20).unwrap();
/// drop(deposits);
/// assert_eq!(Vec::from_iter(ledger), [30, 20]);
/// ```
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    unbounded(Teller::plain::<T>(), Place::caller())
}

/// A channel whose values are told by a key, as the data of [`Mutex::keyed`](super::Mutex::keyed).
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// struct Deposit {
///     owner: &'static str,
///     amount: u32,
/// }
///
/// tellers::check(|| {
///     let (deposits, ledger) = mpsc::channel_keyed(|it: &Deposit| (it.owner, it.amount));
///     let teller = thread::spawn(move || deposits.send(Deposit { owner: "Ada", amount: 30 }));
///     assert_eq!(ledger.recv().unwrap().amount, 30);
///     assert!(teller.join().unwrap().is_ok());
/// });
/// ```
#[track_caller]
pub fn channel_keyed<T, K: Hash + Debug + 'static>(
    key: impl Fn(&T) -> K + Send + Sync + 'static,
) -> (Sender<T>, Receiver<T>) {
    unbounded(Teller::keyed(key), Place::caller())
}

/// A channel with room for so many values: who sends one more waits. With room for none, who sends waits until
/// the value is received.
///
/// ```
/// use tellers::sync::mpsc::{TrySendError, sync_channel};
///
/// let (deposits, ledger) = sync_channel(1);
/// deposits.send(30).unwrap();
/// assert_eq!(deposits.try_send(20), Err(TrySendError::Full(20)));
/// assert_eq!(ledger.recv(), Ok(30));
/// assert_eq!(deposits.try_send(20), Ok(()));
/// ```
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    bounded(bound, Teller::plain::<T>(), Place::caller())
}

/// The same, with values that are told by a key, as the data of [`Mutex::keyed`](super::Mutex::keyed).
///
/// ```
/// use tellers::sync::{mpsc, thread};
///
/// struct Letter(&'static str);
///
/// tellers::check(|| {
///     let (post, mail) = mpsc::sync_channel_keyed(0, |letter: &Letter| letter.0);
///     let other = thread::spawn(move || post.send(Letter("from Ada")));
///     assert_eq!(mail.recv().unwrap().0, "from Ada");
///     assert!(other.join().unwrap().is_ok());
/// });
/// ```
#[track_caller]
pub fn sync_channel_keyed<T, K: Hash + Debug + 'static>(
    bound: usize,
    key: impl Fn(&T) -> K + Send + Sync + 'static,
) -> (SyncSender<T>, Receiver<T>) {
    bounded(bound, Teller::keyed(key), Place::caller())
}

#[track_caller]
fn unbounded<T>(teller: Teller, place: Place) -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = End::pair(std::sync::mpsc::channel, None, teller, place);
    (Sender(sender), Receiver(receiver))
}

#[track_caller]
fn bounded<T>(bound: usize, teller: Teller, place: Place) -> (SyncSender<T>, Receiver<T>) {
    let real = || std::sync::mpsc::sync_channel(bound);
    let (sender, receiver) = End::pair(real, Some(bound), teller, place);
    (SyncSender(sender), Receiver(receiver))
}
