//! std's channels: the ends that one thread has.

use super::instr::{CHANNELS, How};
use super::ledger::Ledger;
use super::mutex::{Account, SHORT, Stands};
use super::run::Told;
use std::sync::mpsc::{RecvTimeoutError, TryRecvError, TrySendError};
use tellers::sync::mpsc::{self, Receiver, Sender, SyncSender};

/// The ends of channels of each number, with the latest last. They are dropped in the order in which they stand here.
#[derive(Default)]
pub struct Ends {
    pub senders: [Vec<Box<dyn AnySender>>; CHANNELS],
    pub receivers: [Vec<Box<dyn AnyReceiver>>; CHANNELS],
}

impl Ends {
    /// How many there are of which.
    pub fn key(&self) -> [usize; 2 * CHANNELS] {
        std::array::from_fn(|i| match i.checked_sub(CHANNELS) {
            None => self.senders[i].len(),
            Some(i) => self.receivers[i].len(),
        })
    }

    /// Makes a channel of this number and type, with so much room.
    #[track_caller]
    pub fn make(&mut self, i: usize, kind: usize, room: Option<usize>) {
        let (sender, receiver) = match (kind % 3, room) {
            (2, None) => boxed(mpsc::channel::<Ledger>()),
            (2, Some(room)) => boxed(mpsc::sync_channel::<Ledger>(room)),
            (0, None) => boxed(mpsc::channel::<Option<String>>()),
            (0, Some(room)) => boxed(mpsc::sync_channel::<Option<String>>(room)),
            (_, None) => boxed(mpsc::channel_keyed(Account::number)),
            (_, Some(room)) => boxed(mpsc::sync_channel_keyed(room, Account::number)),
        };
        self.senders[i].push(sender);
        self.receivers[i].push(receiver);
    }

    pub fn clone_sender(&mut self, i: usize) {
        let clone = self.senders[i].last().map(|sender| sender.cloned());
        self.senders[i].extend(clone);
    }

    /// Observes 1 if it was sent to nobody.
    pub fn send(&self, i: usize, number: i64, seen: &mut Told) {
        seen.extend(self.senders[i].last().map(|sender| sender.send(number)));
    }

    /// Observes 2, too, if there is no room.
    pub fn try_send(&self, i: usize, number: i64, seen: &mut Told) {
        seen.extend(self.senders[i].last().map(|sender| sender.try_send(number)));
    }

    /// Observes what it receives, −1 if nobody sends any more, or −2 if there is nothing.
    pub fn receive(&self, i: usize, how: How, seen: &mut Told) {
        seen.extend(self.receivers[i].last().map(|receiver| receiver.receive(how)));
    }

    pub fn drop_sender(&mut self, i: usize) {
        drop(self.senders[i].pop());
    }

    pub fn drop_receiver(&mut self, i: usize) {
        drop(self.receivers[i].pop());
    }

    /// Has the latest sender of another thread for its own, if that one has any.
    pub fn take_sender(&mut self, i: usize, from: &mut Self) {
        self.senders[i].extend(from.senders[i].pop());
    }

    pub fn take_receiver(&mut self, i: usize, from: &mut Self) {
        self.receivers[i].extend(from.receivers[i].pop());
    }
}

pub trait AnySender: Send {
    fn cloned(&self) -> Box<dyn AnySender>;
    fn send(&self, number: i64) -> i64;
    fn try_send(&self, number: i64) -> i64;
}

pub trait AnyReceiver: Send {
    fn receive(&self, how: How) -> i64;
}

fn boxed<S: AnySender + 'static, T: Stands>(
    (sender, receiver): (S, Receiver<T>),
) -> (Box<dyn AnySender>, Box<dyn AnyReceiver>) {
    (Box::new(sender), Box::new(receiver))
}

/// Who sends in vain has back what he sent.
fn is_back<T: Stands>(back: &T, number: i64) {
    assert_eq!(back.number(), number);
}

fn sent<T: Stands>(number: i64, result: Result<(), mpsc::SendError<T>>) -> i64 {
    result.map_err(|back| is_back(&back.0, number)).is_err().into()
}

impl<T: Stands> AnySender for Sender<T> {
    fn cloned(&self) -> Box<dyn AnySender> {
        Box::new(self.clone())
    }

    fn send(&self, number: i64) -> i64 {
        sent(number, self.send(T::of(number)))
    }

    fn try_send(&self, number: i64) -> i64 {
        sent(number, self.send(T::of(number)))
    }
}

impl<T: Stands> AnySender for SyncSender<T> {
    fn cloned(&self) -> Box<dyn AnySender> {
        Box::new(self.clone())
    }

    fn send(&self, number: i64) -> i64 {
        sent(number, self.send(T::of(number)))
    }

    fn try_send(&self, number: i64) -> i64 {
        let (back, why) = match self.try_send(T::of(number)) {
            Ok(()) => return 0,
            Err(TrySendError::Disconnected(back)) => (back, 1),
            Err(TrySendError::Full(back)) => (back, 2),
        };
        is_back(&back, number);
        why
    }
}

impl<T: Stands> AnyReceiver for Receiver<T> {
    fn receive(&self, how: How) -> i64 {
        let received = match how {
            How::Waits => self.recv().map_err(|_| -1),
            How::Tries => self.try_recv().map_err(|why| match why {
                TryRecvError::Disconnected => -1,
                TryRecvError::Empty => -2,
            }),
            How::WaitsInTime => self.recv_timeout(SHORT).map_err(|why| match why {
                RecvTimeoutError::Disconnected => -1,
                RecvTimeoutError::Timeout => -2,
            }),
        };
        received.map_or_else(|why| why, |data| data.number())
    }
}
