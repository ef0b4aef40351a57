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
#[track_caller]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    unbounded(Teller::plain::<T>(), Place::caller())
}

/// A channel whose values are told by a key, as the data of [`Mutex::keyed`](super::Mutex::keyed).
#[track_caller]
pub fn channel_keyed<T, K: Hash + Debug + 'static>(
    key: impl Fn(&T) -> K + Send + Sync + 'static,
) -> (Sender<T>, Receiver<T>) {
    unbounded(Teller::keyed(key), Place::caller())
}

/// A channel with room for so many values: who sends one more waits. With room for none, who sends waits until
/// the value is received.
#[track_caller]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    bounded(bound, Teller::plain::<T>(), Place::caller())
}

/// The same, with values that are told by a key, as the data of [`Mutex::keyed`](super::Mutex::keyed).
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
